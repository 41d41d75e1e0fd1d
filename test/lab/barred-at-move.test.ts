import { describe, expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor } from './lab-api.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, isOver, slowDown, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// Where a VM may not go by the moment of its own move. One after the other: they are moved in the order of their resources.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('at the moment of the move', { timeout: 300_000 }, () => {
  const used = useLab(
    [
      { name: 'lead', memoryMiB: 40, node: 'c2', memory: 'filled' },
      { name: 'tail', memoryMiB: 24, node: 'c2', memory: 'filled' },
    ],
    async (lab) => {
      await lab.node('c1').exec(`cibadmin --delete-all --force --xpath "//rsc_location[starts-with(@id,'admin-')]"`);
    },
  );
  const laptop = useLaptop(used);

  const targets = { lead: 'c1', tail: 'c3' };

  /** Starts with `lead` in mid-move, changes what is true of `tail`, and lets `lead` arrive; the operation as it stops then. */
  async function changedBeforeTail(change: () => Promise<void>): Promise<Operation> {
    const { lab, app, region } = laptop;
    const c2 = lab.node('c2');
    await slowDown(c2, 'tail', 1000);
    const operation = await startMidMove(laptop, 'c2', 'lead', 1, { targets });
    await change();
    await slowDown(c2, 'lead', 1000);
    return untilOperation(app, region, operation.id, isOver);
  }

  const wordsOf = ({ state }: Operation): string => (state.kind === 'failed' ? state.problem.message : state.kind);

  async function expectTailStays(before: readonly string[]): Promise<void> {
    const { lab, app, region } = laptop;
    expect(await processesOf(lab, 'lead')).toEqual(['c1 live']);
    expect(await processesOf(lab, 'tail')).toEqual(before);
    await waitFor('tail is managed', async () => (await careOf(lab, 'tail')).isManaged, 60_000);
    expect(await careOf(lab, 'tail')).toEqual({ on: ['c2'], isManaged: true });
    expect((await rowOf(app, region, 'c2')).status.status).toBe('entering-maintenance');
  }

  test('R4, R7, R9: a VM that an administrator has bound to its node by then is not taken away from it, nor left unmanaged', async () => {
    const { lab, app, region } = laptop;
    const before = await processesOf(lab, 'tail');
    const failed = await changedBeforeTail(async () => {
      const bans = ['c1', 'c3', 'w1'].map(
        (name) => `<rsc_location id="admin-${name}" rsc="tail" node="${name}" score="-INFINITY"/>`,
      );
      await lab
        .node('c1')
        .mustExec(
          `cibadmin --modify --allow-create -o configuration -X '<configuration><constraints>${bans.join('')}</constraints></configuration>'`,
        );
    });
    expect(wordsOf(failed)).toContain('tail was not moved');
    await expectTailStays(before);
    await app.call('operations.rollBack', { regionId: region, operationId: failed.id });
    const over = await untilOperation(app, region, failed.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect(await processesOf(lab, 'tail')).toEqual(before);
    await untilShown(laptop, 'c2', 'active');
  });
});
