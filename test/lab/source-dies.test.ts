import { describe, expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
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

  const isFenced = async () =>
    (await used.lab.cluster('c1')).fenceEvents.some(({ target, status }) => target === 'c2' && status === 'success');

  /** It runs once, started anew, in the cluster's care. @returns where, and as which process. */
  async function expectStartedOnce(): Promise<string> {
    // The cluster says Started a moment before the process is there.
    await waitFor('its process is there', async () => (await processesOf(used.lab, 'lost')).length > 0, 30_000);
    const { on, isManaged } = await careOf(used.lab, 'lost');
    expect([on.length, on.includes('c2'), isManaged]).toEqual([1, false, true]);
    const [node = ''] = on;
    const [started, ...more] = await qemuOf(used.lab.node(node), 'lost');
    expect([started?.isIncoming, more]).toEqual([false, []]);
    expect(await processesOf(used.lab, 'lost')).toEqual([`${node} ${started?.pid ?? ''}`]);
    return node;
  }

  async function expectTakenOut(over: Operation, node: string): Promise<void> {
    const { app, region, lab } = laptop;
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(over.vms).toMatchObject([{ resource: 'lost', state: 'restarted', target: node }]);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect(await expectStartedOnce()).toBe(node);
    expect(await tracesOf(lab)).toEqual(['rackside-move-lost']);
    // Nothing is left that a later preflight would take for a move that is under way.
    await app.call('regions.setLimits', { regionId: region, maxOutOfService: 2, maxMovesAtOnce: null });
    try {
      expect((await prepare(app, region, node)).vms).toMatchObject([{ resource: 'lost', effect: 'live-migrate' }]);
    } finally {
      await app.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce: null });
    }
  }

  test('R9, R11, R31: fenced, it is off by proof: the VM is handed back as soon as its half on the target has ended, starts once, and the maintenance goes on', async () => {
    const { app, region, lab } = laptop;
    const operation = await startMidMove(laptop, 'c2', 'lost', 1, { targets: { lost: 'c3' } });
    await lab.fault('c2', 'dead');
    await waitFor('c2 is fenced', isFenced, 90_000);
    const left = (await careEnds()) - Date.now();
    expect(left).toBeGreaterThan(5 * 60_000);
    // The half that waits on the target is not taken for it.
    await waitFor('it is in the cluster’s care', async () => (await careOf(lab, 'lost')).isManaged, 240_000);
    const over = await untilOperation(app, region, operation.id, isOver, 240_000);
    await expectTakenOut(over, await expectStartedOnce());
  }, 600_000);

  test('R31: where no laptop is left to hand it back, the cluster starts it by itself once the unmanaging is over, once, on its target; whoever continues says so', async () => {
    const { region, lab } = laptop;
    const operation = await startMidMove(laptop, 'c2', 'lost', 1, { targets: { lost: 'c3' } });
    await laptop.app.stop('SIGKILL');
    await lab.fault('c2', 'dead');
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
    expect(await expectStartedOnce()).toBe('c3');
    await laptop.startAgain(['c2']);
    await laptop.app.call('operations.continue', { regionId: region, operationId: operation.id });
    await expectTakenOut(await untilOperation(laptop.app, region, operation.id, isOver), 'c3');
  }, 600_000);
});
