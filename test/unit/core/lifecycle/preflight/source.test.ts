import { describe, expect, it } from 'vitest';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import type { ClusterAnswer } from '../../../../../shared/model/cluster.ts';
import type { SimulatedAction } from '../../../../../shared/model/configuration.ts';
import { parseSimulation } from '../../../../../electron/core/cluster/pacemaker/read/simulate.ts';
import { noChoices } from '../../../../../shared/model/maintenance.ts';
import { known, unknown } from '../../../../../shared/model/reading.ts';
import { capture } from '../../cluster/capture.ts';
import {
  checkIn,
  domainOf,
  factsOf,
  heldBy,
  noon,
  onHost,
  onNode,
  recorded,
  statusOf,
  type Changes,
} from './facts-of.ts';
import { silence, silent } from './nodes-of.ts';

const healthyWith = (domain: string) => ({ domains: known([domainOf(domain, 8)], noon, 5000) });

/** The VM that was on it is just starting elsewhere in the capture; a moment later it runs. */
function settled(answer: ClusterAnswer): ClusterAnswer {
  const resources = answer.resources.map((one) => (one.id === 'vm4' ? { ...one, role: 'Started' } : one));
  return { ...answer, resources };
}

/** The captured region after lab-c3 was fenced for good. */
const fenced: Changes = {
  state: 'dead-fenced-offline/lab-c1',
  answer: settled,
  nodes: (nodes) =>
    onHost('lab-c3', silence)(onNode('lab-c3', (node) => ({ ...node, status: statusOf('fenced') }))(nodes)),
  plan: { incoming: silent, identity: { kind: 'unknown', because: 'no answer' } },
};

describe('R19: the source', () => {
  it('one that answers and asks a person is not heard: that question is the fix of every check that it leaves open', () => {
    const asked = { identity: { kind: 'asked', because: 'it showed another key' }, incoming: silent } as const;
    const facts = factsOf({ nodes: onHost('lab-c2', silence), plan: asked }, 'lab-c2');
    const left = ['libvirt-answers', 'passthrough-vms', 'unmanaged-vms', 'vms-that-restart', 'incoming-migrations'];
    const fixes = new Set([...left, 'node-is-itself'].map((code) => checkIn(facts, code).fix));
    expect([...fixes]).toEqual([expect.stringContaining('Answer the question about it in the top bar')]);
  });

  it('R19: of a fenced node the fence history takes the place of libvirt: it is empty, and needs no targets', () => {
    const facts = factsOf(fenced, 'lab-c3');
    const judged = preflight(facts);
    expect(heldBy(facts)).toEqual([]);
    expect({ isEmpty: judged.isEmpty, isReady: judged.isReady, targets: judged.targets }).toEqual({
      isEmpty: true,
      isReady: true,
      targets: [],
    });
    expect(checkIn(facts, 'libvirt-answers')).toMatchObject({ state: 'pass', figure: 'off, fenced' });
  });

  it('R19: an offline node whose fencing nobody saw is not off: its libvirt has to answer', () => {
    const facts = factsOf({ ...fenced, answer: (answer) => ({ ...settled(answer), fencing: [] }) }, 'lab-c3');
    expect(preflight(facts).isEmpty).toBe(false);
    expect(heldBy(facts)).toContain('libvirt-answers');
  });

  it('R19: a fenced node that was rebooted and runs something by now is not empty', () => {
    const facts = factsOf(
      {
        ...fenced,
        nodes: (nodes) =>
          onHost('lab-c3', { ...healthyWith('by-hand') })(
            onNode('lab-c3', (node) => ({ ...node, status: statusOf('fenced') }))(nodes),
          ),
      },
      'lab-c3',
    );
    expect(preflight(facts).isEmpty).toBe(false);
    expect(heldBy(facts)).toContain('unmanaged-vms');
  });

  it('R19: a node whose status still says Fenced and which is online by now is asked', () => {
    const back: Changes['answer'] = (answer) => ({
      ...settled(answer),
      nodes: answer.nodes.map((node) => (node.name === 'lab-c3' ? { ...node, isOnline: true } : node)),
    });
    const facts = factsOf({ ...fenced, answer: back }, 'lab-c3');
    expect(preflight(facts).isEmpty).toBe(false);
    expect(heldBy(facts)).toContain('libvirt-answers');
  });

  it('R19: a target whose libvirt has not answered just now holds it up, as the source’s does', () => {
    for (const libvirt of [silent, known('answers' as const, noon - 61_000, 300_000)]) {
      const facts = factsOf({ nodes: onHost('lab-c1', { libvirt }) });
      expect(heldBy(facts)).toEqual(['libvirt-answers']);
      expect(checkIn(facts, 'libvirt-answers')).toMatchObject({ figure: '3 of 4', subjects: ['lab-c1'] });
    }
  });

  it('R19: a Failed node whose libvirt is silent while it has VMs is for Force, and the check says so', () => {
    const facts = factsOf({
      nodes: (nodes) =>
        onHost('lab-c2', silence)(onNode('lab-c2', (node) => ({ ...node, status: statusOf('failed') }))(nodes)),
      plan: { incoming: silent },
    });
    expect(heldBy(facts)).toEqual([
      'data-pools',
      'incoming-migrations',
      'libvirt-answers',
      'passthrough-vms',
      'unmanaged-vms',
      'vms-that-restart',
    ]);
    expect(checkIn(facts, 'libvirt-answers')).toMatchObject({
      state: 'blocker',
      figure: '0 of 1',
      subjects: ['lab-c2'],
    });
    expect(checkIn(facts, 'libvirt-answers').fix).toContain('Force Maintenance');
    const told = { ...facts, incoming: unknown('lab-c2 closed the connection without a word.') };
    expect(checkIn(told, 'incoming-migrations').words).toMatch(/without a word\.$/u);
    expect(preflight(facts).vms.every(({ effect }) => effect === 'cannot-move')).toBe(true);
  });

  it('R19: an answer of libvirt that is older than a minute proves nothing', () => {
    const facts = factsOf({ nodes: onHost('lab-c2', { libvirt: known('answers', noon - 61_000, 300_000) }) });
    expect(heldBy(facts)).toContain('libvirt-answers');
    expect(preflight(facts).vms.every(({ effect }) => effect === 'cannot-move')).toBe(true);
  });

  it('a node that runs nothing goes at once, whatever room the others have', () => {
    const facts = factsOf(
      { nodes: (nodes) => nodes.map((node) => ({ ...node, vmMemoryTotalBytes: unknown('not set') })) },
      'lab-c1',
    );
    expect(preflight(facts)).toMatchObject({ isEmpty: true, isReady: true, vms: [], targets: [] });
  });

  it('R1: a node whose cluster resources are gone and whose libvirt cannot be asked is not called empty', () => {
    const facts = factsOf({ nodes: onHost('lab-c1', { domains: silent }) }, 'lab-c1');
    expect(preflight(facts).isEmpty).toBe(false);
    expect(preflight(facts).isReady).toBe(false);
  });

  it('a degraded pool of its own disks is warned about: that may be why it is serviced', () => {
    const pools = known(
      [{ name: 'md0', kind: 'md' as const, state: 'degraded' as const, detail: '[2/1] [U_]', rebuildPercent: null }],
      noon,
      5000,
    );
    expect(checkIn(factsOf({ nodes: onHost('lab-c2', { pools }) }), 'data-pools')).toMatchObject({
      state: 'warning',
      force: 'own-statement',
      figure: '0 of 1',
    });
  });

  it('pools that were not read just now say when: a silent node’s last word is no present one', () => {
    const healthy = { name: 'md0', kind: 'md' as const, state: 'healthy' as const, detail: '', rebuildPercent: null };
    const pools = (readAt: number) => onHost('lab-c2', { pools: known([healthy], readAt, 300_000) });
    expect(checkIn(factsOf({ nodes: pools(noon - 40_000) }), 'data-pools').figure).toBe('1 of 1');
    expect(checkIn(factsOf({ nodes: pools(noon - 240_000) }), 'data-pools').figure).toBe('1 of 1, 4 m ago');
    expect(checkIn(factsOf({ nodes: pools(noon - 601_000) }), 'data-pools').state).toBe('unknown');
  });
});

describe('R5: the limit', () => {
  it('R5: the node that is acted on does not count against itself', () => {
    const facts = factsOf({ nodes: onNode('lab-c2', (node) => ({ ...node, status: statusOf('failed') })) });
    expect(checkIn(facts, 'service-limit')).toMatchObject({ state: 'pass', figure: '0 of 1 used' });
  });

  it('R5: a node whose maintenance is only recorded yet counts, on whatever laptop it began', () => {
    const facts = factsOf({ answer: recorded({ node: 'lab-w1', id: 'other' }) });
    expect(checkIn(facts, 'service-limit')).toMatchObject({ state: 'blocker', figure: '1 of 1 used' });
  });

  it('R5: a node of unknown status may be out of service: that is not known, and holds up', () => {
    const unseen = { ...statusOf('active'), unknownSince: noon };
    const facts = factsOf({ nodes: onNode('lab-w1', (node) => ({ ...node, status: unseen })) });
    expect(checkIn(facts, 'service-limit').state).toBe('unknown');
  });
});

describe('R9: the scheduler', () => {
  const withStandby = (...more: readonly SimulatedAction[]): Changes => ({
    facts: ({ simulated }) => ({
      simulated: {
        ...simulated,
        standby:
          simulated.standby.kind === 'simulated'
            ? { ...simulated.standby, actions: [...simulated.standby.actions, ...more] }
            : simulated.standby,
      },
    }),
  });

  it('R9: a VM of another node that the cluster would stop has a row, and a tick', () => {
    const evicted = {
      action: 'stop',
      resource: 'vm4',
      source: 'lab-c3',
      target: null,
      reason: 'node availability',
    } as const;
    const judged = preflight(factsOf(withStandby(evicted)));
    expect(judged.others).toEqual([
      {
        resource: 'vm4',
        domain: 'vm4',
        node: 'lab-c3',
        memoryBytes: 32 * 1_048_576,
        effect: 'stop',
        because: 'the cluster would stop it (node availability)',
        target: null,
        alternatives: [],
        needsTick: true,
      },
    ]);
    expect(judged).toMatchObject({ isReady: false, heldUpBy: 'OK becomes available when 1 stop is ticked.' });
    const ticked = factsOf({
      ...withStandby(evicted),
      plan: { choices: { ...noChoices, ticked: [{ resource: 'vm4', effect: 'stop' }] } },
    });
    expect(preflight(ticked).isReady).toBe(true);
  });

  it('R9: a VM of another node that the standby would live-migrate blocks, before anything has moved: the standby is not written then', () => {
    const facts = factsOf(
      withStandby({ action: 'migrate', resource: 'vm4', source: 'lab-c3', target: 'lab-c1', reason: '' }),
    );
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'blocker', subjects: ['vm4'] });
  });

  it('R9: a VM of ours that the scheduler would restart instead of moving blocks, by name', () => {
    const facts = factsOf({
      facts: ({ simulated }) => ({
        simulated: {
          ...simulated,
          pins:
            simulated.pins.kind === 'simulated'
              ? {
                  ...simulated.pins,
                  actions: simulated.pins.actions.map((one) => ({ ...one, action: 'move' as const })),
                }
              : simulated.pins,
        },
      }),
    });
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'blocker', subjects: ['vm1', 'vm2', 'vm3'] });
  });

  it('what ends with the node anyway is no difference: instances of clones, fencing, connections of Workers', () => {
    const facts = factsOf(
      withStandby(
        { action: 'move', resource: 'power', source: 'lab-c2', target: 'lab-c1', reason: '' },
        { action: 'migrate', resource: 'lab-w1', source: 'lab-c2', target: 'lab-c1', reason: '' },
      ),
    );
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'pass', figure: 'same plan' });
  });

  it('R8: a simulation that failed, or of another plan, is not known', () => {
    const failed = factsOf({
      facts: ({ simulated }) => ({
        simulated: { ...simulated, pins: { kind: 'unknown', because: 'crm_simulate failed' } },
      }),
    });
    const other = factsOf({ facts: ({ simulated }) => ({ simulated: { ...simulated, pinned: {} } }) });
    expect([failed, other].map((facts) => heldBy(facts))).toEqual([['scheduler-agrees'], ['scheduler-agrees']]);
  });

  it('a node that the cluster would fence is named, with what to do about a fencing: no other target helps', () => {
    const facts = factsOf({
      facts: ({ simulated }) => ({
        simulated: { ...simulated, standby: { kind: 'simulated', actions: [], fenced: ['lab-c2'] } },
      }),
    });
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'blocker', subjects: ['lab-c2'] });
    expect(checkIn(facts, 'scheduler-agrees').fix).not.toContain('another target');
    expect(checkIn(facts, 'scheduler-agrees').fix).toContain('fence');
  });

  it('the captured simulation of a standby without enough memory differs from any plan: a stop here, an eviction there', () => {
    const text = capture('dry-run/crm_simulate-standby-not-enough-memory.xml');
    const standby = parseSimulation({ text, error: '', status: 0 });
    const running = (answer: ReturnType<typeof factsOf>['answer']) => ({
      ...answer,
      resources: answer.resources.map((one) =>
        one.id === 'gpu1' ? { ...one, role: 'Started', nodes: ['lab-c3'] } : one,
      ),
    });
    const facts = factsOf({ answer: running, facts: ({ simulated }) => ({ simulated: { ...simulated, standby } }) });
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'blocker' });
    expect(checkIn(facts, 'scheduler-agrees').subjects).toContain('vm2');
    expect(preflight(facts).others.map(({ resource, effect }) => ({ resource, effect }))).toEqual([
      { resource: 'gpu1', effect: 'stop' },
    ]);
  });
});
