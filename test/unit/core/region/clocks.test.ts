import { describe, expect, test } from 'vitest';
import { known } from '#shared/model/reading.ts';
import { warnings } from '../../../../electron/core/lifecycle/reasons.ts';
import { gateObstacles } from '../../../../electron/core/lifecycle/health-gate.ts';
import { clocksAheadMs } from '../../../../electron/core/region/clocks.ts';
import { gatherFacts, hostPart } from '../../../../electron/core/region/gather-facts.ts';
import type { RegionNode } from '../../../../electron/core/region/region-node.ts';
import { answerOf } from '../cluster/capture.ts';
import { memberOf, observed } from './nodes.ts';

const now = 7000;
/** A member whose clock is so far ahead of this laptop's, ms. */
const ahead = (name: string, ms: number): RegionNode =>
  memberOf(name, { ...observed('c2', now), clockOffsetMs: known(ms, now, 5000) });

test('the clocks of nodes are ahead by their median: one that is wrong decides nothing, and what was not read is left out', () => {
  const unread = memberOf('lab-w1');
  const nodes = [ahead('lab-c1', -30_010), ahead('lab-c2', -30_000), ahead('lab-c3', 86_400_000), unread];
  expect(clocksAheadMs(nodes)).toBe(-30_000);
  expect(clocksAheadMs([unread])).toBe(null);
});

test('of two clocks that differ the one counts that is nearer to the laptop’s: halfway between them nobody’s is', () => {
  expect(clocksAheadMs([ahead('lab-c1', 20), ahead('lab-c2', 10_800_000)])).toBe(20);
  expect(clocksAheadMs([ahead('lab-c1', -30_010), ahead('lab-c2', -30_000)])).toBe(-30_000);
});

describe('a node whose clock and the laptop’s differ', () => {
  const obstacles = (node: RegionNode, others: readonly RegionNode[]) =>
    gateObstacles(
      hostPart(node, () => others),
      0,
      now,
    ).filter((words) => words.includes('clock'));
  const others = (ms: number) => [ahead('lab-c2', ms), ahead('lab-c3', ms + 20)];

  test('is well where the other nodes’ clocks say what its does: the laptop’s is wrong', () => {
    expect(obstacles(ahead('lab-c1', -30_000), others(-30_100))).toEqual([]);
  });

  test.each<readonly [string, number, readonly RegionNode[]]>([
    ['by the laptop and by the others', 30_000, others(0)],
    ['though the laptop’s is wrong too', 30_000, others(-5000)],
    ['as far as anybody knows', 30_000, []],
  ])('is not well where it is off %s', (_how, ms, region) => {
    expect(obstacles(ahead('lab-c1', ms), region)).toEqual([
      'its clock is more than 1 s off, by this laptop and by the other nodes',
    ]);
  });
});

test('R18: the row of a node tells of its fence loop by the clock of the cluster, whatever the laptop’s says', () => {
  const hourMs = 3_600_000;
  const minutesAgo = (minutes: number) => ({
    action: 'reboot',
    target: 'lab-c1',
    status: 'success' as const,
    delegate: 'power',
    client: 'x',
    exitReason: '',
    completedAt: now - 2 * hourMs - minutes * 60_000,
  });
  const answer = { ...answerOf('healthy/lab-c1'), fencing: [5, 10, 15].map(minutesAgo) };
  const told = (clockMs: number) => {
    const [node, ...others] = ['lab-c1', 'lab-c2', 'lab-c3'].map((name) => ahead(name, clockMs));
    const { cluster, host } = gatherFacts(
      node!,
      { answer, earlier: undefined, silence: undefined },
      null,
      () => others,
    );
    return cluster.kind === 'believed' ? warnings(cluster, host, now) : [];
  };
  expect(told(-2 * hourMs)).toEqual(['fence loop: fenced 3 times within an hour']);
  expect(told(0)).toEqual([]);
});
