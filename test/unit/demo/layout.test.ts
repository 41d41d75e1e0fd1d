import { expect, test } from 'vitest';
import { demoOptionsOf } from '#shared/model/demo-flags.ts';
import { machine } from '../../../electron/demo/layout/machines.ts';
import { layRegion } from '../../../electron/demo/layout/region.ts';
import { Rooms } from '../../../electron/demo/layout/rooms.ts';
import { capacityMib } from '../../../electron/demo/layout/vms.ts';
import { randomOf } from '../../../electron/demo/random.ts';
import type { DemoNode } from '../../../electron/demo/world/node.ts';
import { countersOf } from '../../../electron/demo/render/load.ts';
import { hostKeyOf } from '../../../electron/demo/ssh/host-keys.ts';
import { stillDemo } from './still-demo.ts';

test('operations that stand at the start have ids that can be asked for: UUIDs in lower case, the same for the same seed', () => {
  const idsOf = (seed: number): readonly string[] =>
    [...layRegion(seed, 24, 0).cib.matchAll(/name="rackside-op-demo-w\d+" value="([^"]*)"/gu)].map(([, value = '']) => {
      const record: unknown = JSON.parse(Buffer.from(value, 'base64').toString());
      return typeof record === 'object' && record !== null && 'id' in record ? String(record.id) : '';
    });
  const ids = idsOf(1);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
  expect(idsOf(1)).toEqual(ids);
});

test('the smallest region that can be asked for runs VMs, as its door promises', () => {
  const sizes = [1, 2, 3, 4, 5].filter((nodes) => typeof demoOptionsOf({ 'demo-nodes': String(nodes) }) === 'object');
  expect(sizes.map((nodes) => layRegion(1, nodes, 0).vms.length > 0)).toEqual([true, true]);
});

test('5,000 nodes are laid in CPU time that grows with them, not with hosts times VMs', () => {
  const before = process.threadCpuUsage();
  expect(layRegion(1, 5000, 0).vms.length).toBe(41_667);
  const { user, system } = process.threadCpuUsage(before);
  // It takes 0.8 to 1.4 s; a look at every host for every VM takes more than 20.
  expect((user + system) / 1000).toBeLessThan(4500);
}, 60_000);

test('the roomiest hosts are those that a look at all of them finds, in their order', () => {
  const hosts = Array.from({ length: 20 }, (_, index) =>
    machine(1, `w${String(index)}`, index, 'worker', index % 3 === 0 ? 'small' : 'plain', 0),
  );
  const rooms = new Rooms(hosts, capacityMib);
  const left = new Map(hosts.map((host) => [host, capacityMib(host)]));
  const of = (host: DemoNode): number => left.get(host) ?? 0;
  const random = randomOf(1, 'rooms');
  for (let vm = 0; vm < 800; vm += 1) {
    const [memoryMib, rank] = [random.between(1, 12) * 4096, random.between(0, 3)];
    const fitting = hosts.filter((host) => of(host) >= memoryMib).toSorted((one, other) => of(other) - of(one));
    const host = rooms.roomiest(memoryMib, rank);
    expect(host).toBe(fitting[Math.min(rank, fitting.length - 1)]);
    if (host === undefined) continue;
    rooms.take(host, memoryMib);
    left.set(host, of(host) - memoryMib);
  }
  expect(hosts.map((host) => rooms.of(host))).toEqual(hosts.map(of));
});

test('the same seed makes the same region to the last value: machines, VMs, records, host keys, and counters as they grow; another seed another', () => {
  const partsOf = (seed: number) => {
    const { nodes, vms, cib } = layRegion(seed, 24, 0);
    const demo = stillDemo(24, seed);
    const counters = () => [...demo.world.nodes.values()].map((node) => ({ ...countersOf(demo.world, node) }));
    const atFirst = counters();
    demo.pass(90_000);
    const keys = nodes.map(({ name }) => hostKeyOf(seed, name));
    return { nodes, vms, cib, keys, counters: [atFirst, counters()] };
  };
  const [one, again, other] = [partsOf(1), partsOf(1), partsOf(2)];
  expect(again).toEqual(one);
  expect(other.nodes).not.toEqual(one.nodes);
  expect(other.vms).not.toEqual(one.vms);
  expect(other.cib).not.toBe(one.cib);
  expect(other.keys).not.toEqual(one.keys);
  expect(other.counters).not.toEqual(one.counters);
});

test('a few VMs may not live-migrate, and whatever has a GPU may run on its node alone', () => {
  const { world } = stillDemo(48);
  const settings = world.settings();
  const vms = [...world.vms.values()];
  const mayNot = vms.filter(({ id }) => settings.vms.get(id)?.allowMigrate === false);
  const withGpu = vms.filter(({ gpuSlot }) => gpuSlot !== null);
  expect(withGpu.length).toBeGreaterThan(1);
  expect(mayNot).toEqual(expect.arrayContaining(withGpu));
  expect(mayNot.length).toBeGreaterThan(withGpu.length);
  expect(mayNot.length).toBeLessThan(vms.length / 10);
  const placesOf = (vm: string): readonly string[] =>
    world
      .members()
      .filter(({ name }) => settings.score(vm, name) >= 0)
      .map(({ name }) => name);
  for (const { id, nodes } of withGpu) expect([id, placesOf(id)]).toEqual([id, nodes]);
});
