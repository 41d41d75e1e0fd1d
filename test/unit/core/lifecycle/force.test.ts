import { describe, expect, it } from 'vitest';
import { forceOf } from '../../../../electron/core/lifecycle/force.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { known } from '../../../../shared/model/reading.ts';
import {
  domainOf,
  factsOf,
  noon,
  onHost,
  onNode,
  onVm,
  recorded,
  statusOf,
  type Changes,
} from './preflight/facts-of.ts';
import { silence as allSilent, silent } from './preflight/nodes-of.ts';

/** Of its pools nothing is said here: they are a matter of their own. */
const { pools: _pools, ...silence } = allSilent;

/** lab-c2 does not answer, and has three VMs. */
const unreachable: Changes = {
  nodes: (nodes) =>
    onHost('lab-c2', silence)(onNode('lab-c2', (node) => ({ ...node, status: statusOf('failed') }))(nodes)),
  plan: { incoming: silent, identity: { kind: 'unknown', because: 'no answer' } },
};

const gpu: Changes = {
  nodes: onHost('lab-c2', {
    domains: known(
      [
        domainOf('vm1', 32, { hostDevices: ['0000:3b:00.0'] }),
        domainOf('vm2', 48),
        domainOf('vm3', 24),
        domainOf('by-hand', 8),
      ],
      noon,
      5000,
    ),
  }),
};

const degraded = known(
  [{ name: 'md0', kind: 'md' as const, state: 'degraded' as const, detail: '[2/1] [U_]', rebuildPercent: null }],
  noon,
  5000,
);

/** The cluster does not manage this VM now. */
const outOfCare =
  (resource: string) =>
  (answer: ClusterAnswer): ClusterAnswer => ({
    ...answer,
    resources: answer.resources.map((one) => (one.id === resource ? { ...one, isManaged: false } : one)),
  });

describe('R10: what Force overrides', () => {
  it('R10: there is nothing to force where every VM can leave, or nothing runs', () => {
    expect(forceOf(factsOf()).refused).toBe(
      'There is nothing to override: every VM of lab-c2 can leave by Maintenance.',
    );
    expect(forceOf(factsOf({}, 'lab-c1')).refused).toBe(
      'There is nothing to override: nothing runs on lab-c1, and Maintenance takes it out of service at once.',
    );
  });

  it('R10: a node that answers: each VM that is stopped has a line and a tick of its own, strangers included', () => {
    const forced = forceOf(factsOf(gpu));
    expect(forced.sequence).toBe('reachable');
    expect(forced.refused).toBe(null);
    expect(forced.overrides.map(({ id, title, statement, isTold }) => ({ id, title, statement, isTold }))).toEqual([
      { id: 'vm:vm1', title: 'Stop vm1', statement: null, isTold: false },
      { id: 'vm:vm2', title: 'Stop vm2, start it elsewhere', statement: null, isTold: false },
      { id: 'vm:vm3', title: 'Stop vm3, start it elsewhere', statement: null, isTold: false },
      { id: 'domain:by-hand', title: 'Stop by-hand', statement: null, isTold: false },
    ]);
    expect(forced.neverOverridden).toHaveLength(1);
    expect(forced.neverOverridden[0]).toContain('Neither applies now');
  });

  it('R10: a degraded pool is overridden by no tick: it has a statement of its own, and is named', () => {
    const forced = forceOf(
      factsOf({ ...gpu, nodes: (nodes) => onHost('lab-c2', { pools: degraded })(gpu.nodes?.(nodes) ?? nodes) }),
    );
    expect(forced.overrides.at(-1)).toMatchObject({
      id: 'statement:data-pools',
      statement: 'data on lab-c2 may be lost',
      isTold: false,
    });
    expect(forced.neverOverridden[0]).toContain('only by its own typed statement, above');
  });

  it('R11: a node that does not answer is fenced first; only where that cannot work, its power-off has to be typed', () => {
    const forced = forceOf(factsOf(unreachable));
    expect({ sequence: forced.sequence, refused: forced.refused }).toEqual({ sequence: 'unreachable', refused: null });
    expect(forced.overrides.filter(({ id }) => id.startsWith('vm:'))).toHaveLength(3);
    expect(forced.overrides.find(({ id }) => id === 'told:fence')?.words).toMatch(/^By the fence device power\. /u);
    expect(forced.overrides.filter(({ id }) => id === 'statement:power-off')).toEqual([]);

    const unable = forceOf(
      factsOf({ ...unreachable, facts: () => ({ fencing: [{ device: 'power', monitor: 'failed', lists: 'yes' }] }) }),
    );
    expect(unable.overrides.find(({ id }) => id === 'statement:power-off')).toMatchObject({
      statement: 'lab-c2 is powered off',
    });
    expect(unable.refused).toBe(null);
  });

  it('R10: what a silent node does not say is named with what ends it', () => {
    const forced = forceOf(
      factsOf({ ...unreachable, facts: () => ({ identity: { kind: 'unknown', because: 'no answer' } }) }),
    );
    expect(forced.overrides.find(({ id }) => id === 'told:not-known')).toMatchObject({
      title: 'What lab-c2 does not say',
      words: expect.stringMatching(
        /“VMs outside the cluster”.*“Identity”.*also what the cluster does not know of/u,
      ) as string,
      isTold: true,
    });
  });

  it('R12, R13: a node that answers, and only asks a person about its host key or the login, is not forced', () => {
    const because = 'lab-c2 has another host key than it had.';
    const forced = forceOf(factsOf({ ...unreachable, facts: () => ({ identity: { kind: 'asked', because } }) }));
    expect(forced.refused).toContain('Force cannot override “Identity”');
    expect(forced.refused).toContain('Answer the question about it in the top bar');
    expect(forced.neverOverridden.join(' ')).toContain(because);
    expect(JSON.stringify(forced)).not.toContain('..');
  });

  it('R11: after fencing has failed, its power-off has to be typed too', () => {
    const failed = {
      action: 'reboot',
      target: 'lab-c2',
      status: 'failed',
      delegate: 'power',
      client: 'x',
      exitReason: '',
    } as const;
    const forced = forceOf(
      factsOf({
        ...unreachable,
        answer: (answer) => ({ ...answer, fencing: [{ ...failed, completedAt: noon - 1000 }] }),
      }),
    );
    expect(forced.overrides.find(({ id }) => id === 'statement:power-off')?.words).toContain('has failed 1 time');
  });

  it('R19: a node that answers over SSH while its libvirt is silent cannot end its VMs itself: it is fenced', () => {
    const forced = forceOf(
      factsOf({ nodes: onHost('lab-c2', { libvirt: known('down', noon, 5000), domains: silent }) }),
    );
    expect(forced.sequence).toBe('unreachable');
  });

  /** A Failed node that the cluster has no VM on. */
  const vmless = (host: Parameters<typeof onHost>[1], changes: Changes = {}) =>
    factsOf(
      {
        ...changes,
        nodes: (nodes) =>
          onHost('lab-c1', host)(onNode('lab-c1', (node) => ({ ...node, status: statusOf('failed') }))(nodes)),
      },
      'lab-c1',
    );
  const down = { libvirt: known('down' as const, noon, 5000), domains: silent } as const;
  const unable: Changes = {
    facts: () => ({ fencing: [{ device: 'power', monitor: 'failed', lists: 'yes' }] }),
  };

  it('R10: a node without VMs of the cluster is fenced by a tick that says what libvirt does not tell', () => {
    const forced = forceOf(vmless(down));
    expect(forced).toMatchObject({ sequence: 'unreachable', refused: null });
    expect(forced.overrides.filter(({ isTold }) => !isTold)).toEqual([
      {
        id: 'check:libvirt-answers',
        title: 'Fence lab-c1, though its libvirt does not say what runs there',
        words:
          'The cluster has no VM there. One that the cluster does not know of ends with it: its memory state is lost, and nobody starts it again.',
        statement: null,
        isTold: false,
      },
    ]);
    expect(forced.overrides.find(({ id }) => id === 'told:fence')?.words).toContain('It answers, and is switched off');
    const gone = forceOf(vmless(silence, { plan: unreachable.plan ?? {} }));
    expect(gone.refused).toBe(null);
    expect(gone.overrides.flatMap(({ isTold, title }) => (isTold ? [] : [title]))).toEqual([
      'Fence lab-c1, though it does not say what runs there',
    ]);
  });

  it('R13: a node that answers is off by no statement: where no device can fence it, what would help is said', () => {
    for (const facts of [vmless(down, unable), factsOf({ ...unable, nodes: onHost('lab-c2', down) })]) {
      const forced = forceOf(facts);
      expect(forced.refused).toBe(
        `${facts.node} answers, and its libvirt does not: what runs there could only be ended by fencing, and no fencing device can fence it. Start libvirt on ${facts.node}, or mend its fencing device. Or power it off by hand, and force again.`,
      );
      expect(forced.overrides.filter(({ statement }) => statement !== null)).toEqual([]);
    }
    expect(forceOf(vmless(silence, { ...unable, plan: unreachable.plan ?? {} }))).toMatchObject({
      refused: null,
      overrides: expect.arrayContaining([expect.objectContaining({ statement: 'lab-c1 is powered off' })]) as unknown,
    });
  });

  it.each<[string, Changes]>([
    ['R5: the limit', { ...gpu, answer: recorded({ node: 'lab-w1', id: 'other' }) }],
    ['R12: another machine', { ...gpu, plan: { identity: { kind: 'changed', because: 'another machine answers' } } }],
    [
      'R14: the brake',
      { ...gpu, plan: { brake: { since: noon, nodes: ['a', 'b'], words: '2 nodes left', liftedUntil: null } } },
    ],
    [
      'R20: the lock of another laptop',
      { ...gpu, plan: { lock: { kind: 'held', owner: 'ben', purpose: 'maintenance', since: noon } } },
    ],
  ])('%s is never overridden: Force is refused and says what would help', (_what, changes) => {
    const forced = forceOf(factsOf(changes));
    expect(forced.refused).toMatch(/^Force cannot override “.+”\. .+/u);
  });

  it('a drain that is stuck can be forced: its own record is no reason against it', () => {
    const forced = forceOf(
      factsOf({
        configuration: onVm('vm1', { caredForUntil: noon + 60_000 }),
        answer: (answer) => outOfCare('vm1')(recorded({ node: 'lab-c2', failure: 'vm1 could not be moved' })(answer)),
        nodes: onNode('lab-c2', (node) => ({ ...node, status: statusOf('entering-maintenance') })),
      }),
    );
    expect(forced.refused).toBe(null);
    expect(forced.overrides.map(({ id }) => id)).toEqual([
      'vm:vm1',
      'vm:vm2',
      'vm:vm3',
      'check:nothing-unmanaged',
      'check:other-operations',
    ]);
  });
});
