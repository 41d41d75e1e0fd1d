import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { OperationId } from '#shared/model/ids.ts';
import {
  activation,
  activationFromStopped,
  expectContinued,
  expectKeptRunsOnce,
  fencingsOf,
  force,
  forceOfTheDead,
  forceThatForbids,
  kept,
  pcsIsAtWork,
  removalOf,
  rolledBack,
  unitsBegunBy,
  type Moment,
} from './broken-off.ts';
import { killWithin } from './kill-within.ts';
import { isMoving } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

// The app is killed -9 within Force, Activate and Remove; within a maintenance: killed-in-step.test.ts; gone on with elsewhere: continued-elsewhere.test.ts.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the app is killed', { timeout: 600_000 }, () => {
  const used = useLab([kept]);
  const laptop = useLaptop(used);

  async function killedAt({ step, action, isFar, silent }: Moment): Promise<OperationId> {
    const operationId = await action.begin(laptop);
    await killWithin(laptop, operationId, step, isFar);
    await laptop.startAgain(silent);
    return operationId;
  }

  /** After the next start it is told as left alone, and stays so until a person continues it: then it comes to its end. */
  async function expectFoundAgain(moment: Moment): Promise<OperationId> {
    try {
      const operationId = await killedAt(moment);
      await sleep(5000);
      await expectContinued(laptop, operationId, moment.action);
      return operationId;
    } finally {
      await moment.action.tidy?.(used.lab);
    }
  }

  test.each<Moment>([
    { step: 'forbid-migration', action: force },
    { step: 'standby', action: forceThatForbids },
    { step: 'end-vms', action: forceThatForbids },
    { step: 'restore-migration', action: force },
    { step: 'elsewhere', action: force },
    { step: 'empty', action: force },
    { step: 'record', action: force },
    { step: 'fence', action: forceOfTheDead, silent: ['c2'] },
  ])(
    'R3, R9: within $step of Force: its VMs are restarted elsewhere once, and what forbade a migration is undone by Continue',
    async (moment) => {
      await expectFoundAgain(moment);
    },
  );

  test.each<Moment>([
    { step: 'services', action: activationFromStopped },
    { step: 'healthy', action: activation },
    { step: 'unstandby', action: activation },
    { step: 'active', action: activation },
    { step: 'drop-traces', action: activation },
    { step: 'home', action: activation, isFar: isMoving },
    { step: 'drop-pins', action: activation },
  ])(
    'R3, R31: within $step of Activate: the VM is at home by one live migration, and the node is Active',
    async (moment) => {
      await expectFoundAgain(moment);
    },
  );

  test.each<Moment & { readonly node: string }>([
    { node: 'w1', step: 'empty', action: removalOf('w1') },
    { node: 'w1', step: 'mark-out', action: removalOf('w1') },
    { node: 'w1', step: 'close', action: removalOf('w1') },
    { node: 'w1', step: 'leave', action: removalOf('w1'), isFar: pcsIsAtWork },
    { node: 'w1', step: 'drop-pins', action: removalOf('w1') },
    { node: 'w1', step: 'out', action: removalOf('w1') },
    { node: 'c2', step: 'leave', action: removalOf('c2'), isFar: pcsIsAtWork },
    { node: 'c2', step: 'leftovers', action: removalOf('c2') },
  ])('R3, R16: the removal of $node, within $step: pcs runs once, the node is out and never fenced', async (moment) => {
    expect(await unitsBegunBy(laptop, await expectFoundAgain(moment))).toBe(1);
  });

  test('R3, R9, R31: rolled back within home of Activate, the node stays Active, and the VM runs once, managed, never started anew', async () => {
    const operationId = await killedAt({ step: 'home', action: activation, isFar: isMoving });
    expect(await rolledBack(laptop, operationId)).toBe('partly');
    await untilShown(laptop, 'c2', 'active');
    await expectKeptRunsOnce(used.lab);
  });

  test.each(['mark-out', 'close'])(
    'R3, R16: the removal of a Worker, rolled back within %s: it stays a member, In maintenance, and was never fenced',
    async (step) => {
      const before = await fencingsOf(used.lab, 'w1');
      expect(await rolledBack(laptop, await killedAt({ step, action: removalOf('w1') }))).toBe('rolled-back');
      await untilShown(laptop, 'w1', 'in-maintenance');
      expect(await fencingsOf(used.lab, 'w1')).toBe(before);
      const w1 = (await used.lab.cluster('c1')).nodes.find(({ name }) => name === 'w1');
      expect(w1).toMatchObject({ isOnline: true, isUnclean: false });
    },
  );

  test('R3, R16: the removal of a Worker whose services were stopped, rolled back within mark-out: nobody connects to it, so nobody fences it', async () => {
    const before = await fencingsOf(used.lab, 'w1');
    const moment = { step: 'mark-out', action: removalOf('w1', true) };
    expect(await rolledBack(laptop, await killedAt(moment))).toBe('rolled-back');
    await untilShown(laptop, 'w1', 'in-maintenance');
    // A connection that fails has it fenced two minutes later.
    await sleep(150_000);
    expect(await fencingsOf(used.lab, 'w1')).toBe(before);
    expect((await rowOf(laptop.app, laptop.region, 'w1')).status.status).toBe('in-maintenance');
  });
});
