import { describe, expect, test } from 'vitest';
import { waitFor } from './lab-api.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, isOver, prepare, qemuOf, tracesOf, untilOperation } from './node-operations.ts';

// The one accident in which a VM that moves is started cold: its source is gone, and with it the VM.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the source dies in mid-move', { timeout: 300_000 }, () => {
  const used = useLab([{ name: 'lost', memoryMiB: 32, node: 'c2', memory: 'filled' }]);
  const laptop = useLaptop(used);
  const c1 = () => used.lab.node('c1');

  /** The moment (UTC, ms) at which the unmanaging ends by itself, as it stands in the cluster. */
  async function careEnds(): Promise<number> {
    const cib = await c1().mustExec('cibadmin -Q -o resources');
    return Date.parse(/<date_expression id="rackside-care-lost-d"[^>]* end="([^"]+)"/u.exec(cib)?.[1] ?? '');
  }

  async function endCareAt(moment: number): Promise<void> {
    const end = new Date(moment).toISOString().replace(/\.\d+Z$/u, 'Z');
    await c1().mustExec(
      `cibadmin --modify -o resources -X '<date_expression id="rackside-care-lost-d" operation="lt" end="${end}"/>'`,
    );
  }

  test('R31: once it is fenced and the unmanaging is over, the VM is started once, cold, on its target; the operation says so, and goes on', async () => {
    const { app, region, lab } = laptop;
    const operation = await startMidMove(laptop, 'c2', 'lost', 1, { targets: { lost: 'c3' } });
    await lab.fault('c2', 'dead');
    const failed = await untilOperation(app, region, operation.id, isOver, 150_000);
    const words = failed.state.kind === 'failed' ? failed.state.problem.message : failed.state.kind;
    expect(words).toContain('lost was not moved and is not in the cluster’s care now');
    expect(words).toContain('c2 died while lost moved; the cluster recovers it when the unmanaging is over');
    const isFenced = async () =>
      (await lab.cluster('c1')).fenceEvents.some(({ target, status }) => target === 'c2' && status === 'success');
    await waitFor('c2 is fenced', isFenced, 90_000);
    // Nobody starts it before that moment, which leaves time for all that the move could have done, and not for ever.
    const left = (await careEnds()) - Date.now();
    expect(left).toBeGreaterThan(5 * 60_000);
    expect(left).toBeLessThan(13 * 60_000);
    expect((await careOf(lab, 'lost')).isManaged).toBe(false);
    await waitFor(
      'its half that waited on the target ends',
      async () => (await processesOf(lab, 'lost')).length === 0,
      120_000,
    );

    // The test does not wait ten minutes for the moment: it moves the moment.
    await endCareAt(Date.now() + 5000);
    await waitFor('the cluster starts it', async () => (await careOf(lab, 'lost')).on.length === 1, 90_000);
    expect(await careOf(lab, 'lost')).toEqual({ on: ['c3'], isManaged: true });
    const [started, ...more] = await qemuOf(lab.node('c3'), 'lost');
    expect([started?.isIncoming, more]).toEqual([false, []]);

    await app.call('operations.continue', { regionId: region, operationId: operation.id });
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(over.vms).toMatchObject([{ resource: 'lost', state: 'restarted', target: 'c3' }]);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect(await processesOf(lab, 'lost')).toEqual([`c3 ${started?.pid ?? ''}`]);
    expect(await tracesOf(lab)).toEqual(['rackside-move-lost']);
    // Nothing is left that a later preflight would take for a move that is under way.
    await app.call('regions.setLimits', { regionId: region, maxOutOfService: 2, maxMovesAtOnce: null });
    try {
      expect((await prepare(app, region, 'c3')).vms).toMatchObject([{ resource: 'lost', effect: 'live-migrate' }]);
    } finally {
      await app.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce: null });
    }
  }, 600_000);
});
