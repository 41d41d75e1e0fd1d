import { describe, expect, test } from 'vitest';
import {
  activation,
  expectContinued,
  forceThatForbids,
  kept,
  pcsIsAtWork,
  removalOf,
  unitsBegunBy,
  type Moment,
} from './broken-off.ts';
import { killWithin } from './kill-within.ts';
import { waitFor } from './lab-api.ts';
import { isMoving } from './node-operations.ts';
import { useLab, useLaptop } from './use-lab.ts';

// The app is killed -9 within Force, Activate and Remove, and the laptop stays off: another one goes on. Within a maintenance: killed-in-step.test.ts.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('a second laptop goes on', { timeout: 600_000 }, () => {
  const used = useLab([kept]);
  const laptop = useLaptop(used, 'laptop-a');
  const other = useLaptop(used, 'laptop-b');

  test.each<Moment & { readonly rules: string; readonly of: string }>([
    { rules: 'R3, R9, R20', step: 'end-vms', of: 'Force', action: forceThatForbids },
    { rules: 'R3, R20, R31', step: 'home', of: 'Activate', action: activation, isFar: isMoving },
    { rules: 'R3, R16, R20', step: 'leave', of: 'Remove of a Worker', action: removalOf('w1'), isFar: pcsIsAtWork },
    { rules: 'R3, R16, R20', step: 'leave', of: 'Remove of a control', action: removalOf('c2'), isFar: pcsIsAtWork },
  ])(
    '$rules: within $step of $of: it is refused while it may still be driven, then unattended, and continued to its end',
    async ({ step, action, isFar }) => {
      try {
        const operationId = await action.begin(laptop);
        await killWithin(laptop, operationId, step, isFar);
        const killedAt = Date.now();
        const { app, region } = other;
        const call = { regionId: region, operationId };
        const state = async () =>
          (await app.call('operations.list', { regionId: region })).find(({ id }) => id === operationId)?.state;
        const seen = await waitFor(
          'the other laptop sees whose it is',
          async () => {
            const found = await state();
            return found?.kind === 'elsewhere' ? found : undefined;
          },
          30_000,
        );
        expect(JSON.stringify(seen)).toContain('laptop-a');
        await expect(app.call('operations.continue', call)).rejects.toMatchObject({ problem: { code: 'node-locked' } });
        await waitFor('it is unattended', async () => (await state())?.kind === 'unattended', 100_000);
        expect(Date.now() - killedAt).toBeGreaterThan(45_000);
        await expectContinued(other, operationId, action);
        // What pcs was begun for by the first one came to its end by itself.
        if (action.command === 'remove') expect(await unitsBegunBy(other, operationId)).toBe(0);
      } finally {
        await action.tidy?.(used.lab);
        await laptop.startAgain();
      }
    },
  );
});
