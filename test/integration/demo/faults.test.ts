import { memberId } from '#shared/model/ids.ts';
import { expect, test } from 'vitest';
import { isOld } from '#shared/model/reading.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import { rowOf } from '../../helpers/running-app.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import { domainsOn, isOver, moveManyAtOnce, startMaintenance, untilOperation, untilStatus } from './driving.ts';

const quick = { nodes: 14, speed: 10 };
/** A region in which the other one has ten VMs. */
const fewOnOther = { nodes: 30, seed: 26, speed: 20 };
const [node, other] = ['demo-w01', 'demo-w11'] as const;

const until = ({ running, id }: OpenedDemo, what: string, isSo: (snapshot: RegionSnapshot) => boolean) =>
  running.until(id, what, isSo, 120_000);

test.concurrent('a network that is slow makes values late and never wrong: the node stays Active and reached, and its answers take as long as they do', async (context) => {
  const opened = await openDemo(context, { nodes: 14 });
  await untilStatus(opened, node, 'active');
  const intervalMs = 1000;
  await opened.running.call('settings.set', { fastIntervalMs: intervalMs });
  expect(opened.demo.fault({ kind: 'network-slow', node })).toBeNull();
  const isLate = (snapshot: RegionSnapshot, name: string) => isOld(rowOf(snapshot, name).uptimeSeconds, Date.now());
  const late = await until(opened, 'late', (snapshot) => isLate(snapshot, node));
  expect(rowOf(late, node)).toMatchObject({ status: { status: 'active' }, reachability: { kind: 'reachable' } });
  expect(isLate(late, other)).toBe(false);
  // Late and not silent: the next value comes, a slow answer later.
  const readAt = (snapshot: RegionSnapshot) => {
    const { uptimeSeconds } = rowOf(snapshot, node);
    return uptimeSeconds.kind === 'known' ? uptimeSeconds.readAt : 0;
  };
  const next = await until(opened, 'the next value', (snapshot) => readAt(snapshot) > readAt(late));
  expect(readAt(next) - readAt(late)).toBeGreaterThanOrEqual(2_500);
  expect(opened.demo.fault({ kind: 'heal' })).toBeNull();
  await until(
    opened,
    'in time again',
    (snapshot) => Date.now() - readAt(snapshot) < 2 * intervalMs && !isLate(snapshot, node),
  );
}, 180_000);

test.concurrent('a network that is cut: the node is fenced, its VMs run elsewhere, this laptop does not reach it either, and it comes back', async (context) => {
  const opened = await openDemo(context, quick);
  await untilStatus(opened, node, 'active');
  const before = domainsOn(opened, node);
  expect(before.length).toBeGreaterThan(0);
  expect(opened.demo.fault({ kind: 'fencing-fails', node })).toBeNull();
  expect(opened.demo.fault({ kind: 'network-cut', node })).toBeNull();
  const failed = await until(
    opened,
    'failed and not reached',
    (snapshot) =>
      rowOf(snapshot, node).status.status === 'failed' && rowOf(snapshot, node).reachability.kind === 'unreachable',
  );
  expect(rowOf(failed, other).status.status).toBe('active');
  expect(domainsOn(opened, node)).toEqual(before);
  expect(opened.demo.fault({ kind: 'heal' })).toBeNull();
  await until(opened, 'back', (snapshot) => rowOf(snapshot, node).status.status === 'active');
  await context.expect
    .poll(
      () =>
        before.filter((vm) =>
          [...opened.demo.world.nodes.values()].some(({ domains }) => domains.get(vm)?.state === 'running'),
        ).length,
      { timeout: 60_000 },
    )
    .toBe(before.length);
}, 240_000);

test.concurrent('a disk that fails is named by its health, degrades the pool and warns; the second one takes the pool', async (context) => {
  const opened = await openDemo(context, quick);
  const { running, id: regionId } = opened;
  await untilStatus(opened, node, 'active');
  const detail = () => running.call('nodes.refresh', { regionId, nodeId: memberId(node) });
  const poolOf = async () => {
    const { pools } = await detail();
    return pools.kind === 'known' ? pools.value.map(({ name, state }) => `${name} ${state}`) : [];
  };
  expect(await poolOf()).toEqual(['md0 healthy']);
  expect(opened.demo.fault({ kind: 'disk-fails', node })).toBeNull();
  expect(await poolOf()).toEqual(['md0 degraded']);
  const { disks } = await detail();
  const ill = disks.kind === 'known' ? disks.value.filter(({ health }) => health === 'failing') : [];
  expect(ill.map(({ name }) => name)).toEqual(['nvme0n1']);
  expect(opened.demo.fault({ kind: 'disk-fails', node })).toBeNull();
  expect(await poolOf()).toEqual(['md0 failed']);
  await untilStatus(opened, node, 'failed');
  expect(opened.demo.fault({ kind: 'disk-fails', node })).toMatch(/no disk left/u);
}, 120_000);

test.concurrent('R9: a VM whose migration fails goes on where it is, in the cluster’s care; its maintenance says so and leaves the node Active', async (context) => {
  const opened = await openDemo(context, fewOnOther);
  const { world } = opened.demo;
  await untilStatus(opened, other, 'active');
  await moveManyAtOnce(opened);
  const vm = domainsOn(opened, other).find((name) => world.settings().vms.get(name)?.allowMigrate);
  if (vm === undefined) throw new Error(`no VM of ${other} can move`);
  expect(opened.demo.fault({ kind: 'migration-fails', vm })).toBeNull();
  const operation = await startMaintenance(opened, other);
  const over = await untilOperation(opened, operation, isOver);
  expect(over.state).toMatchObject({ kind: 'failed' });
  expect(JSON.stringify(over.vms.find(({ resource }) => resource === vm))).toContain('unexpectedly failed');
  expect(world.nodes.get(other)?.domains.get(vm)).toMatchObject({ state: 'running', reason: 'booted' });
  expect(world.settings().vms.get(vm)).toMatchObject({ isManaged: true, unmanagedUntil: 0 });
  expect(world.isStandby(world.nodes.get(other) ?? never())).toBe(false);
}, 240_000);

const never = (): never => {
  throw new Error('it was found');
};
