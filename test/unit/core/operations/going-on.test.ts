import { describe, expect, test } from 'vitest';
import { noOperationChoices } from '#shared/model/cluster.ts';
import { memberId, operationId } from '#shared/model/ids.ts';
import { known } from '#shared/model/reading.ts';
import { problemOf } from '#shared/problems.ts';
import { decide } from '#shared/lifecycle/decide.ts';
import { decisionContext } from '#shared/lifecycle/context.ts';
import { clusterDouble, type ClusterDouble } from './cluster-double.ts';
import { disk, laptop, request, testDefinition, testStep, testTime, untilOver } from './laptop.ts';
import { requireMayGoOn } from '../../../../electron/core/operations/go-on.ts';
import { pause } from '../../../../electron/core/operations/time.ts';
import type { RegionAccess } from '../../../../electron/core/region/region-access.ts';
import { waitingVm } from '../../../../electron/core/operations/view.ts';

const id = operationId('op-1');
const lasting = () => testStep('held', async ({ clock, signal }) => pause(clock, 3_600_000, signal));

describe('Continue and Roll back', () => {
  const brake = { words: '3 nodes left Active within 60 s', nodes: [], liftedUntil: null };
  const refusals: readonly [string, Partial<ClusterDouble['region']>][] = [
    ['R14: the brake', { brake: brake as unknown as ClusterDouble['region']['brake'] }],
    ['R12: another machine under its name', { frozen: { c2: 'another host key answers' } }],
    ['a region that is open for reading only', { readOnlyBecause: 'Pacemaker 1.1 was never tested' }],
  ];
  test.each(refusals)('%s refuses both in the words of decide(), and nothing is done', async (_, change) => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const inventory = disk();
    const before = laptop(cluster, time, 'kestrel', testDefinition([lasting()]), inventory);
    await before.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    await before.operations.close();
    cluster.region = { ...cluster.region, ...change };
    const [next, undo] = [testStep('held'), testStep('undo')];
    const after = laptop(cluster, time, 'kestrel', testDefinition([next], [undo]), inventory);
    await after.region.readFresh();
    const row = { ...after.region.row(memberId('c2')), operation: null };
    const decided = decide(
      'force-maintenance',
      decisionContext(row, after.region.view(), [row, { id: memberId('c1') }], 0),
    );
    const [because, until] = decided.kind === 'refused' ? [decided.because, decided.until] : ['', ''];
    expect(because).not.toBe('');
    for (const [label, call] of [
      ['Continue', () => after.operations.continue(id)],
      ['Roll back', () => after.operations.rollBack(id)],
    ] as const)
      await expect(call()).rejects.toMatchObject({
        problem: {
          code: 'not-available',
          message: `${label} of c2 (Entering maintenance) was refused. ${because}`,
          advice: until,
        },
      });
    expect([next.acted, undo.acted]).toEqual([[], []]);
    cluster.region = { readOnlyBecause: null, brake: null, frozen: {} };
    await after.operations.continue(id);
    expect((await untilOver(time, after, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });
});

describe('a region that closes', () => {
  test.each([
    ['a start', 0],
    ['a start', 2],
    ['a start', 4],
  ])('R3: %s in flight drives nothing afterwards (after %i commands)', async (_, commands) => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const step = testStep('one');
    const one = laptop(cluster, time, 'kestrel', testDefinition([step]));
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    let sent = 0;
    cluster.wire = async () => {
      sent += 1;
      if (sent > commands) await held;
      return 'arrives';
    };
    const begun = one.operations.start(request(id, 'c2'), '');
    begun.catch(() => {});
    await time.pass(500);
    const closed = one.operations.close();
    go();
    await time.pass(10_000);
    await closed;
    await expect(begun).rejects.toMatchObject({ problem: { code: 'region-not-open' } });
    expect([step.acted, one.operations.running(), one.mistakes]).toEqual([[], [], []]);
    expect([...cluster.marks.keys()].filter((mark) => mark.startsWith('rackside-lease-'))).toEqual([]);
    // Nothing is recorded any more, but what was on its way already.
    expect(cluster.marks.has('rackside-op-c2')).toBe(commands >= 4);
  });
});

describe('an Activate whose node was fenced since it began', () => {
  const hourMs = 3_600_000;
  const now = 100 * hourMs;
  /** The node's fencings, so many minutes ago by the cluster's clock, which is two hours behind the laptop's. */
  const goOn = (minutes: readonly number[], direction: 'on' | 'undo', begunMinutesAgo: number) => {
    const at = (ago: number) => now - 2 * hourMs - ago * 60_000;
    const event = { target: 'c2', action: 'reboot', status: 'success', delegate: 'power', client: 'x', exitReason: '' };
    const cluster = clusterDouble();
    const region = {
      ...cluster.access('kestrel', () => now),
      answer: () => ({ fencing: minutes.map((ago) => ({ ...event, completedAt: at(ago) })) }),
      nodes: () => [{ observation: { clockOffsetMs: known(-2 * hourMs, now, 5000) } }],
    } as unknown as RegionAccess;
    const before = minutes.filter((ago) => ago >= begunMinutesAgo).map(at);
    const record = { node: 'c2', command: 'activate', fencedAt: Math.max(0, ...before) } as const;
    try {
      requireMayGoOn(region, record, direction, now);
      return 'goes on';
    } catch (error) {
      return problemOf(error)?.message;
    }
  };

  test('R18: three times within the hour is not continued: what was acknowledged was less than that', () => {
    expect(goOn([5, 15, 25], 'on', 20)).toMatch(/^Continue of c2 .* was refused\. Fence loop: fenced 3 times/u);
    expect(goOn([5, 15, 25], 'undo', 20)).toBe('goes on');
  });

  test('is continued where that is no loop, and where the loop was there when it began: that one was acknowledged', () => {
    expect(goOn([5, 15], 'on', 20)).toBe('goes on');
    expect(goOn([25, 35, 45], 'on', 20)).toBe('goes on');
  });
});

describe('several in turn', () => {
  test('R3: the same row twice, at once or later, is one row', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    cluster.marks.set(
      'rackside-limits',
      Buffer.from(JSON.stringify({ v: 1, maxOutOfService: 3 })).toString('base64url'),
    );
    const step = testStep('one', async ({ clock, signal }) => pause(clock, 5000, signal));
    const one = laptop(cluster, time, 'kestrel', testDefinition([step]));
    await one.region.readFresh();
    const row = ['c1', 'c2'].map((node, index) => ({ request: request(`op-${index}`, node), message: '' }));
    const [first, second] = await Promise.all([one.operations.startInTurn(row), one.operations.startInTurn(row)]);
    const third = await one.operations.startInTurn(row);
    expect(second).toBe(first);
    for (const again of [second, third]) expect(again.map((each) => each.id)).toEqual(first.map((each) => each.id));
    await time.pass(60_000);
    expect(step.acted).toEqual(['c1', 'c2']);
    const over = await one.operations.startInTurn(row);
    expect(over.map(({ state }) => state.kind)).toEqual(['ended', 'ended']);
    expect(step.acted).toEqual(['c1', 'c2']);
  });

  test('R20: one whose turn it is just now is not told as driven elsewhere, while its record is there and its steps have not begun', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const one = laptop(cluster, time, 'kestrel', testDefinition([testStep('one')]));
    const record = Buffer.from(JSON.stringify({ v: 1, maxOutOfService: 3 })).toString('base64url');
    cluster.marks.set('rackside-limits', record);
    await one.region.readFresh();
    const row = ['c1', 'c2'].map((node, index) => ({ request: request(`op-${index}`, node), message: '' }));
    await one.operations.startInTurn(row);
    cluster.wire = async () => {
      await pause(time.clock, 600, new AbortController().signal);
      return 'arrives';
    };
    const seen = new Set<string>();
    for (let passed = 0; passed < 60_000; passed += 500) {
      void one.region.readFresh().catch(() => {});
      await time.pass(500);
      seen.add(one.operations.get(operationId('op-1')).state.kind);
    }
    expect([...seen]).toEqual(['queued', 'running', 'ended']);
  });

  test('R3: an id that another operation has begins nothing, and nothing of a row goes by unnoticed', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    cluster.marks.set(
      'rackside-limits',
      Buffer.from(JSON.stringify({ v: 1, maxOutOfService: 3 })).toString('base64url'),
    );
    const step = testStep('one');
    const one = laptop(cluster, time, 'kestrel', testDefinition([step]));
    await one.region.readFresh();
    const row = (...calls: readonly (readonly [string, string])[]) =>
      one.operations.startInTurn(calls.map(([of, node]) => ({ request: request(of, node), message: '' })));
    const refused = (call: Promise<unknown>) =>
      expect(call).rejects.toMatchObject({ problem: { code: 'invalid-input' } });
    await refused(row(['op-1', 'c1'], ['op-1', 'c2']));
    await time.pass(60_000);
    expect(step.acted).toEqual([]);
    const first = one.operations.start(request('op-1', 'c1'), '');
    const meanwhile = refused(one.operations.start(request('op-1', 'c3'), ''));
    await first;
    await meanwhile;
    await time.pass(60_000);
    await refused(one.operations.start(request('op-1', 'c2'), ''));
    await refused(row(['op-1', 'c2']));
    await refused(row(['op-1', 'c1'], ['op-2', 'c2']));
    await time.pass(60_000);
    expect(step.acted).toEqual(['c1']);
    expect((await one.operations.start(request('op-1', 'c1'), '')).node).toBe('c1');
  });

  test('R3: the id of a shutdown begins nothing for another VM of the same node', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const one = laptop(cluster, time, 'kestrel', testDefinition([testStep('one')]));
    await one.region.readFresh();
    const shown = [{ ...waitingVm('vm1', 'stop', null), domain: 'shop-db' }];
    const of = (vm: string) => ({
      ...request('op-1', 'c1'),
      vm,
      judge: async () => ({ choices: noOperationChoices, vms: [], undo: [], shown }),
    });
    const first = await one.operations.start(of('vm1'), '');
    await expect(one.operations.start(of('vm2'), '')).rejects.toMatchObject({ problem: { code: 'invalid-input' } });
    expect((await one.operations.start(of('vm1'), '')).id).toBe(first.id);
  });

  test('over a line that is dead waits ten seconds for its locks and no longer; the next start of the same laptop goes on at once', async () => {
    const [cluster, time, inventory] = [clusterDouble(), testTime(), disk()];
    const before = laptop(cluster, time, 'kestrel', testDefinition([lasting()]), inventory);
    await before.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    cluster.wire = () => new Promise(() => {});
    let isClosed = false;
    const closed = before.operations.close().then(() => {
      isClosed = true;
    });
    await time.pass(9000);
    expect(isClosed).toBe(false);
    await time.pass(2000);
    await closed;
    expect(before.mistakes).toEqual([]);
    cluster.wire = async () => 'arrives';
    const after = laptop(cluster, time, 'kestrel', testDefinition([testStep('held')]), inventory);
    await after.region.readFresh();
    expect(after.operations.get(id).state.kind).toBe('unattended');
    await after.operations.continue(id);
    expect((await untilOver(time, after, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });
});
