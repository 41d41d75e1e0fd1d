import { memberId } from '#shared/model/ids.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultDemoOptions } from '#shared/model/demo.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { problemOf } from '#shared/problems.ts';
import { forkDemo } from '../../../electron/shell/browser/demo-process.ts';
import { runApp, rowOf } from '../../helpers/running-app.ts';

const program = new URL('../../../electron/demo/process.ts', import.meta.url);
const names = ['demo-c1', 'demo-c2', 'demo-c3', 'demo-w01', 'demo-w02'];
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it worked',
    (error: unknown) => `${problemOf(error)?.code ?? 'a bug'}: ${problemOf(error)?.message ?? String(error)}`,
  );

/** When each member's CPU was read, UTC ms. */
const readAts = (snapshot: RegionSnapshot): readonly number[] =>
  names.map((name) => {
    const { cpuPercent } = rowOf(snapshot, name);
    return cpuPercent.kind === 'known' ? cpuPercent.readAt : 0;
  });
const oldOnes = (snapshot: RegionSnapshot): readonly string[] =>
  names.filter((name) => isOld(rowOf(snapshot, name).cpuPercent, Date.now()));
const reached = (snapshot: RegionSnapshot) => names.map((name) => rowOf(snapshot, name).reachability.kind);

test('R22: while this laptop sleeps nothing is read and every value grows old; when it wakes all is read anew, and nobody was called dead', async ({
  onTestFinished,
}) => {
  const app = await runApp({
    demo: { options: { ...defaultDemoOptions, nodes: 5 }, startProcess: () => forkDemo(program) },
  });
  onTestFinished(() => app.close());
  await app.call('settings.set', { fastIntervalMs: 1000, clusterIntervalMs: 1000 });
  const { id: regionId } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  const isFresh = (snapshot: RegionSnapshot): boolean =>
    snapshot.region.connection.kind === 'live' &&
    names.every((name) => snapshot.nodes.some(({ hostname }) => hostname === name)) &&
    readAts(snapshot).every((at) => Date.now() - at < 2000);
  await app.until(regionId, 'live', isFresh, 60_000);

  const sleeps = () => app.call('demo.inject', { regionId, fault: { kind: 'laptop-sleeps', seconds: 12 } });
  await sleeps();
  const sleptAt = Date.now();
  expect(await refusal(sleeps())).toBe(
    'demo-fault-refused: The demo region did not do that: the laptop sleeps already.',
  );
  const before = await app.call('regions.snapshot', { regionId });
  // A question of a person's waits for the laptop to wake, as the laptop itself does.
  const asked = app.call('nodes.refresh', { regionId, nodeId: memberId('demo-w01') }).then(() => Date.now() - sleptAt);
  await sleep(10_000);
  const during = await app.call('regions.snapshot', { regionId });
  expect(readAts(during)).toEqual(readAts(before));
  expect(oldOnes(during)).toEqual(names);
  expect(reached(during)).toEqual(reached(before));
  expect(during.region.connection.kind).toBe(before.region.connection.kind);

  const after = await app.until(regionId, 'read anew', isFresh, 20_000);
  expect(Date.now() - sleptAt).toBeGreaterThanOrEqual(11_500);
  expect(oldOnes(after)).toEqual([]);
  expect(await asked).toBeGreaterThanOrEqual(11_500);
  // The connections of before are those of now: nobody had to log in again.
  expect(names.map((name) => rowOf(after, name).reachability.kind)).toEqual(names.map(() => 'reachable'));
  expect(after.region.questions).toEqual([]);
  expect(valueOf(rowOf(after, 'demo-w01').uptimeSeconds)).toBeGreaterThan(0);
}, 120_000);

test('what is mended wakes the laptop; a region that is reset in its sleep begins anew', async ({ onTestFinished }) => {
  const app = await runApp({
    demo: { options: { ...defaultDemoOptions, nodes: 5 }, startProcess: () => forkDemo(program) },
  });
  onTestFinished(() => app.close());
  await app.call('settings.set', { fastIntervalMs: 1000, clusterIntervalMs: 1000 });
  const { id: regionId } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  const isLive = ({ region }: RegionSnapshot): boolean => region.connection.kind === 'live';
  await app.until(regionId, 'live', isLive, 60_000);
  const sleeps = { kind: 'laptop-sleeps', seconds: 600 } as const;
  await app.call('demo.inject', { regionId, fault: sleeps });
  await sleep(3_000);
  await app.call('demo.inject', { regionId, fault: { kind: 'heal' } });
  await app.until(regionId, 'awake', (snapshot) => readAts(snapshot).every((at) => Date.now() - at < 1500), 20_000);
  await app.call('demo.inject', { regionId, fault: sleeps });
  const { id } = await app.call('demo.reset', {});
  await app.call('regions.open', { regionId: id });
  await app.until(id, 'live', isLive, 60_000);
}, 180_000);
