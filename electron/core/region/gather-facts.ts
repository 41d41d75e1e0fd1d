import { assertNever } from '#shared/assert.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Domain, NodeLink, ServiceState } from '#shared/model/hardware.ts';
import { mapReading, unknown, type Reading } from '#shared/model/reading.ts';
import { clusterFacts, type ClusterFacts, type HostFacts, type NodeFacts, type Subject } from '../lifecycle/facts.ts';
import type { Membership, RegionNode } from './region-node.ts';

/** What this laptop holds of the cluster, as far as statuses depend on it. */
export interface ClusterKnowledge {
  /** The last answer that was believed, and the one before it. */
  readonly answer: ClusterAnswer | undefined;
  readonly earlier: ClusterAnswer | undefined;
  /** Set while no quorate partition answers: why, in words. `doubted`: the answer that could not be believed, where one came. */
  readonly silence:
    | { readonly since: number; readonly because: string; readonly doubted: ClusterAnswer | undefined }
    | undefined;
}

/** Everything `deriveStatus` decides on for one node. Pure. */
export function gatherFacts(node: RegionNode, cluster: ClusterKnowledge): NodeFacts {
  // This laptop writes nothing to the cluster before operations are built, so nothing has to settle after a write of ours.
  return { cluster: clusterPart(node, cluster), host: hostPart(node), ownWriteAt: null };
}

function clusterPart(node: RegionNode, { answer, earlier, silence }: ClusterKnowledge): ClusterFacts {
  const subject = subjectOf(node);
  if (silence?.doubted !== undefined) return clusterFacts(silence.doubted, subject, answer, silence.since);
  if (silence === undefined && answer !== undefined) return clusterFacts(answer, subject, earlier);
  return {
    kind: 'unbelieved',
    because: silence?.because ?? 'not read yet',
    since: silence?.since ?? node.membership.readAt,
    isBootstrapping: false,
  };
}

function subjectOf({ id, name, membership }: RegionNode): Subject {
  const key = id.slice(id.indexOf(':') + 1);
  switch (membership.kind) {
    case 'member':
      return { kind: 'member', name };
    case 'candidate':
      return { kind: 'candidate', id: key };
    case 'out':
      return { kind: 'out', machineId: key };
    default:
      return assertNever(membership.kind);
  }
}

function hostPart({ observation, membership }: RegionNode): HostFacts {
  const { slow, reachability } = observation;
  return {
    reachability,
    observedAt: reachability.kind === 'reachable' ? reachability.at : null,
    libvirt: libvirtReading(slow.services, slow.domains),
    domains: slow.domains,
    clusterServices: mapReading(slow.services, (services) => clusterServicesRun(services, membership.role)),
    carrier: mapReading(slow.links, hasCarrierWhereNeeded),
    clockOffsetMs: observation.clockOffsetMs,
    pools: slow.pools,
  };
}

/** A list of domains is libvirt's own answer; without one, its service tells at least whether it is down. */
function libvirtReading(
  services: Reading<readonly ServiceState[]>,
  domains: Reading<readonly Domain[]>,
): HostFacts['libvirt'] {
  if (domains.kind === 'known' && domains.because === undefined) return mapReading(domains, () => 'answers' as const);
  const state = mapReading(services, libvirtState);
  if (state.kind !== 'known' || state.value !== 'running') {
    return mapReading(state, (value) => (value === 'running' ? 'answers' : value));
  }
  return unknown(domains.kind === 'none' ? 'libvirt was not asked' : (domains.because ?? 'libvirt does not answer'));
}

/** Monolithic libvirtd or modular virtqemud; a socket that waits counts as running, because asking starts it. */
function libvirtState(services: readonly ServiceState[]): 'running' | 'down' | 'not-installed' {
  const daemons = services.filter(({ unit, isInstalled }) => isInstalled && /^(libvirtd|virtqemud)(\.|$)/u.test(unit));
  if (daemons.length === 0) return 'not-installed';
  return daemons.some(({ activeState }) => activeState === 'active') ? 'running' : 'down';
}

/**
 * A link that is meant to carry something: switched on, and with an address or in a bond. Which links are converged is
 * recorded when a candidate joins; until a node has such a record, these are all that can be asked of.
 */
function hasCarrierWhereNeeded(links: readonly NodeLink[]): boolean {
  return links
    .filter((link) => link.type === 'physical' && link.isAdminUp && (link.addresses.length > 0 || link.master !== null))
    .every((link) => link.hasCarrier !== false);
}

function clusterServicesRun(services: readonly ServiceState[], role: Membership['role']): boolean {
  const wanted = role === 'control' ? ['corosync', 'pacemaker'] : ['pacemaker_remote'];
  return wanted.every((name) =>
    services.some(({ unit, activeState }) => unit.replace(/\.service$/u, '') === name && activeState === 'active'),
  );
}
