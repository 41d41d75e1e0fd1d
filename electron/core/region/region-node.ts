import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { NodeRecord, OperationRecord } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { StatusMemory } from '../lifecycle/memory.ts';
import type { Observation } from './observation.ts';

/** What the cluster says of a row, in the few words that its cells need. */
export interface Membership {
  readonly kind: 'member' | 'candidate' | 'out';
  readonly role: 'control' | 'worker';
  readonly isDc: boolean;
  /** The address the cluster or our record names; `null` where neither does. */
  readonly address: string | null;
  /** MiB that VMs may use, by the cluster's utilization. */
  readonly memoryCapacityMib: number | null;
  /** The VMs that the cluster has or moves here. */
  readonly clusterVms: readonly { readonly domain: string; readonly memoryMib: number | null }[];
  readonly record: NodeRecord;
  /** The operation that is recorded on it. */
  readonly operation: OperationRecord | null;
  /** UTC ms of the cluster's answer. */
  readonly readAt: number;
}

/** One row of the region, as plain data: cached as it stands, painted by `buildRow`. */
export interface RegionNode {
  readonly id: NodeId;
  /** The cluster's name for it, which is its hostname; a candidate's address until it has one. */
  readonly name: string;
  readonly membership: Membership;
  readonly status: StatusView;
  readonly memory: StatusMemory | undefined;
  readonly observation: Observation;
}

/** A row as it comes out of the cache: whether this laptop reaches the node now has to be tried anew (R29). Pure. */
export function fromLastTime(node: RegionNode): RegionNode {
  const reachability = { kind: 'not-tried', because: 'not tried since Rackside was started' } as const;
  return { ...node, observation: { ...node.observation, reachability } };
}
