import { expect, test } from 'vitest';
import { decideMany } from '#shared/lifecycle/decide-many.ts';
import type { DecisionContext } from '#shared/lifecycle/context.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import { nodeId } from '#shared/model/ids.ts';
import { inRegion, nodeIn, offline } from './contexts.ts';

const node = (name: string, status: NodeStatus, change: Partial<DecisionContext> = {}): DecisionContext => ({
  ...nodeIn(status, change),
  nodeId: nodeId(`member:${name}`),
  name,
});

test('nothing selected is said once', () => {
  expect(decideMany('maintenance', [])).toEqual({
    kind: 'refused',
    words: 'Nothing is selected. Available when a node is selected.',
  });
});

test('one node of the selection is decided as its own menu decides it', () => {
  expect(decideMany('remove', [node('a', 'active')])).toEqual({
    kind: 'refused',
    words: 'a is Active. Available while it is In maintenance. Put it into maintenance first.',
  });
  expect(decideMany('remove', [node('a', 'in-maintenance')])).toEqual({
    kind: 'allowed',
    confirmation: 'typed-name',
    nodeIds: ['member:a'],
    words: '',
  });
});

test('several nodes: it goes to those that allow it, and the others are named with their reasons', () => {
  const selection = [
    node('a', 'active'),
    node('b', 'in-maintenance'),
    node('c', 'failed'),
    node('d', 'starting'),
    node('e', 'active'),
  ];
  expect(decideMany('maintenance', selection)).toEqual({
    kind: 'allowed',
    confirmation: 'confirm',
    nodeIds: ['member:a', 'member:c', 'member:e'],
    words: '2 of 5 cannot: b is already In maintenance. d is Starting.',
  });
});

test('several nodes of which none allows it: refused, and after three names the rest is counted', () => {
  const selection = ['a', 'b', 'c', 'd', 'e'].map((name) => node(name, 'starting'));
  expect(decideMany('maintenance', selection)).toEqual({
    kind: 'refused',
    words: '5 of 5 cannot: a is Starting. b is Starting. c is Starting. And 2 more.',
  });
});

test('what holds up the whole region is said once', () => {
  const away = inRegion({ connection: offline });
  expect(decideMany('maintenance', [node('a', 'active', away), node('b', 'failed', away)])).toEqual({
    kind: 'refused',
    words: 'Frankfurt 2 does not answer; it went offline 3 h ago. Available when the cluster answers again.',
  });
});

test('Remove, Rename and Force are for one node at a time, and say so', () => {
  const two = [node('a', 'in-maintenance'), node('b', 'in-maintenance')];
  expect(decideMany('remove', two)).toEqual({
    kind: 'refused',
    words: 'Remove is for one node at a time; 2 are selected. Available when one is selected.',
  });
  expect(decideMany('rename', two).kind).toBe('refused');
  expect(decideMany('force-maintenance', two).kind).toBe('refused');
  expect(decideMany('activate', two).kind).toBe('allowed');
});

test('what is not built is absent from a selection too', () => {
  expect(decideMany('configure', [node('a', 'active')])).toEqual({ kind: 'absent' });
});
