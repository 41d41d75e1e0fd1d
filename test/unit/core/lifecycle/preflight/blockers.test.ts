import { describe, expect, it } from 'vitest';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { noChoices, preflightCodes } from '../../../../../shared/model/maintenance.ts';
import type { PreflightCode } from '../../../../../shared/model/maintenance.ts';
import { known, unknown } from '../../../../../shared/model/reading.ts';
import { checkIn, domainOf, factsOf, heldBy, noon, onHost, onNode, onVm, statusOf, type Changes } from './facts-of.ts';

const brake = { since: noon, nodes: ['lab-c1', 'lab-w1'], words: '2 nodes left Active at once', liftedUntil: null };

interface Fixture {
  readonly what: string;
  readonly changes: Changes;
  /** What its words must name. */
  readonly names: RegExp;
  readonly node?: string;
  /** Where it is not proven to be bad, but not known to be good: that holds up alike. */
  readonly state?: 'unknown';
}

/** One fixture each that triggers exactly this blocker, and nothing else. */
const blockers: Readonly<Partial<Record<PreflightCode, Fixture>>> = {
  'more-than-one-node': {
    what: 'a cluster of one node, freshly made',
    changes: { state: 'one-node-bootstrapped/lab-x1', answer: (answer) => ({ ...answer, isFencingEnabled: true }) },
    names: /lab-x1 is the only node/u,
    node: 'lab-x1',
  },
  'service-limit': {
    what: 'another node is In maintenance, and one may be',
    changes: { nodes: onNode('lab-w1', (node) => ({ ...node, status: statusOf('in-maintenance') })) },
    names: /lab-w1 is out of service/u,
  },
  'quorum-after': {
    what: 'one of three controls is off already, and the services are to be stopped',
    changes: {
      answer: (answer) => ({
        ...answer,
        quorum: { ...answer.quorum, votes: 2 },
        nodes: answer.nodes.map((node) => (node.name === 'lab-c3' ? { ...node, isOnline: false } : node)),
        records: { ...answer.records, maxOutOfService: 2 },
      }),
      nodes: onNode('lab-c3', (node) => ({ ...node, status: statusOf('in-maintenance') })),
      plan: { choices: { ...noChoices, stopsServices: true } },
    },
    names: /1 of 3 votes would be left, 2 are needed/u,
  },
  'cluster-settled': {
    what: 'a fencing of another node is pending',
    changes: {
      answer: (answer) => ({
        ...answer,
        fencing: [
          {
            action: 'reboot',
            target: 'lab-c3',
            status: 'pending',
            delegate: '',
            client: 'x',
            completedAt: null,
            exitReason: '',
          },
        ],
      }),
    },
    names: /fencing of lab-c3 is pending/iu,
  },
  'nothing-unmanaged': {
    what: 'somebody unmanaged one of its VMs',
    changes: { configuration: onVm('vm1', { isManaged: 'false' }) },
    names: /vm1: it is not managed/u,
  },
  'passthrough-vms': {
    what: 'a VM holds a GPU',
    changes: {
      nodes: onHost('lab-c2', {
        domains: known(
          [domainOf('vm1', 32, { hostDevices: ['0000:3b:00.0'] }), domainOf('vm2', 48), domainOf('vm3', 24)],
          noon,
          5000,
        ),
      }),
    },
    names: /vm1: it holds 0000:3b:00.0/u,
  },
  'unmanaged-vms': {
    what: 'a domain runs that no resource is for',
    changes: {
      nodes: onHost('lab-c2', {
        domains: known(
          [domainOf('vm1', 32), domainOf('vm2', 48), domainOf('vm3', 24), domainOf('by-hand', 8)],
          noon,
          5000,
        ),
      }),
    },
    names: /by-hand: the cluster does not manage it/u,
  },
  'vms-that-restart': {
    what: 'a VM is in a group',
    changes: { configuration: onVm('vm1', { isInGroup: true, topLevel: 'shop' }) },
    names: /vm1: it is a member of the group shop/u,
  },
  'memory-on-targets': {
    what: 'no other node has room for the biggest VM',
    changes: {
      nodes: (nodes) =>
        nodes.map((node) =>
          node.name === 'lab-c2' ? node : { ...node, vmMemoryAllocatedBytes: known(90 * 1_048_576, noon, 5000) },
        ),
    },
    names: /vm2: it needs 48 MiB, and (6|14|38) MiB is the most that is free/u,
  },
  'scheduler-agrees': {
    what: 'the scheduler would leave a VM where it is',
    changes: {
      facts: ({ simulated }) => ({
        simulated: {
          ...simulated,
          pins:
            simulated.pins.kind === 'simulated'
              ? { ...simulated.pins, actions: simulated.pins.actions.filter(({ resource }) => resource !== 'vm2') }
              : simulated.pins,
        },
      }),
    },
    names: /vm2 is planned to go to \S+; the scheduler would leave it/u,
  },
  'libvirt-answers': {
    what: 'the libvirt of a target cannot be read now: the plan stands, and is not proven',
    changes: {
      plan: { choices: { ...noChoices, targets: { vm1: 'lab-c1' } } },
      facts: ({ nodes }) => ({
        nodes: onHost('lab-c1', { libvirt: unknown('virsh took longer than 30 s') })(nodes),
      }),
    },
    names: /lab-c1: virsh took longer than 30 s/u,
    state: 'unknown',
  },
  'targets-reach-each-other': {
    what: 'a target refuses the login of the source',
    changes: {
      facts: ({ targetsReachable }) => ({
        targetsReachable: Object.fromEntries(
          Object.keys(targetsReachable).map((name, index) => [
            name,
            index === 0 ? { no: 'Permission denied (publickey)' } : 'yes',
          ]),
        ),
      }),
    },
    names: /Permission denied/u,
  },
  'data-pools': {
    what: 'a DRBD pool is degraded',
    changes: {
      nodes: onHost('lab-c2', {
        pools: known(
          [{ name: 'r0', kind: 'drbd', state: 'degraded', detail: 'peer Outdated', rebuildPercent: null }],
          noon,
          5000,
        ),
      }),
    },
    names: /r0 is degraded: peer Outdated/u,
  },
  'incoming-migrations': {
    what: 'a VM of another node is arriving',
    changes: { plan: { incoming: known(['vm4'], noon, 5000) } },
    names: /vm4 is on the way to this node/u,
  },
  'other-operations': {
    what: 'another laptop holds the node',
    changes: {
      plan: { lock: { kind: 'held', owner: 'ben on heron', purpose: 'maintenance', since: noon - 60_000 } },
    },
    names: /ben on heron has held it for 60 s, for maintenance/u,
  },
  'fencing-works': {
    what: 'the monitor of the only device fails',
    changes: { facts: () => ({ fencing: [{ device: 'power', monitor: 'failed', lists: 'yes' }] }) },
    names: /power: its monitor fails/u,
  },
  'node-is-itself': {
    what: 'another machine answers under its name',
    changes: { plan: { identity: { kind: 'changed', because: 'another machine answers under this name' } } },
    names: /another machine answers/iu,
  },
  'no-mass-failure': {
    what: 'two nodes left Active at once',
    changes: { plan: { brake } },
    names: /2 nodes left Active at once/u,
  },
};

describe('R8: every blocker has a fixture that triggers exactly it', () => {
  it('R8: a healthy region holds nothing up, and every check is made once', () => {
    const judged = preflight(factsOf());
    expect(judged.checks.filter(({ state }) => state !== 'pass')).toEqual([]);
    expect(judged.checks.map(({ code }) => code).toSorted()).toEqual([...preflightCodes].toSorted());
    expect({ isReady: judged.isReady, heldUpBy: judged.heldUpBy, isEmpty: judged.isEmpty }).toEqual({
      isReady: true,
      heldUpBy: '',
      isEmpty: false,
    });
  });

  it('R8: there is a fixture for every code that can block; the placement strategy only warns', () => {
    expect(Object.keys(blockers).toSorted()).toEqual(
      preflightCodes.filter((code) => code !== 'placement-uses-memory').toSorted(),
    );
  });

  it.each(Object.entries(blockers))(
    'R8: %s blocks, alone, with a name, a cause and a fix',
    (code, { changes, names, node, state = 'blocker' }) => {
      const facts = factsOf(changes, node);
      const check = checkIn(facts, code);
      expect(heldBy(facts)).toEqual([code]);
      expect(check).toMatchObject({ state });
      expect(check.words).toMatch(names);
      expect(check.fix).not.toBe('');
      expect(preflight(facts).isReady).toBe(false);
    },
  );

  it('a node whose last fencing failed is told so, whatever the device’s own monitor says', () => {
    const failed = { action: 'reboot', target: 'lab-c2', status: 'failed', delegate: 'power', client: 'x' } as const;
    const judged = preflight(
      factsOf({
        answer: (answer) => ({
          ...answer,
          fencing: [{ ...failed, completedAt: noon - 60_000, exitReason: 'the device does not answer' }],
        }),
      }),
    );
    expect(judged.checks.find(({ code }) => code === 'fencing-works')).toMatchObject({
      state: 'warning',
      figure: 'failed',
      words: 'The last fencing of lab-c2 failed, 60 s ago: the device does not answer.',
    });
  });

  it('the placement strategy that counts no memory is a warning, and holds nothing up', () => {
    const facts = factsOf({ configuration: (configuration) => ({ ...configuration, placementStrategy: 'default' }) });
    expect(checkIn(facts, 'placement-uses-memory')).toMatchObject({ state: 'warning', figure: 'default' });
    expect(preflight(facts).isReady).toBe(true);
  });
});
