import { describe, expect, test } from 'vitest';
import { createStanding } from '../../../../electron/core/region/standing.ts';
import type { RegionNode } from '../../../../electron/core/region/region-node.ts';
import { buildRow } from '../../../../electron/core/region/build-row.ts';
import { nothingObserved } from '../../../../electron/core/region/observation.ts';
import { slowReadingsLater, summaryOf } from '../../../../electron/core/region/slow-summary.ts';
import { known } from '../../../../shared/model/reading.ts';
import type { NodeStatus } from '../../../../shared/lifecycle/statuses.ts';
import type { ClusterAnswer, ClusterResource } from '../../../../shared/model/cluster.ts';
import type { PulledBrake } from '../../../../electron/core/lifecycle/brake.ts';
import { answerOf } from '../cluster/capture.ts';
import { memberOf, observed } from './nodes.ts';

const names = ['lab-c1', 'lab-c2', 'lab-c3', 'lab-w1'] as const;
type Name = (typeof names)[number];
const minute = 60_000;

interface Seen {
  readonly status?: NodeStatus;
  readonly isUnknown?: boolean;
  readonly maintenance?: NonNullable<RegionNode['membership']['record']['maintenance']>;
  readonly isCandidate?: boolean;
  readonly observation?: RegionNode['observation'];
}

/** A region of the four captured members, all of them Active until it is said otherwise. */
function region(
  start: ClusterAnswer | undefined = answerOf('healthy/lab-c1'),
  pulledBefore: PulledBrake | null = null,
  times = 1,
) {
  let kept = pulledBefore;
  let writes = 0;
  let now = start?.readAt ?? 0;
  let answer: ClusterAnswer | undefined = start;
  let seen: Partial<Record<Name, Seen>> = {};
  let computed = 0;
  const standing = createStanding({
    now: () => now,
    answer: () => answer,
    kept: {
      loadBrake: () => kept,
      saveBrake: (brake) => {
        kept = brake;
        writes += 1;
      },
    },
    nodes: () =>
      Array.from({ length: times }, () => names)
        .flat()
        .map((name) => {
          const node = memberOf(name, seen[name]?.observation);
          const { status = 'active', isUnknown = false, maintenance = null, isCandidate = false } = seen[name] ?? {};
          return {
            ...node,
            membership: {
              ...node.membership,
              kind: isCandidate ? 'candidate' : 'member',
              record: { ...node.membership.record, maintenance },
            },
            status: { ...node.status, status, unknownSince: isUnknown ? now : null },
          } as const;
        }),
    rowOf: (node) => {
      computed += 1;
      return buildRow(node, { clusterIntervalMs: 5000, reserve: { bytes: 2 ** 30, share: 0.1 } });
    },
  });
  return {
    standing,
    /** The cluster answers, and the nodes are as said; those that are not named are Active. */
    answers: (next: typeof seen = {}): void => {
      seen = next;
      standing.onAnswer();
    },
    answerIs: (next: ClusterAnswer | undefined): void => {
      answer = next;
    },
    pass: (ms: number): void => {
      now += ms;
    },
    computed: () => computed,
    kept: () => ({ brake: kept, writes }),
  };
}

const failed = { status: 'failed' } as const;

/** The captured answer with one VM on lab-c1 besides, that needs more memory than any node is known to have. */
function withVm(name: string): ClusterAnswer {
  const answer = answerOf('healthy/lab-c1');
  const vm: ClusterResource = {
    id: name,
    clone: null,
    agent: 'ocf:heartbeat:VirtualDomain',
    role: 'Started',
    isManaged: true,
    isFailed: false,
    isBlocked: false,
    isOrphaned: false,
    nodes: ['lab-c1'],
  };
  const definition = { resource: name, domain: name, memoryMib: 2 ** 30, canLiveMigrate: true };
  return { ...answer, resources: [...answer.resources, vm], vms: [...answer.vms, definition] };
}

describe('R14: the brake of a region', () => {
  test('is pulled by two nodes that leave Active within a minute, and by one alone it is not', () => {
    const one = region();
    one.answers();
    one.answers({ 'lab-c1': failed });
    expect(one.standing.brake()).toBeNull();
    one.pass(30_000);
    one.answers({ 'lab-c1': failed, 'lab-w1': { status: 'fenced' } });
    expect(one.standing.brake()).toMatchObject({ nodes: ['lab-c1', 'lab-w1'], liftedUntil: null });
  });

  test('is not pulled by what leaves one after the other, nor by what was never seen Active', () => {
    const slow = region();
    slow.answers();
    slow.answers({ 'lab-c1': failed });
    slow.pass(minute + 1);
    slow.answers({ 'lab-c1': failed, 'lab-c2': failed });
    expect(slow.standing.brake()).toBeNull();
    const late = region();
    late.answers({ 'lab-c1': failed, 'lab-c2': failed });
    late.answers({ 'lab-c1': failed, 'lab-c2': failed });
    expect(late.standing.brake()).toBeNull();
  });

  test('is not pulled by nodes that somebody works on, that nobody sees, or that are no members', () => {
    const maintenance = { by: 'kim', since: 1, reason: 'fans' } as unknown as NonNullable<Seen['maintenance']>;
    for (const why of [
      { status: 'entering-maintenance', maintenance },
      { ...failed, isUnknown: true },
      { ...failed, isCandidate: true },
    ] as const) {
      const { answers, standing } = region();
      answers();
      answers({ 'lab-c1': why, 'lab-c2': why });
      expect(standing.brake()).toBeNull();
    }
  });

  test('is lifted by a person for ten minutes and no longer, and more nodes that leave pull it again', () => {
    const { answers, standing, pass } = region();
    const two = { 'lab-c1': failed, 'lab-c2': failed };
    answers();
    answers(two);
    standing.lift();
    const lifted = standing.brake();
    expect(lifted?.liftedUntil).toBe((lifted?.since ?? 0) + 10 * minute);
    pass(5 * minute);
    answers(two);
    expect(standing.brake()?.liftedUntil).toBe(lifted?.liftedUntil);
    pass(5 * minute);
    answers(two);
    expect(standing.brake()?.liftedUntil).toBeNull();
    standing.lift();
    pass(minute);
    answers({ ...two, 'lab-c3': failed, 'lab-w1': failed });
    expect(standing.brake()).toMatchObject({ nodes: names, liftedUntil: null });
  });

  test('is remembered over a restart, until it is over or a person lifts it', () => {
    const before = region();
    before.answers();
    before.answers({ 'lab-c1': failed, 'lab-c2': failed });
    const { brake } = before.kept();
    const after = region(undefined, brake);
    expect(after.standing.brake()).toEqual(before.standing.brake());
    after.answers({ 'lab-c1': failed, 'lab-c2': failed });
    expect(after.standing.brake()).toMatchObject({ nodes: ['lab-c1', 'lab-c2'], liftedUntil: null });
    // What says the same is not written again.
    expect(after.kept()).toEqual({ brake, writes: 0 });
    after.standing.lift();
    expect(region(undefined, after.kept().brake).standing.brake()).toEqual(after.standing.brake());
  });

  test('that does not hold is not lifted in advance', () => {
    const { answers, standing } = region();
    answers();
    standing.lift();
    answers({ 'lab-c1': failed, 'lab-c2': failed });
    expect(standing.brake()).toMatchObject({ liftedUntil: null });
  });

  test('is over once all of them have been Active for ten minutes', () => {
    const { answers, standing, pass } = region();
    answers();
    answers({ 'lab-c1': failed, 'lab-c2': failed });
    pass(minute);
    answers();
    pass(10 * minute - 1);
    answers();
    expect(standing.brake()).not.toBeNull();
    pass(1);
    answers();
    expect(standing.brake()).toBeNull();
  });
});

describe('headroom', () => {
  test('is not known before a cluster has answered, and then warns of nothing', () => {
    const { standing, answerIs } = region();
    answerIs(undefined);
    expect([standing.headroom(), standing.warning()]).toEqual([null, null]);
  });

  test('says nothing of nodes that nobody sees: not that none is Active, and not that one could be serviced', () => {
    const { standing, answers, pass } = region();
    const unseen = { isUnknown: true };
    answers({ 'lab-c1': unseen, 'lab-c2': unseen, 'lab-c3': unseen, 'lab-w1': unseen });
    expect([standing.headroom(), standing.warning()]).toEqual([null, null]);
    answers({ 'lab-c1': unseen, 'lab-c2': unseen });
    pass(2000);
    expect(standing.headroom()).toMatchObject({ active: 2 });
  });

  test('is computed once for an answer, again after two seconds, and at once for the next answer', () => {
    const { standing, answerIs, pass, computed } = region();
    const first = standing.headroom();
    const after = computed();
    pass(1999);
    expect(standing.headroom()).toBe(first);
    expect(computed()).toBe(after);
    pass(1);
    standing.headroom();
    expect(computed()).toBe(2 * after);
    answerIs({ ...answerOf('healthy/lab-c1') });
    standing.headroom();
    expect(computed()).toBe(3 * after);
  });

  test('is computed at once for the next answer, also once the clock of the laptop was set back', () => {
    const { standing, answerIs, answers, pass } = region();
    expect(standing.headroom()).toMatchObject({ active: 4 });
    pass(-60 * minute);
    answers({ 'lab-c1': failed, 'lab-c2': failed });
    answerIs({ ...answerOf('healthy/lab-c1') });
    expect(standing.headroom()).toMatchObject({ active: 2 });
  });

  test('of many members is computed at most every 15 ms a member, whatever is answered', () => {
    const start = answerOf('healthy/lab-c1');
    const many = region(start, null, 50);
    many.standing.headroom();
    const [once, members] = [many.computed(), 50 * names.length];
    many.answerIs({ ...start });
    many.pass(15 * members - 1);
    many.standing.headroom();
    expect(many.computed()).toBe(once);
    many.pass(1);
    many.standing.headroom();
    expect(many.computed()).toBe(2 * once);
    many.answers(Object.fromEntries(names.map((name) => [name, { isUnknown: true }])));
    expect(many.standing.headroom()).toBeNull();
  });

  test('counts the members alone, and warns where one node is left that could take over', () => {
    const { standing, answers, pass } = region();
    expect(standing.headroom()).toMatchObject({ active: 4, out: 0 });
    answers({ 'lab-c1': failed, 'lab-c2': failed, 'lab-c3': failed });
    pass(2000);
    expect(standing.headroom()).toMatchObject({ active: 1 });
    expect(standing.warning()).toBe('Only one node is Active: nothing can take over its VMs.');
    const candidate = { isCandidate: true };
    answers({ 'lab-c1': candidate, 'lab-c2': candidate, 'lab-c3': candidate });
    pass(2000);
    expect(standing.warning()).toContain('This cluster has one node');
  });

  test('is judged by the summary of a cached node: its slow facts stay on the disk, and a VM with a device of its machine cannot leave', () => {
    const { slow } = observed('c2', 1000);
    const vm = { name: 'gpu', uuid: '1', state: 'running', memoryBytes: 0, vcpus: 1, hostDevices: ['0000:01:00.0'] };
    const summary = summaryOf({ ...slow, domains: known([vm], 0, 1) });
    const fromDisk = slowReadingsLater(summary, () => {
      throw new Error('the slow facts were loaded');
    });
    const { standing, answers, answerIs } = region(withVm('gpu'));
    expect(standing.headroom()?.because.join(' ')).toContain('gpu of lab-c1 (1048576 GiB) would not fit');
    answers({ 'lab-c1': { observation: { ...nothingObserved, slow: fromDisk } } });
    answerIs(withVm('gpu'));
    expect(standing.headroom()).toMatchObject({
      serviceable: 3,
      because: [
        'The region allows 1 out of service at once.',
        'gpu of lab-c1 holds a device of its machine, and cannot move.',
      ],
    });
  });
});
