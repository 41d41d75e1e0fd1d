import { isBelievable, isElecting, whyNotBelieved } from '#shared/lifecycle/believe.ts';
import type {
  CandidateRecord,
  ClusterAnswer,
  ClusterFailCount,
  ClusterMember,
  ClusterNode,
  ClusterResource,
  FenceEvent,
  NodeRecord,
  OperationRecord,
  OutRecord,
} from '#shared/model/cluster.ts';
import type { DataPool, Domain } from '#shared/model/hardware.ts';
import type { Reachability } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { indexOf } from './answer-index.ts';

/** Everything a node's status is concluded from. Values only: nothing here knows where they came from. */
export interface NodeFacts {
  readonly cluster: ClusterFacts;
  readonly host: HostFacts;
  /** UTC ms of this laptop's last write to the cluster: what was seen before it does not settle anything. */
  readonly ownWriteAt: number | null;
}

/** What the cluster says of one node, or why nobody may be believed about it. */
export type ClusterFacts = BelievedFacts | UnbelievedFacts;

export interface UnbelievedFacts {
  readonly kind: 'unbelieved';
  /** In words: "no quorum: 1 of 3 votes", "not reachable from this laptop". */
  readonly because: string;
  /** UTC ms since which. */
  readonly since: number;
  /** A cluster that has no coordinator because it is just being started, not because it fell apart. */
  readonly isBootstrapping: boolean;
}

export interface BelievedFacts {
  readonly kind: 'believed';
  /** UTC ms, this laptop's clock. */
  readonly readAt: number;
  /** crm_mon's word on it; `null`: not a member (yet, or any more). */
  readonly node: ClusterNode | null;
  /** Corosync's and the CIB's word on it; with `node: null` it is configured, and its services never started. */
  readonly member: ClusterMember | null;
  /** An earlier believed answer of the same region did not have it: somebody is joining it now. */
  readonly isNewMember: boolean;
  /** Every resource instance that lists it. */
  readonly resources: readonly ClusterResource[];
  /** A Worker's own connection resource. */
  readonly connection: ClusterResource | null;
  /** Instances of clones that failed on it at or beyond their limit; VMs and fencing devices are not among them. */
  readonly failedServices: readonly ClusterFailCount[];
  /** Fencing of it, newest first. */
  readonly fencing: readonly FenceEvent[];
  /** How far the cluster's clock, by which that is told, is ahead of this laptop's, ms. Absent: it was never fenced, or nobody knows. */
  readonly clusterAheadMs?: number;
  /** The fencing device, where only one can be meant: the history of a fencing names the node that carried it out, and no device. */
  readonly fenceDevice: string | null;
  /** Pacemaker's maintenance mode of the node or of the whole cluster: resources are unmanaged. */
  readonly isUnmanaged: boolean;
  readonly record: NodeRecord | null;
  readonly operation: OperationRecord | null;
  /** The lock on it, as a whole string that changes at each renewal; `null`: nobody holds it. */
  readonly lease: string | null;
  readonly candidate: CandidateRecord | null;
  readonly out: OutRecord | null;
}

/** What this laptop sees of the machine itself. A value of which the question does not apply is `none`, and holds up nothing. */
export interface HostFacts {
  readonly reachability: Reachability;
  /** UTC ms when the observation was complete that the readings below belong to; `null`: none yet. */
  readonly observedAt: number | null;
  readonly libvirt: Reading<'answers' | 'down' | 'not-installed'>;
  /** libvirt's domains, those that are shut off included. */
  readonly domains: Reading<readonly Pick<Domain, 'name' | 'state'>[]>;
  /** Corosync and Pacemaker (a Worker: pacemaker_remote) run. */
  readonly clusterServices: Reading<boolean>;
  /** All converged links have carrier. */
  readonly carrier: Reading<boolean>;
  /** The node's clock minus this laptop's, ms; where that is more than the health gate allows, minus the other nodes' (their median). */
  readonly clockOffsetMs: Reading<number>;
  readonly pools: Reading<readonly Pick<DataPool, 'name' | 'state' | 'detail'>[]>;
}

/** Whom the facts are about. A member is named as Pacemaker names it. */
export type Subject =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'candidate'; readonly id: string }
  | { readonly kind: 'out'; readonly machineId: string };

/**
 * What an answer says of one node. `earlier` is the last believed answer before it (it tells who is new); `unbelievedSince` is the
 * time since which no answer could be believed, where that began before this one.
 */
export function clusterFacts(
  answer: ClusterAnswer,
  subject: Subject,
  earlier?: ClusterAnswer,
  unbelievedSince?: number,
): ClusterFacts {
  const because = whyNotBelieved(answer);
  if (because !== undefined) {
    // A lone server cannot be cut off from its peers; of several, corosync has to say that they are together.
    const isAlone = answer.nodes.length <= 1;
    return {
      kind: 'unbelieved',
      because,
      since: unbelievedSince ?? answer.readAt,
      isBootstrapping: isElecting(answer) && (answer.quorum.isQuorate || isAlone),
    };
  }
  const { resources, records } = answer;
  const index = indexOf(answer);
  const candidate =
    subject.kind === 'candidate' ? (records.candidates.find(({ id }) => id === subject.id) ?? null) : null;
  const name = subject.kind === 'member' ? subject.name : (candidate?.name ?? null);
  const node = (name === null ? undefined : index.node(name)) ?? null;
  const connection = name === null ? undefined : index.resource(name);
  const wasKnown =
    earlier === undefined || !isBelievable(earlier) || (name !== null && indexOf(earlier).node(name) !== undefined);
  return {
    kind: 'believed',
    readAt: answer.readAt,
    node,
    member: (name === null ? undefined : index.member(name)) ?? null,
    isNewMember: node !== null && !wasKnown,
    resources: name === null ? [] : index.resourcesOn(name),
    connection: connection?.agent === 'ocf:pacemaker:remote' ? connection : null,
    failedServices: answer.failCounts.filter(
      (count) => count.node === name && count.failCount >= count.limit && isHostService(count.resource, resources),
    ),
    fencing: answer.fencing.filter(({ target }) => target === name),
    fenceDevice: index.onlyFenceDevice,
    isUnmanaged: answer.isInMaintenanceMode || (node?.isInPacemakerMaintenance ?? false),
    record: (name === null ? undefined : records.nodes[name]) ?? null,
    operation: records.operations.find((operation) => operation.node === name) ?? null,
    lease: records.marks.find((mark) => mark.name === `rackside-lease-${name ?? ''}`)?.value ?? null,
    candidate,
    out: subject.kind === 'out' ? (records.out.find(({ machineId }) => machineId === subject.machineId) ?? null) : null,
  };
}

/** A clone runs everywhere: its instance is a service of the host. What runs once (a VM) can be wrong without the host being wrong. */
function isHostService(resource: string, resources: readonly ClusterResource[]): boolean {
  const primitive = resource.replace(/:\d+$/u, '');
  return resources.some(
    ({ id, clone, agent }) => clone !== null && id.replace(/:\d+$/u, '') === primitive && !agent.startsWith('stonith:'),
  );
}
