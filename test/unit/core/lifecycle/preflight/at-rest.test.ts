import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../../electron/core/lifecycle/preflight/digest.ts';
import { activationPreflight } from '../../../../../electron/core/lifecycle/preflight/activation.ts';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { removalPreflight } from '../../../../../electron/core/lifecycle/preflight/removal.ts';
import type { ClusterAnswer, ClusterResource } from '../../../../../shared/model/cluster.ts';
import type { PlannedVm } from '../../../../../shared/model/maintenance.ts';
import { activationOf, checkIn, factsOf, heldBy, removalOf, type Changes } from './facts-of.ts';

type Change = (answer: ClusterAnswer) => ClusterAnswer;

const node =
  (name: string, change: Partial<ClusterAnswer['nodes'][number]>): Change =>
  (answer) => ({ ...answer, nodes: answer.nodes.map((one) => (one.name === name ? { ...one, ...change } : one)) });
const resource =
  (id: string, change: Partial<ClusterResource>): Change =>
  (answer) => ({
    ...answer,
    resources: answer.resources.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
const fencing =
  (target: string): Change =>
  (answer) => ({
    ...answer,
    fencing: [
      { action: 'off', target, status: 'pending', delegate: '', client: 'x', completedAt: null, exitReason: '' },
    ],
  });

/** What is not at rest, how it is said, and whether Force may override it: only what is stuck on the node itself. */
const restless: readonly (readonly [string, Change, RegExp, 'overrides' | 'no'])[] = [
  ['nobody coordinates the cluster', (answer) => ({ ...answer, dc: null }), /^No coordinator \(DC\)/u, 'no'],
  ['another node is unclean', node('lab-c3', { isUnclean: true }), /^UNCLEAN: lab-c3/u, 'no'],
  ['another node joins', node('lab-c3', { isPending: true }), /^Joining \(pending\): lab-c3/u, 'no'],
  ['another node shuts down', node('lab-c3', { isShuttingDown: true }), /^Shutting down: lab-c3/u, 'no'],
  ['a fencing of another node is pending', fencing('lab-c3'), /^Fencing of lab-c3 is pending/u, 'no'],
  ['a VM of another node is being stopped', resource('vm4', { role: 'Stopping' }), /acting on vm4/u, 'no'],
  [
    'something is under way with a VM of another node',
    resource('vm4', { pending: 'Migrating' }),
    /acting on vm4/u,
    'no',
  ],
  ['a VM of this node is being stopped', resource('vm1', { role: 'Stopping' }), /acting on vm1/u, 'overrides'],
  ['the node itself is unclean', node('lab-c2', { isUnclean: true }), /^UNCLEAN: lab-c2/u, 'overrides'],
  ['a fencing of the node itself is pending', fencing('lab-c2'), /^Fencing of lab-c2 is pending/u, 'overrides'],
];

/** Each list of checks that begins something on a node, as it judges lab-c2. */
const lists: readonly (readonly [
  string,
  (changes: Changes) => { readonly checks: ReturnType<typeof preflight>['checks'] },
])[] = [
  ['a maintenance', (changes) => preflight(factsOf(changes))],
  ['an Activate', (changes) => activationPreflight(activationOf(changes))],
  ['a removal', (changes) => removalPreflight(removalOf(changes))],
];

describe.each(lists)('R8: %s is held up while', (_list, judge) => {
  it.each(restless)('%s', (_what, answer, words, force) => {
    const check = judge({ answer }).checks.find(({ code }) => code === 'cluster-settled');
    expect(check).toMatchObject({ state: 'blocker', force, words: expect.stringMatching(words) as string });
    expect(judge({}).checks.find(({ code }) => code === 'cluster-settled')).toMatchObject({ state: 'pass' });
  });
});

it('R8: a node in Pacemaker’s own maintenance mode is not emptied: its VMs run unmanaged there, and nothing would move them', () => {
  const facts = factsOf({ answer: node('lab-c2', { isInPacemakerMaintenance: true }) });
  expect(heldBy(facts)).toEqual(['nothing-unmanaged']);
  expect(checkIn(facts, 'nothing-unmanaged')).toMatchObject({ subjects: ['lab-c2'], force: 'no' });
  // That of another node is its own matter.
  const other = factsOf({ answer: node('lab-w1', { isInPacemakerMaintenance: true }) });
  expect(checkIn(other, 'nothing-unmanaged').state).toBe('pass');
});

it('R9: what a person confirmed is another thing once any word of it is: each VM’s node, effect, target and tick, each check and whom it names', () => {
  const vm: Omit<PlannedVm, 'domain' | 'memoryBytes' | 'because' | 'alternatives'> = {
    resource: 'vm1',
    node: 'lab-c2',
    effect: 'live-migrate',
    target: 'lab-c3',
    needsTick: false,
  };
  const check = { code: 'data-pools', state: 'pass', subjects: ['r0', 'r1'] } as const;
  const shown = digestOf([check], [vm], ['l1']);
  expect(digestOf([{ ...check, subjects: ['r1', 'r0'] }], [vm], ['l1'])).toBe(shown);
  const others = [
    digestOf([check], [{ ...vm, resource: 'vm2' }], ['l1']),
    digestOf([check], [{ ...vm, node: 'lab-c1' }], ['l1']),
    digestOf([check], [{ ...vm, effect: 'restart-elsewhere' }], ['l1']),
    digestOf([check], [{ ...vm, effect: 'stop' }], ['l1']),
    digestOf([check], [{ ...vm, target: 'lab-w1' }], ['l1']),
    digestOf([check], [{ ...vm, target: null }], ['l1']),
    digestOf([check], [{ ...vm, needsTick: true }], ['l1']),
    digestOf([{ ...check, state: 'warning' }], [vm], ['l1']),
    digestOf([{ ...check, code: 'node-is-empty' }], [vm], ['l1']),
    digestOf([{ ...check, subjects: ['r0'] }], [vm], ['l1']),
    digestOf([check], [vm], ['l2']),
    digestOf([check], [], ['l1']),
  ];
  expect(new Set([shown, ...others]).size).toBe(others.length + 1);
});
