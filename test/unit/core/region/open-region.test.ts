import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../../electron/core/db/settings.ts';
import type { MetricsTick } from '../../../../electron/core/metrics/ring.ts';
import { createRegionCache } from '../../../../electron/core/region/cache.ts';
import { openRegion } from '../../../../electron/core/region/open-region.ts';
import type { RemoteCommand, SshTarget } from '../../../../electron/core/ssh/transport.ts';
import type { RegionEvents } from '../../../../shared/contract/regions.ts';
import { regionId } from '../../../../shared/model/ids.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';
import { capture, framed } from '../cluster/capture.ts';
import { openTestStore, temporaryFolder } from '../db/store-folder.ts';
import { labOwn, pass, problem, replayed, scriptedPool, settle, type Machine } from './scripted-pool.ts';

const refused = problem('connection-refused', 'it refuses connections');
const login = { user: 'root', port: 22, methods: [{ kind: 'agent' as const }] };
const hour = 3_600_000;

/** A machine that answers every probe, and the cluster's read as a captured state. */
function machine(state: () => string | Problem | undefined): Machine {
  const probes = labOwn('c2');
  return {
    answer: (question, command: RemoteCommand) => {
      if (question !== 'cluster') return probes(question, command);
      const name = state();
      if (name === undefined) return new Promise(() => {});
      if (typeof name !== 'string') return name;
      return replayed(
        framed({
          crmMon: capture(`${name}/crm_mon.xml`),
          cib: capture(`${name}/cib.xml`),
          corosync: capture(`${name}/corosync.conf`),
          quorum: capture(`${name}/quorumtool.txt`),
        }),
        command,
      );
    },
  };
}

function opened(
  find: (to: SshTarget) => Machine | Problem,
  seeds: readonly string[] = ['c1', 'c2'],
  clock = simulatedClock(),
  store = openTestStore(temporaryFolder(), () => clock.now()),
) {
  const pool = scriptedPool(find);
  const changes: RegionEvents['region.changed'][] = [];
  const ticks: MetricsTick[] = [];
  const region = openRegion(
    {
      id: regionId('r1'),
      name: 'North',
      colour: 'teal',
      seeds: seeds.map((host) => ({ host, port: 22 })),
      login,
      jumps: [],
      nodeLogins: {},
      demoLabel: null,
    },
    {
      pool,
      clock,
      settings: () => defaultSettings,
      cache: createRegionCache(store.openInventory(regionId('r1'))),
      metrics: {
        record: (tick) => ticks.push(tick),
        trends: () => [],
        history: () => Promise.reject(new Error('not asked here')),
        sizeBytes: () => Promise.resolve(0),
        setRetention: () => {},
        ready: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      onChanged: (event) => changes.push(event),
      onTrends: () => {},
    },
  );
  return { clock, store, pool, changes, ticks, region };
}

const reasons = (region: ReturnType<typeof opened>['region']) =>
  new Set(region.snapshot().nodes.map(({ status }) => status.reason));

describe('R1: why a status is not known', () => {
  test('is the doubted answer while that is what the control nodes say', async () => {
    let isQuorate = true;
    const { clock, region } = opened(() => machine(() => (isQuorate ? 'healthy/lab-c1' : 'no-quorum/lab-c1')));
    await pass(clock, 20_000);
    expect(reasons(region)).toEqual(new Set(['']));
    isQuorate = false;
    await pass(clock, 20_000);
    expect(reasons(region)).toEqual(new Set(['no quorum: 1 of 3 votes']));
    await region.close();
  });

  test('is never an old doubt: once another control node has answered, its silence is only silence', async () => {
    let areUp = true;
    const { clock, region } = opened(({ host }) => {
      if (!areUp) return refused;
      return machine(() => (!areUp ? refused : host === 'c1' ? 'no-quorum/lab-c1' : 'healthy/lab-c1'));
    });
    await pass(clock, 20_000);
    expect(region.snapshot().region.connection).toMatchObject({ kind: 'live' });
    areUp = false;
    // Until the first round that failed: the next one would have forgotten the doubt by itself.
    for (let step = 0; step < 100 && region.snapshot().region.connection.kind !== 'offline'; step += 1) {
      await pass(clock, 100, 100);
    }
    expect(region.snapshot().region.connection).toMatchObject({ kind: 'offline', problem: refused });
    expect(reasons(region)).toEqual(new Set(['the cluster is not reachable from this laptop']));
    await region.close();
  });
});

test('a question says which try left it: the same while nobody asks, a later one once it is asked again', async () => {
  const { clock, region } = opened(() => problem('secret-needed', 'it asks for a password'));
  const asked = () => region.snapshot().region.questions.map(({ about, askedAt }) => [about, askedAt] as const);
  await pass(clock, 10_000);
  const first = asked();
  expect(first.map(([about]) => about)).toEqual(['region']);
  await pass(clock, 60_000);
  expect(asked()).toEqual(first);
  region.retry();
  await pass(clock, 10_000);
  expect(asked()[0]?.[1]).toBeGreaterThan(first[0]?.[1] ?? Infinity);
  await region.close();
});

test('a thousand values make at most four events a second', async () => {
  const { clock, changes, region } = opened(() => machine(() => 'healthy/lab-c1'));
  await pass(clock, 10_000, 50);
  const before = changes.length;
  await pass(clock, 10_000, 50);
  expect(changes.length - before).toBeGreaterThan(1);
  expect(changes.length - before).toBeLessThanOrEqual(40);
  await region.close();
});

test('every member is sampled at the pace of the fast values, and only what was just read', async () => {
  const { clock, ticks, region } = opened(({ host }) =>
    host.endsWith('.13') ? refused : machine(() => 'healthy/lab-c1'),
  );
  await pass(clock, 21_000);
  const last = ticks.at(-1);
  const used = [...(last?.values['memoryUsedPercent'] ?? [])];
  expect(Object.fromEntries((last?.nodes ?? []).map((id, index) => [id, Number.isNaN(used[index])]))).toEqual({
    'member:lab-c1': false,
    'member:lab-c2': false,
    'member:lab-c3': true,
    'member:lab-w1': false,
  });
  await region.close();
});

test('closed while the cluster is being read, it begins nothing any more and leaves nothing open', async () => {
  let isSlow = false;
  const { clock, pool, changes, region } = opened(() => machine(() => (isSlow ? undefined : 'healthy/lab-c1')));
  await pass(clock, 7000);
  isSlow = true;
  await pass(clock, 6000);
  await region.close();
  await settle();
  const [tries, told] = [pool.tries.length, changes.length];
  expect(clock.pending()).toBe(0);
  expect(pool.open()).toEqual({ connections: 0, shells: 0, follows: 0 });
  await pass(clock, hour, 60_000);
  expect([pool.tries.length, changes.length]).toEqual([tries, told]);
});

test('cached rows are painted first: for half a second nothing is connected and nothing told, unless a person asks', async () => {
  const before = opened(() => machine(() => 'healthy/lab-c1'), ['c1']);
  await pass(before.clock, 7000);
  await before.region.close();

  const { clock, store } = before;
  const { pool, changes, region } = opened(() => machine(() => 'healthy/lab-c1'), ['c1'], clock, store);
  expect(region.snapshot().nodes).toHaveLength(4);
  expect(region.snapshot().region.connection).toMatchObject({ kind: 'connecting', to: 'c1' });
  await pass(clock, 490, 10);
  expect([pool.tries, changes]).toEqual([[], []]);
  await pass(clock, 20, 10);
  expect(pool.tries.length).toBeGreaterThan(0);
  expect(changes.length).toBeGreaterThan(0);
  await region.close();

  const again = opened(() => machine(() => 'healthy/lab-c1'), ['c1'], clock, store);
  again.region.retry();
  await settle();
  expect(again.pool.tries.length).toBeGreaterThan(0);
  await again.region.close();
});
