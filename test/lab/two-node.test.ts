import { describe, expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { waitFor } from './lab-api.ts';
import { useLab, useLaptop } from './use-lab.ts';
import { processesOf } from './mid-move.ts';
import { careOf, isOver, prepare, startMaintenance, untilOperation } from './node-operations.ts';
import { rowOf, snapshotOf } from './rackside.ts';

// What has to hold while a node is away: somebody has quorum.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('two control nodes', { timeout: 300_000 }, () => {
  const used = useLab([{ name: 'guest', memoryMiB: 16, node: 'c2' }]);
  const laptop = useLaptop(used);

  test('R15: one of the two may be stopped, since two_node leaves the other its quorum, and not both; nobody is fenced', async () => {
    const { app, region, lab } = laptop;
    await lab.node('c1').mustExec('pcs cluster node remove c3', { timeoutMs: 120_000 });
    const quorum = async () => (await lab.node('c1').exec('corosync-quorumtool -s')).stdout;
    expect(await quorum()).toMatch(/Flags:\s+2Node Quorate/u);
    await waitFor(
      'the table does not show c3 as a member any more',
      async () => (await snapshotOf(app, region)).nodes.every(({ id }) => id !== 'member:c3'),
      60_000,
    );
    // The last but one may go, and it is said what the last one then depends on.
    const prepared = await prepare(app, region, 'c2', { stopsServices: true });
    const judged = prepared.checks.find(({ code }) => code === 'quorum-after');
    expect(judged?.state).not.toBe('blocker');
    expect(judged?.words).toMatch(/wait_for_all/u);
    const operation = await startMaintenance(app, region, 'c2', { stopsServices: true });
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await quorum()).toMatch(/Quorate:\s+Yes/u);
    const { on, isManaged } = await careOf(lab, 'guest');
    expect([on.length, isManaged]).toEqual([1, true]);
    expect(await processesOf(lab, 'guest')).toEqual([`${on[0] ?? ''} live`]);
    expect((await lab.cluster('c1')).fenceEvents.filter(({ target }) => target === 'c2')).toEqual([]);
    // The last one is refused, whatever the limit says.
    await app.call('regions.setLimits', { regionId: region, maxOutOfService: 2, maxMovesAtOnce: null });
    try {
      const { id: nodeId } = await rowOf(app, region, 'c1');
      const choices = { ...noChoices, stopsServices: true };
      // Until corosync's own word on the votes has come it is not known, which holds it up too.
      await waitFor(
        'the last one is refused by its quorum',
        async () => {
          const { isReady, checks } = await app.call('maintenance.prepare', { regionId: region, nodeId, choices });
          expect(isReady).toBe(false);
          const quorumAfter = checks.find(({ code }) => code === 'quorum-after');
          if (quorumAfter?.state !== 'blocker') throw new Error(JSON.stringify(quorumAfter));
          return true;
        },
        60_000,
      );
    } finally {
      await app.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce: null });
    }
  }, 300_000);
});
