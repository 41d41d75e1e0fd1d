import { describe, expect, test } from 'vitest';
import { fenceLoop } from '../../../../electron/core/lifecycle/fencing.ts';
import type { ClusterAnswer, FenceEvent } from '../../../../shared/model/cluster.ts';
import { answerOf } from '../cluster/capture.ts';
import { noon, watch, withNode } from './situations.ts';

const minute = 60_000;
const event = (minutesAgo: number, change: Partial<FenceEvent> = {}): FenceEvent => ({
  action: 'reboot',
  target: 'lab-c3',
  status: 'success',
  delegate: 'lab-c1',
  client: 'pacemaker-controld.436',
  completedAt: noon - minutesAgo * minute,
  exitReason: '',
  ...change,
});

describe('R18: a fence loop', () => {
  test('R18: three fencings within an hour are one; two, or three over a longer time, or long ago, are not', () => {
    expect(fenceLoop([event(1), event(20), event(50)], noon)).toBe(3);
    expect(fenceLoop([event(1), event(20)], noon)).toBe(0);
    expect(fenceLoop([event(1), event(40), event(75)], noon)).toBe(0);
    expect(fenceLoop([event(61), event(70), event(80)], noon)).toBe(0);
  });

  test('R18: failed attempts, a device’s "on", and two entries for one fencing are no further fencings', () => {
    const twice = [event(1), event(1, { client: 'stonith_admin.10513' })];
    expect(fenceLoop([...twice, event(20)], noon)).toBe(0);
    expect(fenceLoop([event(1), event(20), event(30, { status: 'failed' })], noon)).toBe(0);
    expect(fenceLoop([event(1), event(20), event(30, { action: 'on' })], noon)).toBe(0);
  });

  test('R18: the status says so, on the node that it is about and on no other', () => {
    const answer: ClusterAnswer = { ...answerOf('healthy/lab-c1'), fencing: [event(1), event(20), event(50)] };
    expect(watch(answer, 'lab-c3').view.warnings).toEqual(['fence loop: fenced 3 times within an hour']);
    expect(watch(answer, 'lab-c2').view.warnings).toEqual([]);
    const fenced = withNode(answer, 'lab-c3', { isOnline: false });
    expect(watch(fenced, 'lab-c3').view).toMatchObject({
      status: 'fenced',
      warnings: ['fence loop: fenced 3 times within an hour', 'not reachable from this laptop'],
    });
  });
});

test('a fencing that nobody watched, of a node that is up at the first sight, is over', () => {
  const answer: ClusterAnswer = { ...answerOf('healthy/lab-c1'), fencing: [event(5)] };
  expect(watch(answer, 'lab-c3', { times: 1 }).view.status).toBe('active');
});

test('a fencing that happened between two polls is seen by its history: Unfencing, though the node is online again', () => {
  const healthy = answerOf('healthy/lab-c1');
  const before = watch(healthy, 'lab-c3').memory;
  const after = { ...healthy, fencing: [event(-1)] };
  expect(watch(after, 'lab-c3', { before, startAt: noon + 2 * minute, times: 1 }).view.status).toBe('unfencing');
});

test('R29: a status carries the moment it was proven; held over a doubtful sample it is not made younger', () => {
  const healthy = answerOf('healthy/lab-c1');
  const before = watch(healthy, 'lab-c3');
  expect(before.view.readAt).toBe(noon + 4000);
  const unclean = withNode(healthy, 'lab-c3', { isOnline: false, isUnclean: true });
  const once = watch(unclean, 'lab-c3', { before: before.memory, startAt: noon + minute, times: 1 });
  expect([once.view.status, once.view.readAt]).toEqual(['active', noon + 4000]);
});

test('R29: a value that is older than two of its intervals proves nothing: an old "libvirt answers" opens no health gate', () => {
  const fenced = answerOf('dead-fenced-offline/lab-c1');
  const before = watch(fenced, 'lab-c3').memory;
  const up = withNode(fenced, 'lab-c3', { isOnline: true });
  const host = (at: number) => ({
    reachability: { kind: 'reachable', at } as const,
    observedAt: at,
    libvirt: { kind: 'known', value: 'answers', readAt: at - 11_000, intervalMs: 5000 } as const,
    domains: { kind: 'none' } as const,
    clusterServices: { kind: 'none' } as const,
    carrier: { kind: 'none' } as const,
    clockOffsetMs: { kind: 'none' } as const,
    pools: { kind: 'none' } as const,
  });
  const { view } = watch(up, 'lab-c3', { before, startAt: noon + minute, times: 9, host });
  expect([view.status, view.reason]).toEqual(['unfencing', 'health check 1 of 3: libvirt does not answer: not known']);
});
