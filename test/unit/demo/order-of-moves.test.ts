import { describe, expect, test } from 'vitest';
import { regionMark } from '../../../electron/core/cluster/writes/configuration.ts';
import { guardedMerge, quorumGuard } from '../../../electron/core/cluster/writes/guarded.ts';
import { moveTimes, startMoveUnit } from '../../../electron/core/cluster/writes/move-unit.ts';
import { unitMark } from '../../../electron/core/cluster/writes/moves.ts';
import { standbyOn } from '../../../electron/core/cluster/writes/standby.ts';
import { stage, vmOn } from './cases.ts';
import { connectionTo, played, realOrders, simulatedOrders, watchedOrder } from './orders.ts';
import { stillDemo, type StillDemo } from './still-demo.ts';

async function putInStandby(demo: StillDemo, name: string): Promise<void> {
  const node = demo.world.nodes.get(name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  const type = node.role === 'control' ? 'member' : 'remote';
  const change = guardedMerge({ guard: quorumGuard, changes: standbyOn({ name, id: node.id, type }) });
  expect(change.parse(await demo.ask('demo-c1', change.command))).toMatchObject({ kind: 'written' });
}

/**
 * Whether an order is this one, of which the lab's samples have missed some. On workers they saw a VM Started for an instant before its
 * monitor was begun; on controls never.
 */
const isPartOf = (order: readonly string[], whole: readonly string[]): boolean => {
  const part = order.filter((word, index) => order[index + 1] !== `${word} (Monitoring)`);
  let at = 0;
  for (const word of whole) if (word === part[at]) at += 1;
  return at === part.length;
};

/** The domain's own word on its new node: it never ended. */
const stateOn = ({ world }: StillDemo, node: string, vm: string) => world.nodes.get(node)?.domains.get(vm);

describe('a standby', () => {
  const [quiet, busy] = [realOrders('quiet-standby-3vm'), realOrders('standby-3vm')];
  /** Every moment of a live migration: the one VM of the lab's of which no sample missed any. */
  const whole = quiet.get('a1') ?? [];

  test('a migration’s order is the same in all of the lab’s timelines', () => {
    expect(whole).toEqual([
      'Started lab-c2',
      'Migrating lab-c2',
      'Migrating lab-c6 lab-c2',
      'Started lab-c6 (Monitoring)',
      'Started lab-c6',
    ]);
    for (const [orders, vm, target] of [
      [quiet, 'a2', 'lab-w1'],
      [quiet, 'a3', 'lab-w2'],
      [busy, 'vm1', 'lab-c1'],
      [busy, 'vm2', 'lab-c3'],
      [busy, 'vm3', 'lab-w1'],
    ] as const)
      expect([vm, isPartOf(orders.get(vm) ?? [], played(whole, { 'lab-c6': target }))]).toEqual([vm, true]);
  });

  test('shows at once; every VM that may leaves live, in the order of the lab’s', async () => {
    const demo = stillDemo();
    const source = 'demo-w01';
    const { world } = demo;
    const before = [...(world.nodes.get(source)?.domains.keys() ?? [])];
    const live = before.filter((vm) => world.settings().vms.get(vm)?.allowMigrate);
    expect(live.length).toBeGreaterThan(2);
    await putInStandby(demo, source);
    const seen = await simulatedOrders(
      demo,
      900,
      () => demo.engine.isIdle && world.nodes.get(source)?.domains.size === 0,
    );
    expect(['online', ...(seen.get(source) ?? [])]).toEqual(busy.get('lab-c2'));
    for (const vm of live) {
      const target = world.vms.get(vm)?.nodes[0] ?? '';
      expect([vm, seen.get(vm)]).toEqual([vm, played(whole, { 'lab-c2': source, 'lab-c6': target })]);
      expect(stateOn(demo, target, vm)).toMatchObject({ state: 'running', reason: 'migrated' });
    }
    // What may not migrate is stopped, and started where it may run.
    for (const vm of before.filter((name) => !live.includes(name)))
      expect([vm, seen.get(vm)?.some((words) => words.startsWith('Migrating'))]).toEqual([vm, false]);
  }, 30_000);

  test('of a control: the connections that it holds move to another one, open on both meanwhile', async () => {
    const demo = stillDemo();
    const held = [...demo.world.services.values()].filter(
      ({ kind, nodes }) => kind === 'connection' && nodes[0] === 'demo-c2',
    );
    expect(held.length).toBeGreaterThan(2);
    await putInStandby(demo, 'demo-c2');
    const seen = await simulatedOrders(demo, 10);
    expect(['online', ...(seen.get('demo-c2') ?? [])]).toEqual(quiet.get('lab-c2'));
    for (const { id, nodes } of held)
      expect([id, seen.get(connectionTo(id))]).toEqual([
        id,
        played(quiet.get(connectionTo('lab-w2')), { 'lab-c2': 'demo-c2', 'lab-c5': nodes[0] ?? '' }),
      ]);
  });
});

test.each([
  ['fails', { failsToMigrate: true }],
  ['cannot end, because the VM writes faster than it moves,', { dirtyMibPerSecond: 1_600 }],
])(
  'a migration of the cluster’s own that %s costs a restart, in the order of the lab’s',
  async (_, change) => {
    const demo = stillDemo();
    const [source, resource] = [stage.source, vmOn(demo, stage.source)];
    Object.assign(demo.world.vms.get(resource) ?? {}, change);
    await putInStandby(demo, source);
    const seen = await simulatedOrders(
      demo,
      900,
      () => demo.engine.isIdle && demo.world.vms.get(resource)?.nodes[0] !== source,
    );
    const target = demo.world.vms.get(resource)?.nodes[0] ?? '';
    const real = watchedOrder('timeline-e2a1.txt', 'vm3').slice(0, 6);
    // For an instant it runs nowhere, which no sample of the lab's has met.
    const order = seen.get(resource)?.filter((word) => word !== 'Stopped');
    expect(order).toEqual(played(real, { 'lab-c2': source, 'lab-c3': target }));
    expect(stateOn(demo, target, resource)).toMatchObject({ state: 'running', reason: 'booted' });
  },
  30_000,
);

test('a planned move: out of the cluster’s care, looked for where it has gone, and given back, in the order of the lab’s', async () => {
  const demo = stillDemo();
  const { source, target, control } = stage;
  const resource = vmOn(demo, source);
  const id = { resource, value: 'moved00000000000' };
  const mark = guardedMerge({ guard: quorumGuard, changes: regionMark(unitMark(resource), id.value) });
  await demo.ask(control, mark.command);
  const times = moveTimes(90, 90);
  const unmanagedUntilMs = demo.world.clock.now() + times.careSeconds * 1000;
  const move = { domain: resource, source, target, mibPerSecond: null, times, unmanagedUntilMs };
  await demo.ask(source, startMoveUnit(id, move).command);
  const seen = await simulatedOrders(demo, 120);
  const real = watchedOrder('timeline-e-drain.txt', 'vm2');
  expect(real).toHaveLength(6);
  expect(seen.get(resource)).toEqual(played(real, { 'lab-c2': source, 'lab-c1': target }));
  expect(seen.get(source)).toEqual(['online']);
  expect(stateOn(demo, target, resource)).toMatchObject({ state: 'running', reason: 'migrated' });
});
