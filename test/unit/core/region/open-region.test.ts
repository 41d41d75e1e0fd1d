import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultSettings } from '../../../../electron/core/db/settings.ts';
import { createLog } from '../../../../electron/core/log/log.ts';
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
import { startOf, timeline } from '../lifecycle/replay.ts';
import { labOwn, pass, problem, replayed, scriptedPool, settle, type Machine } from './scripted-pool.ts';

const refused = problem('connection-refused', 'it refuses connections');
const login = { user: 'root', port: 22, methods: [{ kind: 'agent' as const }] };
const hour = 3_600_000;

/** A machine that answers every probe, and the cluster's read as a captured state, or with another `crm_mon` in it. */
function machine(state: () => string | Problem | undefined, crmMon?: () => string): Machine {
  const probes = labOwn('c2');
  return {
    answer: (question, command: RemoteCommand) => {
      if (question !== 'cluster') return probes(question, command);
      const name = state();
      if (name === undefined) return new Promise(() => {});
      if (typeof name !== 'string') return name;
      return replayed(
        framed({
          crmMon: crmMon?.() ?? capture(`${name}/crm_mon.xml`),
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
  const log = createLog({ folder: temporaryFolder(), now: () => clock.now() });
  onTestFinished(() => log.close());
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
      log,
      onChanged: (event) => changes.push(event),
      onTrends: () => {},
    },
  );
  const logged = (): readonly unknown[] => {
    log.flush();
    const text = existsSync(log.path) ? readFileSync(log.path, 'utf8') : '';
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
  };
  return { clock, store, pool, changes, ticks, logged, region };
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

describe('the log says each change of a proven status once', () => {
  const snapshots = timeline('kill-fence-return');
  const start = startOf(snapshots[0]?.xml ?? '');
  const watched = (clock = simulatedClock(start), store?: ReturnType<typeof openTestStore>, hasQuorum = () => true) =>
    opened(
      () =>
        machine(
          () => (hasQuorum() ? 'healthy/lab-c1' : 'no-quorum/lab-c1'),
          () => snapshots.findLast(({ atMs }) => atMs <= Math.max(1000, clock.now() - start))?.xml ?? '',
        ),
      ['c1', 'c2'],
      clock,
      store,
    );
  const killed = {
    region: 'North',
    node: 'lab-c3',
    from: 'active',
    to: 'fenced',
    reason: 'fenced at 2026-11-22T11:20:07.000Z by power through lab-c1, by the cluster itself',
  };

  test('a node that loses power: a fencing of 0.3 s goes straight to Fenced, with when and by whom; its way back too', async () => {
    const { clock, logged, region } = watched();
    await pass(clock, 9000);
    expect(logged()).toEqual([]);
    await pass(clock, 3000);
    expect(logged()).toMatchObject([
      {
        level: 'info',
        at: new Date(start + 10_000).toISOString(),
        message: 'a node has another status',
        details: killed,
      },
    ]);
    // Its health check goes on, and with it the reason: that is no other status.
    await pass(clock, 60_000);
    expect(logged().slice(0, 2)).toMatchObject([
      { details: killed },
      { details: { node: 'lab-c3', from: 'fenced', to: 'unfencing' } },
    ]);
    // Well for long enough, it is Active.
    expect(JSON.stringify(logged().slice(2))).not.toMatch(/"to":"(?!active)/u);
    await region.close();
  });

  test('what the cache knew is no change, over a restart and a silence; what became of it meanwhile is', async () => {
    const before = watched();
    const { clock, store } = before;
    await pass(clock, 7000);
    await before.region.close();
    const same = watched(clock, store);
    await pass(clock, 1000);
    await same.region.close();
    let hasQuorum = false;
    const { logged, region } = watched(clock, store, () => hasQuorum);
    await pass(clock, 2500);
    expect(reasons(region)).toEqual(new Set(['no quorum: 1 of 3 votes']));
    hasQuorum = true;
    await pass(clock, 2000);
    expect([before.logged(), same.logged(), logged()]).toMatchObject([[], [], [{ details: killed }]]);
    await region.close();
  });
});
