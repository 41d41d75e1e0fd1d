import { describe, expect, test } from 'vitest';
import { fence } from '../../../electron/core/cluster/writes/fencing.ts';
import { guardedMerge, quorumGuard } from '../../../electron/core/cluster/writes/guarded.ts';
import { leaseValue, readLease, swapLease } from '../../../electron/core/cluster/writes/leases.ts';
import { standbyOn } from '../../../electron/core/cluster/writes/standby.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import type { World } from '../../../electron/demo/world/world.ts';
import { nodeFaults, type WorldFault } from '../../../shared/model/demo.ts';
import { realOrders, simulatedOrders } from './orders.ts';
import { stillDemo } from './still-demo.ts';

const controls = ['demo-c1', 'demo-c2', 'demo-c3'] as const;
const noCut = (): void => undefined;

/** A region in which these went wrong at once, 10 s ago. */
function demoAfter(...faults: readonly WorldFault[]) {
  const demo = stillDemo();
  for (const fault of faults) expect(makeFault(demo.world, fault, noCut)).toBeNull();
  demo.pass(10_000);
  return demo;
}

describe('heal brings back a region that has no control left', () => {
  const ofAll = (kind: 'node-dies' | 'node-freezes' | 'network-cut') =>
    controls.map((node): WorldFault => ({ kind, node }));
  test.each<[string, readonly WorldFault[]]>([
    ['all of them died', ofAll('node-dies')],
    ['all of them froze', ofAll('node-freezes')],
    ['all of them were cut off', ofAll('network-cut')],
    ['the last one died with the quorum', [{ kind: 'quorum-lost' }, { kind: 'node-dies', node: 'demo-c1' }]],
  ])('%s', (_, faults) => {
    const demo = demoAfter(...faults);
    expect(demo.world.dc()).toBeUndefined();
    makeFault(demo.world, { kind: 'heal' }, noCut);
    demo.pass(30_000);
    expect(demo.world.controls().map(({ membership }) => membership)).toEqual(['online', 'online', 'online']);
    expect(demo.world.quorum()).toMatchObject({ isQuorate: true, votes: 3 });
    expect(demo.world.dc()?.name).toBe('demo-c1');
  });
});

/** What a fault can change, but for where VMs run: those of a node that was fenced run elsewhere afterwards, as they should. */
const stateOf = ({ nodes, vms, services, cib }: World) => ({
  nodes: [...nodes.values()].map((node) => {
    const { name, role, power, services: own, libvirt, membership, network, canBeFenced, failedDisks } = node;
    return { name, role, power, own, libvirt, membership, network, canBeFenced, failedDisks: [...failedDisks] };
  }),
  vms: [...vms.values()].map(({ id, role, pending, failsToMigrate }) => ({ id, role, pending, failsToMigrate })),
  services: [...services.values()].map(({ id, role }) => ({ id, role })),
  configuration: cib.configurationText,
});

/** The first control, one of those whose disk had failed at the start, one in maintenance, one of the rest. */
const everyKind = ['demo-c1', 'demo-w01', 'demo-w02', 'demo-w03'] as const;
const everyFault: readonly WorldFault[] = [
  ...nodeFaults.flatMap((kind) => everyKind.map((node) => ({ kind, node }) as const)),
  { kind: 'quorum-lost' },
  { kind: 'migration-fails', vm: 'gpu-01' },
];
const wordsOf = (fault: WorldFault): string => Object.values(fault).join(' ');

describe('a fault that is healed leaves the region as it was at its start', () => {
  const start = stateOf(stillDemo().world);

  test.each(everyFault.map((fault) => [wordsOf(fault), fault] as const))('%s', (_, fault) => {
    const demo = demoAfter(fault);
    expect(stateOf(demo.world)).not.toEqual(start);
    makeFault(demo.world, { kind: 'heal' }, noCut);
    demo.pass(60_000);
    expect(stateOf(demo.world)).toEqual(start);
  });

  test('both disks of a pool', () => {
    const fault = { kind: 'disk-fails', node: 'demo-w01' } as const;
    const demo = demoAfter(fault, fault);
    makeFault(demo.world, { kind: 'heal' }, noCut);
    expect(stateOf(demo.world)).toEqual(start);
  });

  test('a lease that somebody else has taken over meanwhile stays theirs', async () => {
    const demo = demoAfter({ kind: 'second-operator-takes-lease', node: 'demo-w01' });
    const name = 'rackside-lease-demo-w01';
    const read = readLease(name);
    const { value } = read.parse(await demo.ask('demo-c1', read.command)) as { readonly value: string };
    const mine = leaseValue('0123456789abcdef', 1, { owner: 'me', purpose: '', since: 1, termMs: 1 });
    await demo.ask('demo-c1', swapLease(name, value, mine).command);
    makeFault(demo.world, { kind: 'heal' }, noCut);
    expect(read.parse(await demo.ask('demo-c1', read.command))).toEqual({ kind: 'done', value: mine });
  });
});

test.each(['node-dies', 'node-freezes'] as const)(
  'a node that is healed before its loss was noticed is fenced all the same, and its VMs run again: %s',
  async (kind) => {
    const demo = stillDemo();
    const { world } = demo;
    const node = world.nodes.get('demo-w01');
    const vms = [...(node?.domains.keys() ?? [])];
    expect(vms.length).toBeGreaterThan(2);
    makeFault(world, { kind, node: 'demo-w01' }, noCut);
    demo.pass(1_000);
    makeFault(world, { kind: 'heal' }, noCut);
    const order = (await simulatedOrders(demo, 60)).get('demo-w01');
    expect(order).toEqual(realOrders('kill-fence-return-worker').get('w1'));
    const running = [...world.nodes.values()].flatMap(({ domains }) =>
      [...domains.values()].flatMap(({ vm, state }) => (state === 'running' && vms.includes(vm) ? [vm] : [])),
    );
    expect(running.toSorted()).toEqual(vms.toSorted());
  },
);

test('a network that is cut is not made a slow one, which would pass bytes again', () => {
  const demo = demoAfter({ kind: 'network-cut', node: 'demo-c3' });
  const slow = { kind: 'network-slow', node: 'demo-c3' } as const;
  expect(makeFault(demo.world, slow, noCut)).toBe('the network of demo-c3 is cut');
  expect(demo.world.nodes.get('demo-c3')?.network).toBe('cut');
  makeFault(demo.world, { kind: 'heal' }, noCut);
  demo.pass(60_000);
  expect(demo.world.nodes.get('demo-c3')?.membership).toBe('online');
});

test('controls in maintenance that died with the quorum come back; one that was powered off in maintenance stays off', async () => {
  const demo = stillDemo();
  for (const name of ['demo-c2', 'demo-c3']) {
    const change = guardedMerge({
      guard: quorumGuard,
      changes: standbyOn({ name, id: name.slice(-1), type: 'member' }),
    });
    await demo.ask('demo-c1', change.command);
  }
  demo.pass(5_000);
  makeFault(demo.world, { kind: 'quorum-lost' }, noCut);
  demo.pass(10_000);
  makeFault(demo.world, { kind: 'heal' }, noCut);
  await simulatedOrders(demo, 60);
  expect(demo.world.quorum()).toMatchObject({ isQuorate: true, votes: 3 });
  const fenced = demo.ask('demo-c1', fence('demo-c3', 'off').command);
  demo.pass(2_000);
  await fenced;
  makeFault(demo.world, { kind: 'heal' }, noCut);
  demo.pass(60_000);
  expect(demo.world.nodes.get('demo-c3')).toMatchObject({ power: 'off', membership: 'offline' });
});

test('without a quorum a second operator takes no lease, and that is said', () => {
  const demo = demoAfter({ kind: 'quorum-lost' });
  const before = demo.world.cib.configurationText;
  expect(makeFault(demo.world, { kind: 'second-operator-takes-lease', node: 'demo-w01' }, noCut)).toBe(
    'without a quorum nobody takes a lease',
  );
  expect(demo.world.cib.configurationText).toBe(before);
});
