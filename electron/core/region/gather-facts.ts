import { assertNever } from '#shared/assert.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { mapReading } from '#shared/model/reading.ts';
import { clusterFacts, type ClusterFacts, type HostFacts, type NodeFacts, type Subject } from '../lifecycle/facts.ts';
import { gateClockMs } from '../lifecycle/health-gate.ts';
import { clocksAheadMs } from './clocks.ts';
import type { RegionNode } from './region-node.ts';
import { summaryOf } from './slow-summary.ts';

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

/**
 * Everything `deriveStatus` decides on for one node; `ownWriteAt`: UTC ms of this laptop's last write to the cluster. Pure.
 * @param others the other nodes of the region.
 */
export function gatherFacts(
  node: RegionNode,
  cluster: ClusterKnowledge,
  ownWriteAt: number | null,
  others: () => readonly RegionNode[],
): NodeFacts {
  return {
    cluster: withItsClock(clusterPart(node, cluster), () => [...others(), node]),
    host: hostPart(node, others),
    ownWriteAt,
  };
}

/** With the cluster's clock where that is asked for: of every node each time it costs the square of the region's size. */
function withItsClock(cluster: ClusterFacts, nodes: () => readonly RegionNode[]): ClusterFacts {
  if (cluster.kind === 'unbelieved' || cluster.fencing.length === 0) return cluster;
  const clusterAheadMs = clocksAheadMs(nodes());
  return clusterAheadMs === null ? cluster : { ...cluster, clusterAheadMs };
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

/**
 * What this laptop sees of the machine itself. Pure.
 * @param others the other nodes of the region: asked for where its clock and the laptop's differ, to tell which of them is wrong.
 */
export function hostPart(
  { observation, membership }: RegionNode,
  others: () => readonly RegionNode[] = () => [],
): HostFacts {
  const { reachability } = observation;
  const { libvirt, domains, clusterServices, carrier, pools } = summaryOf(observation.slow);
  return {
    reachability,
    observedAt: reachability.kind === 'reachable' ? reachability.at : null,
    libvirt,
    domains,
    clusterServices: mapReading(clusterServices, (runs) => runs[membership.role]),
    carrier,
    clockOffsetMs: mapReading(observation.clockOffsetMs, (ms) =>
      Math.abs(ms) <= gateClockMs ? ms : ms - (clocksAheadMs(others()) ?? 0),
    ),
    pools,
  };
}
