import { expect, test } from 'vitest';
import type { ClusterNode } from '#shared/model/cluster.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { known, unknown } from '#shared/model/reading.ts';
import { whyNoTarget } from '../../../../electron/core/operations/targets.ts';
import { healthyAnswer, noon } from '../lifecycle/preflight/facts-of.ts';
import { statusOf } from '../lifecycle/preflight/nodes-of.ts';

const need = 32;
const target = 'lab-c3';

/** Why the target is none, where this is true of its row and this of the cluster's word on it. */
function judged(row: Partial<NodeRow>, node: Partial<ClusterNode> = {}, memoryBytes: number | null = need) {
  const answer = healthyAnswer();
  const nodes = answer.nodes.map((each) => (each.name === target ? { ...each, ...node } : each));
  const well: Partial<NodeRow> = {
    id: `member:${target}` as NodeRow['id'],
    hostname: target,
    status: statusOf('active'),
    operation: null,
    frozenBecause: null,
    vmMemoryAvailableBytes: known(need, noon, 5000),
    ...row,
  };
  return whyNoTarget([well as NodeRow], { ...answer, nodes }, target, memoryBytes, { now: noon, arrivingBytes: 0 });
}

test('R4: at the moment of the move a node that is Active, online, in nobody’s hands and has just enough room is a target', () => {
  expect(judged({})).toBeUndefined();
});

const operation = { id: 'other', command: 'activate' } as unknown as NodeRow['operation'];

test.each<[string, string, Partial<NodeRow>, Partial<ClusterNode>]>([
  ['is offline', 'is not online', {}, { isOnline: false }],
  ['is unclean', 'is not online', {}, { isUnclean: true }],
  ['is pending', 'is not online', {}, { isPending: true }],
  ['is in standby', 'is in standby', {}, { isStandby: true }],
  ['is in standby on failure', 'is in standby', {}, { isStandbyOnFail: true }],
  ['is shutting down', 'is shutting down', {}, { isShuttingDown: true }],
  ['is activating', 'is not Active', { status: statusOf('activating') }, {}],
  ['has a status of before', 'is not Active', { status: { ...statusOf('active'), unknownSince: noon } }, {}],
  ['has an operation', 'an operation is under way', { operation }, {}],
  ['is frozen', 'is frozen', { frozenBecause: 'another machine answers' }, {}],
  ['lacks a byte', 'lacks the memory now', { vmMemoryAvailableBytes: known(need - 1, noon, 5000) }, {}],
  ['does not tell its memory', 'is not known', { vmMemoryAvailableBytes: unknown('not set') }, {}],
  ['told it long ago', 'read too long ago', { vmMemoryAvailableBytes: known(need, noon - 10_001, 5000) }, {}],
])('R4: at the moment of the move a node that %s is no target', (_what, because, row, node) => {
  expect(judged(row, node)).toContain(because);
});

test('R4: a VM whose memory nobody knows has no target, and a node that is no member is none', () => {
  expect(judged({}, {}, null)).toBe('its memory is not known');
  expect(judged({}, { name: 'lab-c9' })).toBe(`${target} is not a member any more`);
});
