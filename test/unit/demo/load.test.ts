import { expect, test } from 'vitest';
import { poolsCommand } from '../../../electron/core/probes/pools.ts';
import { countersOf } from '../../../electron/demo/render/load.ts';
import { migrateDomain } from '../../../electron/demo/world/domains.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import { linkMibPerSecond, startMigration } from '../../../electron/demo/world/migration.ts';
import { vmOn } from './cases.ts';
import { stillDemo } from './still-demo.ts';

const hourMs = 3_600_000;

test('a day has its rhythm: every machine with VMs is busier in the afternoon than at night', () => {
  const demo = stillDemo();
  const hosts = demo.world.members().filter(({ domains }) => domains.size > 2);
  expect(hosts.length).toBeGreaterThan(5);
  const passUntil = (hour: number): void => {
    const past = demo.world.clock.now() % (24 * hourMs);
    demo.pass((hour * hourMs - past + 24 * hourMs) % (24 * hourMs));
  };
  /** The share of their time in which they were busy, from one hour to another. */
  const busyFrom = (from: number, to: number): readonly number[] => {
    passUntil(from);
    const before = hosts.map((node) => ({ ...countersOf(demo.world, node) }));
    for (let hour = from; hour < to; hour += 1) {
      demo.pass(hourMs);
      for (const node of hosts) countersOf(demo.world, node);
    }
    return hosts.map((node, index) => {
      const [then, now] = [before[index], countersOf(demo.world, node)];
      return (now.busyTicks - (then?.busyTicks ?? 0)) / (now.totalTicks - (then?.totalTicks ?? 0));
    });
  };
  const [afternoon, night] = [busyFrom(14, 18), busyFrom(2, 6)];
  for (const [index, share] of night.entries()) expect((afternoon[index] ?? 0) / share).toBeGreaterThan(1.5);
});

test('a degraded pool is being rebuilt, and gets on', async () => {
  const demo = stillDemo();
  const percent = async (): Promise<number> => {
    const { stdout } = await demo.askPlain('demo-w02', poolsCommand);
    return Number(/recovery = ([\d.]+)%/u.exec(stdout)?.[1]);
  };
  const first = await percent();
  demo.pass(hourMs);
  const second = await percent();
  expect([first > 0, second > first, second < 100]).toEqual([true, true, true]);
});

test('what a VM writes while it moves is sent again: the more it writes the longer it takes, and faster than the link it never ends', () => {
  const demo = stillDemo();
  const { clock } = demo.world;
  const move = { vm: 'x', source: 'a', target: 'b', memoryMib: 16_384, mibPerSecond: null };
  /** Passes and seconds of a migration; `null` where it is not over after an hour. */
  const tried = (dirtyMibPerSecond: number) => {
    const ends: number[] = [];
    const start = clock.now();
    const job = startMigration(clock, { ...move, dirtyMibPerSecond }, () => ends.push((clock.now() - start) / 1000));
    let passes = 0;
    for (let second = 0; second < 3_600 && ends.length === 0; second += 1) {
      passes = job.progress().iteration;
      demo.pass(1_000);
    }
    return { passes, seconds: ends[0] ?? null };
  };
  const [still, some, much, endless] = [tried(0), tried(100), tried(550), tried(1_600)];
  expect(still.passes).toBe(1);
  // It is looked at once a second.
  expect(Math.abs((still.seconds ?? 0) - 16_384 / linkMibPerSecond)).toBeLessThan(1);
  expect([some.passes > still.passes, much.passes > some.passes]).toEqual([true, true]);
  expect([(some.seconds ?? 0) > (still.seconds ?? 0), (much.seconds ?? 0) > (some.seconds ?? 0) * 1.3]).toEqual([
    true,
    true,
  ]);
  expect(endless.seconds).toBeNull();
});

/** A VM of w01's that takes about 15 s to w11, and is on its way there. */
function movingAway() {
  const demo = stillDemo();
  const { world } = demo;
  const [source, target, vm] = [world.nodes.get('demo-w01'), world.nodes.get('demo-w11'), vmOn(demo, 'demo-w01')];
  const moved = world.vms.get(vm);
  if (source === undefined || target === undefined || moved === undefined) throw new Error('the demo has them');
  let end: string | null = null;
  const mibPerSecond = Math.ceil(moved.memoryMib / 15);
  const job = migrateDomain(world, { ...moved, dirtyMibPerSecond: 0 }, source, target, mibPerSecond, ({ kind }) => {
    end = kind;
  });
  if (typeof job === 'string') throw new Error(job);
  demo.pass(3_000);
  return { demo, job, vm, end: () => end, bytes: () => job.progress().processedBytes };
}

test.each([
  ['its source is cut off', { kind: 'network-cut', node: 'demo-w01' }],
  ['its target is cut off', { kind: 'network-cut', node: 'demo-w11' }],
  ['its source hangs', { kind: 'node-freezes', node: 'demo-w01' }],
  ['its target hangs', { kind: 'node-freezes', node: 'demo-w11' }],
] as const)('a migration stands still while %s', (_, fault) => {
  const { demo, bytes, end } = movingAway();
  makeFault(demo.world, { kind: 'fencing-fails', node: fault.node }, () => undefined);
  makeFault(demo.world, fault, () => undefined);
  const then = bytes();
  demo.pass(60_000);
  expect([bytes(), end()]).toEqual([then, null]);
});

test('mended in time it goes on where it stood, and takes as much longer', () => {
  const { demo, bytes, end, vm } = movingAway();
  makeFault(demo.world, { kind: 'network-cut', node: 'demo-w11' }, () => undefined);
  demo.pass(5_000);
  const then = bytes();
  makeFault(demo.world, { kind: 'heal' }, () => undefined);
  demo.pass(1_000);
  expect(bytes()).toBeGreaterThan(then);
  demo.pass(10_500);
  expect(end()).toBeNull();
  demo.pass(1_500);
  expect(end()).toBe('moved');
  expect(demo.world.nodes.get('demo-w11')?.domains.get(vm)).toMatchObject({ state: 'running', reason: 'migrated' });
});
