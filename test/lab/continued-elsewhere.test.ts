import { describe, expect, test } from 'vitest';
import type { OperationId } from '#shared/model/ids.ts';
import {
  activation,
  expectContinued,
  expectKeptRunsOnce,
  fencingsOf,
  forceThatForbids,
  kept,
  pcsIsAtWork,
  removalOf,
  rolledBack,
  unitsBegunBy,
  type Moment,
} from './broken-off.ts';
import { killWithin } from './kill-within.ts';
import { waitFor } from './lab-api.ts';
import { isMoving } from './node-operations.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

// The app is killed -9 within Force, Activate and Remove, and the laptop stays off: another one goes on. Within a maintenance: killed-in-step.test.ts.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('a second laptop goes on', { timeout: 600_000 }, () => {
  const used = useLab([kept]);
  const laptop = useLaptop(used, 'laptop-a');
  const other = useLaptop(used, 'laptop-b');

  /** Breaks it off on the first laptop, and waits until the other one may go on with it: not while it may still be driven. */
  async function leftAloneAt({ step, action, isFar }: Moment): Promise<OperationId> {
    const operationId = await action.begin(laptop);
    await killWithin(laptop, operationId, step, isFar);
    const killedAt = Date.now();
    const { app, region } = other;
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
    const call = { regionId: region, operationId };
    await expect(app.call('operations.continue', call)).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    // A Force is not undone by anybody.
    const code = action.command === 'force-maintenance' ? 'not-available' : 'node-locked';
    await expect(app.call('operations.rollBack', call)).rejects.toMatchObject({ problem: { code } });
    await waitFor('it is unattended', async () => (await state())?.kind === 'unattended', 100_000);
    expect(Date.now() - killedAt).toBeGreaterThan(45_000);
    return operationId;
  }

  test.each<Moment & { readonly rules: string; readonly of: string }>([
    { rules: 'R3, R9, R20', step: 'end-vms', of: 'Force', action: forceThatForbids },
    { rules: 'R3, R20, R31', step: 'home', of: 'Activate', action: activation, isFar: isMoving },
    { rules: 'R3, R16, R20', step: 'leave', of: 'Remove of a Worker', action: removalOf('w1'), isFar: pcsIsAtWork },
    { rules: 'R3, R16, R20', step: 'leave', of: 'Remove of a control', action: removalOf('c2'), isFar: pcsIsAtWork },
  ])(
    '$rules: within $step of $of: it is refused while it may still be driven, then unattended, and continued to its end',
    async (moment) => {
      const { action } = moment;
      try {
        const operationId = await leftAloneAt(moment);
        await expectContinued(other, operationId, action);
        // What pcs was begun for by the first one came to its end by itself.
        if (action.command === 'remove') expect(await unitsBegunBy(other, operationId)).toBe(0);
      } finally {
        await action.tidy?.(used.lab);
        await laptop.startAgain();
      }
    },
  );

  test('R3, R16, R20: the removal of a Worker, left within mark-out and rolled back by the other laptop: it stays a member, In maintenance, never fenced', async () => {
    const before = await fencingsOf(used.lab, 'w1');
    try {
      const operationId = await leftAloneAt({ step: 'mark-out', action: removalOf('w1') });
      expect(await rolledBack(other, operationId)).toBe('rolled-back');
      await untilShown(other, 'w1', 'in-maintenance');
      expect(await fencingsOf(used.lab, 'w1')).toBe(before);
      const w1 = (await used.lab.cluster('c1')).nodes.find(({ name }) => name === 'w1');
      expect(w1).toMatchObject({ isOnline: true, isUnclean: false });
    } finally {
      await laptop.startAgain();
    }
  });

  test('R3, R20, R31: Activate, left within home and rolled back by the other laptop: the node stays Active, and the VM runs once, managed, never started anew', async () => {
    try {
      const operationId = await leftAloneAt({ step: 'home', action: activation, isFar: isMoving });
      expect(await rolledBack(other, operationId)).toBe('partly');
      await untilShown(other, 'c2', 'active');
      await expectKeptRunsOnce(used.lab);
    } finally {
      await laptop.startAgain();
    }
  });
});
