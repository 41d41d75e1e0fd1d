import { expect, test } from 'vitest';
import { poolsCommand } from '../../../electron/core/probes/pools.ts';
import { countersOf } from '../../../electron/demo/render/load.ts';
import { linkMibPerSecond, startMigration } from '../../../electron/demo/world/migration.ts';
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
  const { world, pass } = stillDemo();
  const move = { vm: 'x', source: 'a', target: 'b', memoryMib: 16_384, mibPerSecond: null };
  /** Passes and seconds of a migration; `null` where it is not over after an hour. */
  const tried = (dirtyMibPerSecond: number) => {
    let end: number | null = null;
    let passes = 0;
    const start = world.clock.now();
    const job = startMigration(world.clock, { ...move, dirtyMibPerSecond }, () => {
      end = (world.clock.now() - start) / 1000;
    });
    for (let second = 0; second < 3_600 && end === null; second += 1) {
      passes = job.progress().iteration;
      pass(1_000);
    }
    return { passes, seconds: end };
  };
  const [still, some, much, endless] = [tried(0), tried(100), tried(550), tried(1_600)];
  expect(still).toEqual({ passes: 1, seconds: expect.closeTo(16_384 / linkMibPerSecond, 0) });
  expect([some.passes > still.passes, much.passes > some.passes]).toEqual([true, true]);
  expect([(some.seconds ?? 0) > (still.seconds ?? 0), (much.seconds ?? 0) > (some.seconds ?? 0) * 1.3]).toEqual([
    true,
    true,
  ]);
  expect(endless.seconds).toBeNull();
});
