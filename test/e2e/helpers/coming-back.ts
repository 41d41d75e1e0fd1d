import { nodeId } from '#shared/model/ids.ts';
import type { PreparedActivation, PreparedRemoval, PreparedStop } from '#shared/model/maintenance.ts';
import { check, vm, wouldRun } from './maintenance.ts';

export function activation(now: number, name: string, more: Partial<PreparedActivation> = {}): PreparedActivation {
  return {
    nodeId: nodeId(`member:${name}`),
    node: name,
    digest: `activation-${name}`,
    preparedAt: now - 4000,
    checks: [
      check('node-is-itself', 'It is the node that it was', 'same machine-id'),
      check('libvirt-answers', 'libvirt answers', '1 of 1'),
      check('cluster-settled', 'Cluster services run', '9 of 9'),
      check('fencing-works', 'Fencing works', 'ipmi-r06'),
    ],
    home: [
      vm('web-frontend-01', name, { node: 'fra2-r02-n03' }),
      vm('orders-db-primary', name, { node: 'fra2-r04-n02', gib: 64 }),
      vm('license-server', null, {
        node: 'fra2-r01-n10',
        gib: 8,
        effect: 'cannot-move',
        because: 'It would restart, so it stays.',
      }),
    ],
    fenceLoop: null,
    isReady: true,
    heldUpBy: '',
    wouldRun: wouldRun.slice(3),
    wouldRunHome: wouldRun,
    ...more,
  };
}

export const fenceLoop = (now: number, name: string): PreparedActivation =>
  activation(now, name, {
    home: [],
    fenceLoop: `${name} was fenced three times in the last hour: 12:04, 12:31 and 12:50.`,
    isReady: false,
    heldUpBy: 'Activate becomes available when the fence loop is acknowledged',
  });

export function stop(now: number, name: string, more: Partial<PreparedStop> = {}): PreparedStop {
  return {
    nodeId: nodeId(`member:${name}`),
    node: name,
    nodeName: name,
    digest: `stop-${name}`,
    preparedAt: now - 4000,
    checks: [
      check('services-run', 'Reached, and its services run', 'online'),
      check('node-is-empty', 'Nothing runs on it', 'empty'),
      check('quorum-after', 'Quorum without this node', '3 of 3 votes'),
    ],
    isReady: true,
    heldUpBy: '',
    wouldRun: wouldRun.slice(-1),
    ...more,
  };
}

/** Its vote is needed. */
export const stopHeldUp = (now: number, name: string): PreparedStop =>
  stop(now, name, {
    checks: [
      check('quorum-after', 'Quorum without this node', '1 of 3 votes', {
        state: 'blocker',
        words: 'Without it the cluster loses quorum and stops every VM: 1 of 3 votes is left, 2 are needed.',
        fix: 'Do not stop its services. Leave its power and its cluster services on, or bring another control node back first.',
        subjects: [name],
      }),
      check('node-is-empty', 'Nothing runs on it', 'empty'),
    ],
    isReady: false,
    heldUpBy: 'Stop Cluster Services becomes available when “Quorum without this node” is resolved.',
  });

export function removal(now: number, name: string, more: Partial<PreparedRemoval> = {}): PreparedRemoval {
  return {
    nodeId: nodeId(`member:${name}`),
    node: name,
    nodeName: name,
    machineId: '4f1c2a9b7d3e',
    address: '10.42.6.1',
    digest: `removal-${name}`,
    preparedAt: now - 4000,
    checks: [
      check('more-than-one-node', 'More than one node', '174 Active'),
      check('quorum-after', 'Quorum without this node', '3 of 3 votes'),
      check('data-pools', 'Data pools healthy', '2 of 2'),
    ],
    leftovers: [
      { id: 'location-db-not-n01', words: 'orders-db-primary never on this node' },
      { id: 'rackside-move-kafka-broker-2', words: 'kafka-broker-2 pinned to fra2-r09-n03' },
    ],
    poolWarning: null,
    poolStatement: null,
    powerOffStatement: null,
    isReady: true,
    heldUpBy: '',
    wouldRun: [{ step: 'Remove', host: 'fra2-ctl-1', command: `pcs cluster node remove-remote ${name}` }],
    ...more,
  };
}

/** Its pool is degraded and it does not answer: the specification's caution, and two statements. */
export const dangerousRemoval = (now: number, name: string): PreparedRemoval =>
  removal(now, name, {
    checks: [
      check('more-than-one-node', 'More than one node', '174 Active'),
      check('quorum-after', 'Quorum without this node', '3 of 3 votes'),
      check('data-pools', 'Data pools healthy', '1 of 2', {
        state: 'blocker',
        words: 'Data pool data-2 is degraded: [2/1] [U_].',
        fix: 'Contact support before proceeding.',
        subjects: ['data-2'],
        force: 'own-statement',
      }),
    ],
    poolWarning:
      'If the node has unhealthy (degraded) data pools, removal may result in data loss. Contact support before proceeding.',
    poolStatement: 'data-2 may be lost',
    powerOffStatement: `${name} is powered off`,
    isReady: false,
    heldUpBy: 'Remove becomes available when the data pool is healthy or its statement is typed',
  });
