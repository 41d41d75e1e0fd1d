import { describe, expect, it } from 'vitest';
import { activationPreflight } from '../../../../../electron/core/lifecycle/preflight/activation.ts';
import { removalPreflight } from '../../../../../electron/core/lifecycle/preflight/removal.ts';
import type { PreflightNode } from '../../../../../electron/core/lifecycle/preflight/facts.ts';
import { emptyNodeRecord, type ClusterAnswer } from '../../../../../shared/model/cluster.ts';
import { known, none } from '../../../../../shared/model/reading.ts';
import { activationOf, maintained, noon, onHost, onNode, removalOf, type Changes } from './facts-of.ts';
import { silence, silent } from './nodes-of.ts';

const serviced = maintained(['vm1', 'vm4', 'gone']);
const nodesWith = (host: Parameters<typeof onHost>[1]): Changes => ({
  ...serviced,
  nodes: (nodes) => onHost('lab-c1', host)(serviced.nodes?.(nodes) ?? nodes),
});
const held = (checks: readonly { code: string; state: string }[]) =>
  checks.filter(({ state }) => state === 'blocker' || state === 'unknown').map(({ code }) => code);

const fencings = [-50, -30, -10].map((minutes) => ({
  action: 'reboot',
  target: 'lab-c1',
  status: 'success' as const,
  delegate: 'lab-c2',
  client: 'x',
  completedAt: noon + minutes * 60_000,
  exitReason: '',
}));
const looping: Changes = {
  ...serviced,
  answer: (answer) => ({ ...(serviced.answer?.(answer) ?? answer), fencing: fencings }),
};

describe('before a node is brought back', () => {
  it('a healthy node is ready, and its VMs that still run elsewhere could come home', () => {
    const judged = activationPreflight(activationOf(serviced, 'lab-c1'));
    expect(held(judged.checks)).toEqual([]);
    expect(judged).toMatchObject({ isReady: true, heldUpBy: '', fenceLoop: null });
    expect(judged.home.map(({ resource, node, effect, target }) => ({ resource, node, effect, target }))).toEqual([
      { resource: 'vm1', node: 'lab-c2', effect: 'live-migrate', target: 'lab-c1' },
      { resource: 'vm4', node: 'lab-c3', effect: 'live-migrate', target: 'lab-c1' },
    ]);
  });

  it('stopped services hold nothing up: Activate starts them', () => {
    const judged = activationPreflight(
      activationOf(nodesWith({ clusterServices: known(false, noon, 5000) }), 'lab-c1'),
    );
    expect(judged.checks.find(({ code }) => code === 'host-health')).toMatchObject({
      state: 'warning',
      figure: 'stopped',
    });
    expect(judged.isReady).toBe(true);
  });

  it.each<[string, Changes, readonly string[]]>([
    ['a node that is not reached', nodesWith({ reachability: silence.reachability }), ['host-health']],
    ['a clock that is 3 s off', nodesWith({ clockOffsetMs: known(-3000, noon, 5000) }), ['host-health']],
    ['a link without carrier', nodesWith({ carrier: known(false, noon, 5000) }), ['host-health']],
    ['services of which nothing is known', nodesWith({ clusterServices: silent }), ['host-health']],
    [
      'a failed pool',
      nodesWith({
        pools: known([{ name: 'md0', kind: 'md', state: 'failed', detail: '[2/0]', rebuildPercent: null }], noon, 5000),
      }),
      ['data-pools'],
    ],
    ['another machine', { ...serviced, plan: { identity: { kind: 'changed', because: 'x' } } }, ['node-is-itself']],
    [
      'a lock',
      { ...serviced, plan: { lock: { kind: 'held', owner: 'ben', purpose: 'remove', since: noon } } },
      ['other-operations'],
    ],
  ])('%s holds it up, and nothing else does', (_what, changes, codes) => {
    expect(held(activationPreflight(activationOf(changes, 'lab-c1')).checks)).toEqual(codes);
  });

  it('a clock that is off is told with whose it was compared with', () => {
    const facts = activationOf(nodesWith({ clockOffsetMs: known(-600_000, noon, 5000) }), 'lab-c1');
    const { words } = activationPreflight(facts).checks.find(({ code }) => code === 'host-health')!;
    expect(words).toBe('Its clock is 600.0 s off, by this laptop and by the other nodes.');
  });

  it('a scheduler that would move VMs at once without the standby holds it up', () => {
    const home = { action: 'migrate', resource: 'vm1', source: 'lab-c2', target: 'lab-c1', reason: '' } as const;
    const facts = activationOf(serviced, 'lab-c1', { unstandby: { kind: 'simulated', actions: [home], fenced: [] } });
    expect(held(activationPreflight(facts).checks)).toEqual(['scheduler-agrees']);
    const failed = activationOf(serviced, 'lab-c1', { unstandby: { kind: 'unknown', because: 'crm_simulate failed' } });
    expect(held(activationPreflight(failed).checks)).toEqual(['scheduler-agrees']);
  });

  it('VMs that would move by themselves, and do not once they are pinned, hold nothing up, and are named', () => {
    const facts = activationOf(serviced, 'lab-c1', { pinned: { vm1: 'lab-c2', vm4: 'lab-c3' } });
    const judged = activationPreflight(facts);
    expect([judged.isReady, held(judged.checks)]).toEqual([true, []]);
    expect(judged.checks.find(({ code }) => code === 'scheduler-agrees')).toMatchObject({
      state: 'warning',
      words:
        'Without its standby the cluster itself would at once move or restart vm1 and vm4. Activate pins them where they run.',
      subjects: ['vm1', 'vm4'],
    });
  });

  it('R18: a laptop whose clock is an hour ahead of the cluster’s sees the loop all the same', () => {
    const wrong = { now: noon + 3_700_000, clusterAheadMs: -3_700_000 };
    expect(activationPreflight(activationOf(looping, 'lab-c1', wrong)).fenceLoop).toContain(
      'fenced 3 times within an hour',
    );
  });

  it('R18: a fence loop waits for its acknowledgement, which the dialog asks for', () => {
    const judged = activationPreflight(activationOf(looping, 'lab-c1'));
    expect(judged.fenceLoop).toContain('fenced 3 times within an hour');
    expect(judged.heldUpBy).toBe('Activate becomes available when the fence loop is acknowledged.');
    expect(held(judged.checks)).toEqual(['no-fence-loop']);
    const until = noon - 600_000 + 3_600_000;
    const known3 = activationPreflight(activationOf(looping, 'lab-c1', { fenceLoopAcknowledgedUntil: until }));
    expect(known3).toMatchObject({ fenceLoop: null, heldUpBy: '', isReady: true });
  });
});

describe('before a node is removed', () => {
  it('a node in maintenance on which nothing runs is ready; its leftovers are named', () => {
    const judged = removalPreflight(removalOf(serviced, 'lab-c1'));
    expect(held(judged.checks)).toEqual([]);
    expect(judged).toMatchObject({
      isReady: true,
      address: '10.213.0.12',
      poolWarning: null,
      poolStatement: null,
      powerOffStatement: null,
      leftovers: [],
    });
    expect(judged.checks.find(({ code }) => code === 'quorum-after')).toMatchObject({
      state: 'warning',
      figure: '2 of 2 votes',
      words: expect.stringContaining('Two control nodes are left') as string,
    });
  });

  it.each([
    [4, 4, 'pass', ''],
    [4, 3, 'warning', 'The loss of one more control node then stops every VM.'],
    [2, 2, 'warning', 'One control node is left'],
  ])('R15: of %i control nodes of which %i are online: quorum after it is a %s', (controls, online, state, words) => {
    const answer = (before: ClusterAnswer): ClusterAnswer => {
      const all = serviced.answer?.(before) ?? before;
      const member = all.members.find(({ name }) => name === 'lab-c1')!;
      const node = all.nodes.find(({ name }) => name === 'lab-c1')!;
      const names = ['lab-c1', 'lab-c2', 'lab-c3', 'lab-c4'].slice(0, controls);
      return {
        ...all,
        members: names.map((name) => all.members.find((one) => one.name === name) ?? { ...member, name, id: name }),
        nodes: names.map((name, index) => ({
          ...(all.nodes.find((one) => one.name === name) ?? { ...node, name, isStandby: false }),
          isOnline: index < online,
        })),
        quorum: {
          isQuorate: true,
          votes: online,
          expectedVotes: controls,
          neededVotes: controls === 2 ? 1 : 3,
          flags: ['Quorate', ...(controls === 2 ? ['2Node'] : [])],
        },
      };
    };
    const judged = removalPreflight(removalOf({ ...serviced, answer }, 'lab-c1'));
    const check = judged.checks.find(({ code }) => code === 'quorum-after');
    expect([check?.state, check?.words]).toEqual([state, expect.stringContaining(words)]);
  });

  it('constraints that name it are told in words: preferences and rules alike', () => {
    const judged = removalPreflight(removalOf(serviced, 'lab-c3'));
    expect(judged.leftovers).toEqual([
      { id: 'location-vm4-lab-c3-50', words: 'vm4: prefers lab-c3' },
      { id: 'location-gpu1', words: 'gpu1: a rule that names lab-c3' },
    ]);
    // It is not in maintenance, and vm4 runs there.
    expect(held(judged.checks)).toEqual(['node-is-empty']);
  });

  it("a degraded pool: the specification's warning word for word, and a statement of its own", () => {
    const pools = known(
      [{ name: 'md0', kind: 'md' as const, state: 'degraded' as const, detail: '[2/1] [U_]', rebuildPercent: null }],
      noon,
      5000,
    );
    const judged = removalPreflight(removalOf(nodesWith({ pools }), 'lab-c1'));
    expect(judged.poolWarning).toBe(
      'If the node has unhealthy (degraded) data pools, removal may result in data loss. Contact support before proceeding.',
    );
    expect(judged.poolStatement).toBe('data on lab-c1 may be lost');
    expect(judged.checks.find(({ code }) => code === 'data-pools')).toMatchObject({
      state: 'blocker',
      force: 'own-statement',
    });
  });

  it('R11: a node that does not answer, and that no fence history proves off, needs the typed word that it is', () => {
    const judged = removalPreflight(removalOf(nodesWith(silence), 'lab-c1'));
    expect(judged.powerOffStatement).toBe('lab-c1 is powered off');
    expect(judged.poolStatement).toBe('data on lab-c1 may be lost');
    expect(judged.isReady).toBe(true);
  });

  it('R11: one that was fenced and is offline is proven off', () => {
    const off: Changes = {
      ...nodesWith(silence),
      answer: (answer) => ({
        ...(looping.answer?.(answer) ?? answer),
        quorum: { ...answer.quorum, votes: 2 },
        nodes: answer.nodes.map((node) => (node.name === 'lab-c1' ? { ...node, isOnline: false } : node)),
        records: {
          ...answer.records,
          nodes: {
            'lab-c1': {
              ...emptyNodeRecord,
              maintenance: { by: 'anna', reason: 'PSU', at: noon, isStopped: false, wasOff: true, movedVms: [] },
            },
          },
        },
      }),
    };
    expect(removalPreflight(removalOf(off, 'lab-c1')).powerOffStatement).toBe(null);
  });

  it('R17: what a silent node said of its pools before it fell silent is no proof: the statement is asked for', () => {
    const pools = known(
      [{ name: 'md0', kind: 'md' as const, state: 'healthy' as const, detail: '[2/2]', rebuildPercent: null }],
      noon - 60_000,
      300_000,
    );
    const before = (nodes: readonly PreflightNode[]) => onHost('lab-c1', { pools })(nodesWith(silence).nodes!(nodes));
    const judged = removalPreflight(removalOf({ ...nodesWith(silence), nodes: before }, 'lab-c1'));
    expect(judged.poolStatement).toBe('data on lab-c1 may be lost');
    expect(judged.checks.find(({ code }) => code === 'data-pools')).toMatchObject({
      state: 'unknown',
      words: expect.stringContaining('it has not answered for') as string,
    });
  });

  it('R11: a fencing of before it was last up proves nothing: not before our recorded stop, nor before it was seen up', () => {
    const offline = (record: { isStopped?: true; wasOff?: true }, at: number, overAt = 0): Changes => ({
      ...nodesWith(silence),
      nodes: (nodes) =>
        onNode('lab-c1', (node) => ({ ...node, fencingsOverAt: overAt }))(nodesWith(silence).nodes!(nodes)),
      answer: (answer) => ({
        ...answer,
        fencing: fencings,
        nodes: answer.nodes.map((node) => (node.name === 'lab-c1' ? { ...node, isOnline: false } : node)),
        records: {
          ...answer.records,
          nodes: {
            'lab-c1': {
              ...emptyNodeRecord,
              maintenance: { by: 'anna', reason: 'DIMM', at, isStopped: false, movedVms: [], ...record },
            },
          },
        },
      }),
    });
    const stated = (changes: Changes) => removalPreflight(removalOf(changes, 'lab-c1')).powerOffStatement;
    const newest = noon - 10 * 60_000;
    expect(stated(offline({ isStopped: true }, newest - 1))).toBe(null);
    expect(stated(offline({ isStopped: true }, newest + 1))).toBe('lab-c1 is powered off');
    // A forced maintenance is recorded some minutes after its fencing, of a node that is off; any other one means that it was up.
    expect(stated(offline({ wasOff: true }, newest + 5 * 60_000))).toBe(null);
    expect(stated(offline({}, newest + 5 * 60_000))).toBe('lab-c1 is powered off');
    expect(stated(offline({ wasOff: true }, newest, newest))).toBe('lab-c1 is powered off');
  });

  it('R15: the removal that would cost quorum is blocked', () => {
    const answer: Changes['answer'] = (before) => ({
      ...(serviced.answer?.(before) ?? before),
      quorum: { isQuorate: true, votes: 3, expectedVotes: 5, neededVotes: 3, flags: ['Quorate'] },
      members: [
        ...before.members,
        ...['lab-c4', 'lab-c5'].map((name) => ({
          name,
          id: name,
          type: 'member' as const,
          address: null,
          memoryCapacityMib: null,
          actedAt: null,
          standby: 'off' as const,
        })),
      ],
    });
    const judged = removalPreflight(removalOf({ ...serviced, answer }, 'lab-c1'));
    expect(held(judged.checks)).toEqual(['quorum-after']);
    expect(judged.isReady).toBe(false);
  });

  it('a pool that does not apply to it warns of nothing', () => {
    expect(removalPreflight(removalOf(nodesWith({ pools: none }), 'lab-c1')).poolWarning).toBe(null);
  });
});
