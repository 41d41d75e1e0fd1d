import { describe, expect, it } from 'vitest';
import { activationPreflight } from '../../../../../electron/core/lifecycle/preflight/activation.ts';
import type { PlanFacts } from '../../../../../electron/core/lifecycle/preflight/facts.ts';
import { removalPreflight } from '../../../../../electron/core/lifecycle/preflight/removal.ts';
import { emptyNodeRecord } from '../../../../../shared/model/cluster.ts';
import type { VmConfiguration } from '../../../../../shared/model/configuration.ts';
import { none } from '../../../../../shared/model/reading.ts';
import {
  activationOf,
  colocation,
  never,
  onHost,
  onNode,
  onVm,
  recorded,
  removalOf,
  statusOf,
  withConstraint,
  type Changes,
} from './facts-of.ts';
import { noon } from '../situations.ts';
import { silence, silent } from './nodes-of.ts';

const node = 'lab-c1';

/** lab-c1, on which nothing runs, In maintenance; vm1 and vm4 came from it, and run elsewhere. */
const maintained: Changes = {
  nodes: onNode(node, (one) => ({ ...one, status: statusOf('in-maintenance') })),
  answer: (answer) => ({
    ...answer,
    records: {
      ...answer.records,
      nodes: {
        [node]: {
          ...emptyNodeRecord,
          maintenance: { by: 'anna', reason: 'DIMM', at: noon, isStopped: false, movedVms: ['vm1', 'vm4'] },
        },
      },
    },
  }),
};

/** The same, changed once more. */
const and = (more: Changes): Changes => ({
  ...maintained,
  ...more,
  nodes: (nodes) => (more.nodes ?? ((same) => same))(maintained.nodes?.(nodes) ?? nodes),
  answer: (answer) => (more.answer ?? ((same) => same))(maintained.answer?.(answer) ?? answer),
});

const removal = (more: Changes = {}) => removalPreflight(removalOf(and(more), node));
const held = (checks: readonly { readonly code: string; readonly state: string }[]) =>
  checks.filter(({ state }) => state === 'blocker' || state === 'unknown').map(({ code }) => code);

const brake: PlanFacts['brake'] = {
  since: noon,
  nodes: ['lab-c2', 'lab-c3'],
  words: '2 nodes left.',
  liftedUntil: null,
};

describe('R8: a removal is held up, by that alone, while', () => {
  it.each<readonly [string, Changes, string]>([
    [
      'the node is Active, though nothing runs on it',
      { nodes: onNode(node, (one) => ({ ...one, status: statusOf('active') })) },
      'node-is-empty',
    ],
    [
      'its being In maintenance is not proven now',
      { nodes: onNode(node, (one) => ({ ...one, status: { ...one.status, unknownSince: noon } })) },
      'node-is-empty',
    ],
    ['R1: nobody knows what its libvirt runs', { nodes: onHost(node, { domains: silent }) }, 'node-is-empty'],
    ['nobody coordinates the cluster', { answer: (answer) => ({ ...answer, dc: null }) }, 'cluster-settled'],
    [
      'R12: another machine answers under its name',
      { plan: { identity: { kind: 'changed', because: 'x' } } },
      'node-is-itself',
    ],
    [
      'R12: who answers under its name is not known',
      { plan: { identity: { kind: 'unknown', because: 'x' } } },
      'node-is-itself',
    ],
    [
      'R20: another laptop holds it',
      { plan: { lock: { kind: 'held', owner: 'ben', purpose: 'activation', since: noon } } },
      'other-operations',
    ],
    [
      'R20: another operation is recorded on it',
      { answer: recorded({ node, command: 'activate' }) },
      'other-operations',
    ],
    ['R14: nodes failed together', { plan: { brake } }, 'no-mass-failure'],
  ])('%s', (_what, more, code) => {
    expect(held(removal().checks)).toEqual([]);
    const judged = removal(more);
    expect(held(judged.checks)).toEqual([code]);
    expect(judged.isReady).toBe(false);
  });

  it('it is the only node of its cluster', () => {
    const alone = removal({
      answer: (answer) => ({
        ...answer,
        nodes: answer.nodes.filter(({ name }) => name === node),
        members: answer.members.filter(({ name }) => name === node),
      }),
    });
    expect(held(alone.checks)).toContain('more-than-one-node');
    expect(alone.isReady).toBe(false);
  });
});

it.each([
  ['that does not answer, and of which none was ever read', { ...silence, pools: none }],
  ['that does not answer', silence],
  ['that answers, and does not tell of them', { pools: silent }],
])('R10, R17: the pools of a node %s are not known, so its removal asks for the statement', (_what, host) => {
  const judged = removal({ nodes: onHost(node, host) });
  expect(judged.poolStatement).toBe(`data on ${node} may be lost`);
  expect(judged.poolWarning).toMatch(/^If the node has unhealthy/u);
});

describe('before a node is brought back', () => {
  const activation = (more: Changes = {}) => activationPreflight(activationOf(and(more), node));

  it('a cluster that manages nothing is said, and holds nothing up', () => {
    const answer: Changes['answer'] = (before) => ({ ...before, isInMaintenanceMode: true });
    const judged = activation({ answer });
    expect(judged.checks.find(({ code }) => code === 'nothing-unmanaged')).toMatchObject({
      state: 'warning',
      figure: 'maintenance-mode',
    });
    expect(judged.isReady).toBe(true);
  });

  it.each<readonly [string, Partial<VmConfiguration>]>([
    ['may not live-migrate', { allowMigrate: 'false' }],
    ['says nothing of it, which Pacemaker takes for no', { allowMigrate: null }],
    ['is a member of a group', { isInGroup: true, topLevel: 'shop' }],
    ['is in a clone', { isInClone: true, topLevel: 'many' }],
  ])('R9: a VM that %s stays where it runs: brought home it would be restarted', (_what, change) => {
    const row = (more: Changes) => activation(more).home.find(({ resource }) => resource === 'vm1');
    expect(row({})).toMatchObject({ effect: 'live-migrate', target: node });
    expect(row({ configuration: onVm('vm1', change) })).toMatchObject({
      effect: 'cannot-move',
      target: null,
      because: 'it cannot live-migrate, so it stays where it runs',
    });
  });

  it('R4: a VM that a constraint keeps from here, or that does not fit, stays where it runs, and why is told', () => {
    const because = (more: Changes) =>
      activation(more).home.map(({ resource, effect, because: why }) => [resource, effect, why]);
    expect(because({ configuration: withConstraint(never('vm1', node)) })).toEqual([
      ['vm1', 'cannot-move', 'a constraint keeps it from here'],
      ['vm4', 'live-migrate', ''],
    ]);
    const full = onNode(node, (one) => ({ ...one, vmMemoryAllocatedBytes: one.vmMemoryTotalBytes }));
    expect(because({ nodes: full }).map(([, effect, why]) => [effect, why])).toEqual([
      ['cannot-move', 'it does not fit here any more'],
      ['cannot-move', 'it does not fit here any more'],
    ]);
    const apart = because({ configuration: withConstraint(colocation('vm1', 'vm4', '-INFINITY')) });
    expect(apart.filter(([, effect]) => effect === 'live-migrate')).toHaveLength(1);
    expect(because({ nodes: onNode(node, (one) => ({ ...one, vmMemoryTotalBytes: silent })) })[0]?.[2]).toMatch(
      /not known/u,
    );
  });
});
