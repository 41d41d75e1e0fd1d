import { expect, test } from 'vitest';
import { nodeStatuses, type NodeStatus } from '#shared/lifecycle/statuses.ts';
import { faultsOf } from '../../soak/faults.ts';
import { growthInEightHours } from '../../soak/heap.ts';
import { fits, judge, missing } from '../../soak/judge.ts';
import { TruthHistory, type NodeTruth } from '../../soak/truth.ts';
import { frankfurt, liveView } from '../../e2e/helpers/region.ts';
import { row } from '../../e2e/helpers/rows.ts';

const now = 1_800_000_000_000;
const view = liveView(frankfurt, now);
const online: NodeTruth = {
  name: 'w1',
  role: 'worker',
  membership: 'online',
  isStandby: false,
  wasFenced: false,
  vms: 3,
  operation: null,
  hasFailedPool: false,
  isHardToReach: false,
};

function historyOf(...changes: readonly (readonly [agoMs: number, changed: Partial<NodeTruth>])[]): TruthHistory {
  const history = new TruthHistory(20 * 60_000);
  for (const [agoMs, changed] of changes) history.take(now - agoMs, [{ ...online, ...changed }]);
  return history;
}

const verdictOn = (status: NodeStatus, history: TruthHistory, shownIn = view) =>
  judge(row({ name: 'w1', status }, now), shownIn, history, now).kind;

test('R29: a status is true for two intervals after it was, and no longer', () => {
  expect(verdictOn('active', historyOf([60_000, {}], [8000, { membership: 'unclean' }]))).toBe('true');
  expect(verdictOn('active', historyOf([60_000, {}], [12_000, { membership: 'unclean' }]))).toBe('false');
});

test('what is marked as old, by itself or by the banner over all of it, is no untruth', () => {
  const history = historyOf([60_000, { membership: 'unclean' }]);
  const unknown = row({ name: 'w1', status: 'active', unknownSince: now - 1000 }, now);
  expect(judge(unknown, view, history, now).kind).toBe('marked');
  const silent = { ...view, connection: { kind: 'live', since: 0, via: 'c1', readAt: now - 20_000 } } as const;
  expect(verdictOn('active', history, silent)).toBe('marked');
});

test('R1: a node with a VM on it is not in maintenance, whatever else is said of it', () => {
  expect(fits('in-maintenance', { ...online, isStandby: true })).toBe(false);
  expect(fits('in-maintenance', { ...online, isStandby: true, vms: 0 })).toBe(true);
});

test('a healthy member is nothing but active, and a server outside of the cluster never is', () => {
  const fitting = (truth: NodeTruth) => nodeStatuses.filter((status) => fits(status, truth));
  expect(fitting(online)).toEqual(['active']);
  expect(fitting({ ...online, role: 'none' })).toEqual(['approved', 'candidate', 'inadequate', 'rejected', 'out']);
});

test('a node that has long come back is not unfencing any more, unless it does not answer', () => {
  const fenced = { wasFenced: true };
  expect(verdictOn('unfencing', historyOf([100_000, fenced]))).toBe('false');
  const back = historyOf([300_000, { ...fenced, membership: 'pending' }], [100_000, fenced]);
  expect(verdictOn('unfencing', back)).toBe('true');
  expect(verdictOn('unfencing', historyOf([300_000, { ...fenced, isHardToReach: true }]))).toBe('true');
});

test('a member without a row is missed', () => {
  expect(missing([], view, historyOf([60_000, {}]), now)).toEqual(['w1']);
  expect(missing([], view, historyOf([60_000, { role: 'none' }]), now)).toEqual([]);
});

test('R30: the heap’s growth is that after its warm-up, with what is not known of it, and what is under way at a moment is none', () => {
  const mib = 1024 * 1024;
  const looks = (bytes: (minute: number) => number) =>
    Array.from({ length: 180 }, (_value, index) => ({ at: index * 10_000, bytes: bytes(index / 6) }));
  // It fills for five minutes; every other look sees an answer under way.
  const full = growthInEightHours(looks((minute) => Math.min(minute, 5) * mib + (minute % 0.5 > 0.2 ? 5 * mib : 0)));
  expect(full).toEqual({ bytes: 0, errorBytes: 0 });
  const growing = growthInEightHours(looks((minute) => minute * mib));
  expect(Math.round((growing?.bytes ?? 0) / mib)).toBe(480);
  expect(Math.round((growing?.errorBytes ?? 1) / mib)).toBe(0);
  // By 1 MiB up and down from one two minutes to the next, and level: that it does not grow is not known by half an hour of it.
  const uncertain = growthInEightHours(looks((minute) => (Math.floor((minute + 1) / 2) % 2) * 2 * mib));
  expect(Math.abs(uncertain?.bytes ?? 0) / mib).toBeLessThan(5);
  expect((uncertain?.errorBytes ?? 0) / mib).toBeGreaterThan(10);
  expect(growthInEightHours([])).toBeUndefined();
});

test('the same seed makes the same faults, and all are mended now and then', () => {
  const some = (seed: number) => Array.from({ length: 200 }, faultsOf(seed, ['w1', 'w2'], ['vm1']));
  expect(some(1)).toEqual(some(1));
  expect(some(1)).not.toEqual(some(2));
  const kinds = new Set(some(1).map(({ fault }) => fault.kind));
  expect(kinds.size).toBe(10);
});
