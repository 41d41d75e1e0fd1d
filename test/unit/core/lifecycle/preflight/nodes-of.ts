import type { PreflightNode } from '../../../../../electron/core/lifecycle/preflight/facts.ts';
import { vmMemory } from '../../../../../electron/core/lifecycle/vm-memory.ts';
import type { NodeStatus } from '../../../../../shared/lifecycle/statuses.ts';
import type { ClusterAnswer } from '../../../../../shared/model/cluster.ts';
import type { ClusterConfiguration } from '../../../../../shared/model/configuration.ts';
import type { Domain } from '../../../../../shared/model/hardware.ts';
import { known, none, unknown } from '../../../../../shared/model/reading.ts';
import { noon } from '../situations.ts';

export const mib = 1_048_576;

/** Every member of an answer, well, read just now, with the VMs running that the cluster has there. */
export function nodesOf(
  answer: ClusterAnswer,
  configuration: ClusterConfiguration,
  at: number,
): readonly PreflightNode[] {
  return answer.nodes.map(({ name, type }): PreflightNode => {
    const vms = answer.resources
      .filter(({ agent, nodes }) => agent.endsWith(':VirtualDomain') && nodes.includes(name))
      .map(({ id }) => configuration.vms.find(({ resource }) => resource === id))
      .filter((vm) => vm !== undefined);
    const domains = vms.map(({ domain, memoryMib }) => domainOf(domain, memoryMib ?? 0));
    const memory = vmMemory({
      capacityMib: answer.members.find((member) => member.name === name)?.memoryCapacityMib ?? null,
      clusterVms: vms,
      installedBytes: null,
      reserve: { bytes: 0, share: 0 },
      domains,
    });
    return {
      name,
      shownName: name,
      role: type === 'remote' ? 'worker' : 'control',
      status: statusOf('active', at),
      frozenBecause: null,
      fencingsOverAt: 0,
      host: {
        reachability: { kind: 'reachable', at: at },
        observedAt: at,
        libvirt: known('answers', at, 5000),
        domains: known(domains, at, 5000),
        clusterServices: known(true, at, 5000),
        carrier: known(true, at, 5000),
        clockOffsetMs: known(12, at, 5000),
        pools: none,
      },
      services: none,
      vmMemoryTotalBytes: memory.total === null ? unknown('not set') : known(memory.total, at, 5000),
      vmMemoryAllocatedBytes: known(memory.allocated, at, 5000),
    };
  });
}

/** What a node that does not answer says, and what is known of its machine then. */
export const silent = unknown('no answer for 40 s');
export const silence = {
  reachability: {
    kind: 'unreachable',
    since: noon,
    problem: { code: 'connection-timed-out', message: 'no answer', advice: 'look' },
  },
  libvirt: silent,
  domains: silent,
  clusterServices: silent,
  pools: silent,
} as const satisfies Partial<PreflightNode['host']>;

export function statusOf(status: NodeStatus, at = noon): PreflightNode['status'] {
  return { status, unknownSince: null, reason: '', since: at, readAt: at, evidence: [], warnings: [] };
}

export function domainOf(name: string, memoryMib: number, change: Partial<Domain> = {}): Domain {
  return { name, uuid: name, state: 'running', memoryBytes: memoryMib * mib, vcpus: 1, hostDevices: [], ...change };
}
