import { expect, test } from 'vitest';
import { waitFor } from './lab-api.ts';
import {
  careOf,
  confirmed,
  domainsOn,
  isMoving,
  isOver,
  prepare,
  qemuOf,
  slowDown,
  startMaintenance,
  tracesOf,
  untilOperation,
} from './node-operations.ts';
import { Refused, rowOf, watchStatuses } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// Maintenance through the built program, by the contract: two data folders are two laptops.
const used = useLab([
  { name: 'busy', memoryMiB: 32, node: 'c3', memory: 'rewritten' },
  { name: 'full', memoryMiB: 24, node: 'c2', memory: 'filled' },
  { name: 'light', memoryMiB: 16, node: 'c2' },
]);
const laptop = useLaptop(used);
const otherLaptop = useLaptop(used);

/** What a test looks at: the lab, and both laptops, each with its own name of the region. */
const both = () => {
  const { app, lab, region } = laptop;
  return { lab, app, region, other: otherLaptop.app, otherRegion: otherLaptop.region };
};

/** What became of calls that were sent at once: the answers, and the codes of the refusals. */
async function outcomes<T>(
  calls: readonly Promise<T>[],
): Promise<{ readonly begun: readonly T[]; readonly refused: readonly string[] }> {
  const ended = await Promise.allSettled(calls);
  return {
    begun: ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refused: ended.flatMap((one) => {
      if (one.status === 'fulfilled') return [];
      if (one.reason instanceof Refused) return [one.reason.problem.code];
      throw one.reason;
    }),
  };
}

test('R6, R9, R31: a move that is cancelled is handed back within 15 s: the same QEMU process, where it was, in the cluster’s care', async () => {
  const { app, lab, region } = both();
  const c3 = lab.node('c3');
  await slowDown(c3, 'busy');
  const [before] = await qemuOf(c3, 'busy');
  const operation = await startMaintenance(app, region, 'c3');
  await untilOperation(app, region, operation.id, isMoving);
  await waitFor(
    'the migration runs',
    async () => (await c3.exec('virsh -c qemu:///system domjobinfo busy')).stdout.includes('Unbounded'),
    90_000,
  );
  expect(await careOf(lab, 'busy')).toEqual({ on: ['c3'], isManaged: false });

  const cancelledAt = Date.now();
  await app.call('operations.cancel', { regionId: region, operationId: operation.id });
  await waitFor('busy is in the cluster’s care', async () => (await careOf(lab, 'busy')).isManaged, 60_000, 100);
  expect(Date.now() - cancelledAt).toBeLessThan(15_000);
  expect(await careOf(lab, 'busy')).toEqual({ on: ['c3'], isManaged: true });
  const over = await untilOperation(app, region, operation.id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
  expect(await qemuOf(c3, 'busy')).toEqual([before]);
  await untilShown(laptop, 'c3', 'active');
  expect(await tracesOf(lab)).toEqual([]);
});

test('R3, R20: two laptops start the same node in the same second, each twice: exactly one proceeds, and the other sees whose it is', async () => {
  const { app, lab, region, other, otherRegion } = both();
  await slowDown(lab.node('c3'), 'busy');
  const [mine, theirs] = await Promise.all([prepare(app, region, 'c3'), prepare(other, otherRegion, 'c3')]);
  const [first, second] = [confirmed(region, mine), confirmed(otherRegion, theirs)];
  const { begun, refused } = await outcomes([
    app.call('maintenance.start', first),
    other.call('maintenance.start', second),
    app.call('maintenance.start', first),
    other.call('maintenance.start', second),
  ]);
  expect([begun.length, refused.length]).toEqual([2, 2]);
  const [winner] = begun;
  expect(begun.map(({ id }) => id)).toEqual([winner!.id, winner!.id]);
  for (const code of refused)
    expect(['node-locked', 'not-available', 'plan-changed', 'preflight-failed']).toContain(code);
  const isMine = winner!.id === first.operationId;
  const [driver, driversRegion, watcher, watchersRegion] = isMine
    ? [app, region, other, otherRegion]
    : [other, otherRegion, app, region];
  const seen = await waitFor(
    'the other laptop sees it',
    async () =>
      (await watcher.call('operations.list', { regionId: watchersRegion })).find(
        ({ id, state }) => id === winner!.id && state.kind === 'elsewhere',
      ),
    90_000,
  );
  expect(seen.owner).toBe(winner!.owner);
  await expect(
    watcher.call('operations.continue', { regionId: watchersRegion, operationId: winner!.id }),
  ).rejects.toMatchObject({ problem: { code: 'node-locked' } });
  await driver.call('operations.cancel', { regionId: driversRegion, operationId: winner!.id });
  const over = await untilOperation(driver, driversRegion, winner!.id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
  expect(await tracesOf(lab)).toEqual([]);
});

test('R5: two laptops take two nodes out of service in the same second at a limit of one: exactly one proceeds', async () => {
  const { app, lab, region, other, otherRegion } = both();
  await slowDown(lab.node('c3'), 'busy');
  await slowDown(lab.node('c2'), 'full');
  await slowDown(lab.node('c2'), 'light');
  const [mine, theirs] = await Promise.all([prepare(app, region, 'c2'), prepare(other, otherRegion, 'c3')]);
  const [first, second] = [confirmed(region, mine), confirmed(otherRegion, theirs)];
  const { begun, refused } = await outcomes([
    app.call('maintenance.start', first),
    other.call('maintenance.start', second),
  ]);
  expect(begun).toHaveLength(1);
  expect(['service-limit', 'node-locked', 'preflight-failed', 'plan-changed']).toContain(refused[0]);
  const [driver, driversRegion] = begun[0]!.id === first.operationId ? [app, region] : [other, otherRegion];
  // Once more, when the first is well under way: the loser stays refused, for the limit’s sake.
  const [loser, again] = begun[0]!.id === first.operationId ? [other, second] : [app, first];
  await expect(loser.call('maintenance.start', again)).rejects.toMatchObject({ problem: { code: 'service-limit' } });
  await driver.call('operations.cancel', { regionId: driversRegion, operationId: begun[0]!.id });
  const over = await untilOperation(driver, driversRegion, begun[0]!.id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
});

test('R1, R2, R9: a control with two VMs is emptied live, and is In maintenance only when libvirt and the cluster have nothing on it', async () => {
  const { app, lab, region } = both();
  const c2 = lab.node('c2');
  expect(await domainsOn(c2)).toEqual(['full', 'light']);
  for (const name of ['full', 'light']) await slowDown(c2, name, 1000);
  const statuses = watchStatuses(app, region, 'c2');
  const prepared = await prepare(app, region, 'c2');
  expect(prepared.vms.map(({ effect }) => effect)).toEqual(['live-migrate', 'live-migrate']);
  const input = confirmed(region, prepared);
  const operation = await app.call('maintenance.start', input);
  const shown = await waitFor(
    'the table says In maintenance',
    async () => {
      const { status } = await rowOf(app, region, 'c2');
      return status.status === 'in-maintenance' ? { own: await domainsOn(c2) } : undefined;
    },
    240_000,
    100,
  );
  expect(shown.own).toEqual([]);
  const over = await untilOperation(app, region, operation.id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(await statuses.stop()).toEqual(['active', 'entering-maintenance', 'in-maintenance']);
  expect(over.vms.map(({ domain }) => domain).toSorted()).toEqual(['full', 'light']);
  for (const { domain, target, state } of over.vms) {
    expect(state).toBe('moved');
    // A process that was started to receive it: the VM was not started anew.
    expect(await qemuOf(lab.node(target!), domain)).toEqual([expect.objectContaining({ isIncoming: true })]);
    expect(await careOf(lab, domain)).toEqual({ on: [target], isManaged: true });
  }
  expect(await tracesOf(lab)).toEqual(['rackside-move-full', 'rackside-move-light']);
  // The same start once more is the same operation, also when it has ended (R3).
  const again = await app.call('maintenance.start', input);
  expect(again.state).toEqual(over.state);
});
