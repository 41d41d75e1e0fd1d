import type { VmEffect } from './maintenance.ts';
import type { OperationCommand, OperationDirection } from './operation.ts';

/** What a quorate partition of the cluster answered; parsed, not judged. Names and attributes as Pacemaker spells them. */

/** One `<node>` of `crm_mon --output-as=xml`. */
export interface ClusterNode {
  readonly name: string;
  /** Corosync's node id, or the name for a remote node. */
  readonly id: string;
  readonly type: 'member' | 'remote';
  readonly isOnline: boolean;
  readonly isStandby: boolean;
  readonly isStandbyOnFail: boolean;
  /** Pacemaker's maintenance mode: resources unmanaged. Never our *In maintenance*. */
  readonly isInPacemakerMaintenance: boolean;
  readonly isPending: boolean;
  readonly isUnclean: boolean;
  readonly isShuttingDown: boolean;
  readonly isDc: boolean;
  readonly resourcesRunning: number;
}

/** One resource instance, clones and groups flattened. */
export interface ClusterResource {
  readonly id: string;
  /** The clone or bundle it is an instance of; `null` for a resource that runs once. */
  readonly clone: string | null;
  /** E.g. `ocf:heartbeat:VirtualDomain`, `stonith:fence_lab`, `ocf:pacemaker:remote`, `systemd:lab-demo`. */
  readonly agent: string;
  readonly role: string;
  readonly isManaged: boolean;
  readonly isFailed: boolean;
  readonly isBlocked: boolean;
  readonly isOrphaned: boolean;
  /** E.g. `Migrating`, `Monitoring`; absent when nothing is pending. */
  readonly pending?: string;
  /** Names of the nodes it is on. */
  readonly nodes: readonly string[];
}

/** One `<failure>` of crm_mon. */
export interface ClusterFailure {
  readonly resource: string;
  readonly node: string;
  readonly operation: string;
  readonly exitStatus: string;
  readonly exitReason: string;
  /** UTC ms where the text carries a zone or the node's offset is known; `null` else. */
  readonly failedAt: number | null;
}

/** How often a resource has failed on a node, where it has (`<resource_history fail-count>` of crm_mon). */
export interface ClusterFailCount {
  readonly resource: string;
  readonly node: string;
  /** Pacemaker's INFINITY is 1,000,000: a start that failed, or a stop. */
  readonly failCount: number;
  /** `migration-threshold`: at this count it is not tried on this node any more. */
  readonly limit: number;
}

/** One `<fence_event>` of the fencing history, newest first. */
export interface FenceEvent {
  readonly action: string;
  readonly target: string;
  readonly status: 'success' | 'failed' | 'pending';
  /** The device or node that did it. */
  readonly delegate: string;
  readonly client: string;
  /** UTC ms; `null` while pending. */
  readonly completedAt: number | null;
  readonly exitReason: string;
}

/** Corosync's answer about quorum, or crm_mon's where corosync cannot be asked. */
export interface QuorumView {
  readonly isQuorate: boolean;
  readonly votes: number | null;
  readonly expectedVotes: number | null;
  readonly neededVotes: number | null;
  readonly flags: readonly string[];
}

/** One member as corosync.conf or the CIB has it. */
export interface ClusterMember {
  readonly name: string;
  readonly id: string;
  readonly type: 'member' | 'remote';
  /** `ring0_addr` of corosync, or the remote's `server`; `null` where neither is set. */
  readonly address: string | null;
  /** Memory VMs may use as the cluster's utilization says, in MiB; `null` where not set. */
  readonly memoryCapacityMib: number | null;
  /** Standby recorded in the CIB, with the lifetime it was set with. */
  readonly standby: 'off' | 'forever' | 'reboot';
  /**
   * The newest action that was carried out on it, UTC ms by its own clock, where it is not in the cluster now. A fencing wipes the record of
   * them: with one it was up since. `null`: none is recorded, or it is in the cluster.
   */
  readonly actedAt: number | null;
}

/** A VM as the cluster manages it (`ocf:heartbeat:VirtualDomain`). */
export interface ClusterVm {
  readonly resource: string;
  /** libvirt's domain name, as far as the configuration tells; else the resource's id. */
  readonly domain: string;
  readonly memoryMib: number | null;
  readonly canLiveMigrate: boolean;
}

/** Our own records in the CIB (ids prefixed `rackside-`), decoded. A record of an unknown version is kept as `unreadable`. */
export interface ClusterRecords {
  readonly nodes: Readonly<Record<string, NodeRecord>>;
  readonly candidates: readonly CandidateRecord[];
  readonly out: readonly OutRecord[];
  readonly operations: readonly OperationRecord[];
  /** Leases, slots and guards of moves: compared as whole strings, by the cluster itself. */
  readonly marks: readonly { readonly name: string; readonly value: string }[];
  readonly unreadable: readonly string[];
  /** Values of nodes' records and of the limits exactly as they stand, by node (the region's: the empty name) and record: what a change is compared with. */
  readonly written: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Most nodes out of service at once (R5); default 1. */
  readonly maxOutOfService: number;
  /** Live migrations at once in one maintenance; default 1. */
  readonly maxMovesAtOnce: number;
}

/** What is recorded on a member. */
export interface NodeRecord {
  readonly displayName: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly address: string | null;
  /** Machine-id, host key (its SHA256 fingerprint, since it was accepted with its type before it) and DMI serial, as recorded at join (R12). */
  readonly machineId: string | null;
  readonly hostKey: string | null;
  readonly serial: string | null;
  /** Who put it in maintenance, why and when; also set when we stopped its services on purpose. */
  readonly maintenance: {
    readonly by: string;
    readonly reason: string;
    readonly at: number;
    readonly isStopped: boolean;
    /** Its newest fencing by then, by the cluster's clock, UTC ms; 0: none. Absent in records of earlier versions. */
    readonly fencedAt?: number;
    /** Recorded of a node that was proven off by then (R11): what proved it may be older than the record. Absent: it was not. */
    readonly wasOff?: boolean;
    /** Resources of the VMs that the maintenance moved away, so that Activate can bring them home. */
    readonly movedVms: readonly string[];
  } | null;
}

/** A member that nothing was recorded of. */
export const emptyNodeRecord: NodeRecord = {
  displayName: null,
  description: null,
  tags: [],
  address: null,
  machineId: null,
  hostKey: null,
  serial: null,
  maintenance: null,
};

/** A server that is not a member (yet). */
export interface CandidateRecord {
  readonly id: string;
  readonly address: string;
  readonly name: string | null;
  readonly machineId: string | null;
  readonly state: 'candidate' | 'approved' | 'rejected';
  readonly step: string | null;
  readonly inspectedAt: number | null;
  /** Unmet requirements of the last inspection, a line each with the measured value. */
  readonly unmet: readonly string[];
  readonly by: string | null;
  readonly reason: string | null;
}

/** A server that was removed; never joined again without a wipe (R16). */
export interface OutRecord {
  readonly machineId: string;
  readonly name: string;
  readonly address: string | null;
  readonly by: string;
  readonly at: number;
}

/**
 * An operation as it is recorded in the cluster (`rackside-op-NODE`): written before the first effect, deleted only by whoever verified the
 * end. It holds what another laptop needs to go on or to undo, and outlives every lease.
 */
export interface OperationRecord {
  readonly id: string;
  readonly node: string;
  readonly command: OperationCommand;
  readonly step: string;
  /** Whether it leads on, or back to where it began: some steps are part of both ways. */
  readonly direction: OperationDirection;
  /** `user on laptop`. */
  readonly owner: string;
  /** By the clock of whoever began it, UTC ms. */
  readonly startedAt: number;
  /** The node's newest fencing when it began, by the cluster's clock, UTC ms; 0: none. A newer one came after. */
  readonly fencedAt: number;
  readonly reason: string;
  readonly failure: string | null;
  readonly choices: OperationChoices;
  /** VMs of the plan: resource, target and effect; what is moved is dropped from it when the step ends. */
  readonly vms: readonly RecordedVm[];
  /** VMs of other nodes that the standby may restart or stop: each was ticked (R9). */
  readonly others: readonly Pick<RecordedVm, 'resource' | 'effect'>[];
  /** What has to be undone at the end, whoever ends it. */
  readonly undo: readonly RecordedUndo[];
  /** Units of systemd that it began and that may run still: before another one is begun, they are proven to be over (R3). */
  readonly units: readonly RecordedUnit[];
  /** It has stopped the node's cluster services, or begun to: who undoes it starts them again, whatever the node's own record says by then. */
  readonly hasStopped?: boolean;
}

/** A long command that was begun on another node than the operation's own. */
export interface RecordedUnit {
  readonly name: string;
  /** The node that runs it. */
  readonly on: string;
  /** That node's newest fencing when it was begun, UTC ms; 0: none. A newer one has ended the unit. */
  readonly fencedAt: number;
}

export interface RecordedVm {
  readonly resource: string;
  readonly target: string | null;
  readonly effect: VmEffect;
  readonly isDone: boolean;
}

/** `value: null`: the attribute was absent. */
export interface RecordedUndo {
  readonly kind: 'allow-migrate' | 'target-role';
  readonly resource: string;
  readonly value: string | null;
}

export interface OperationChoices {
  readonly stopsServices: boolean;
  readonly movesOnlyWhatCan: boolean;
  readonly bringsVmsHome: boolean;
  /** Force only: the node did not answer, and is fenced before anything else is believed of it. */
  readonly isUnreachable: boolean;
  /** Force only: a person typed that the node is powered off (R11). */
  readonly isStatedOff: boolean;
}

/** What an operation without choices has. */
export const noOperationChoices: OperationChoices = {
  stopsServices: false,
  movesOnlyWhatCan: false,
  bringsVmsHome: false,
  isUnreachable: false,
  isStatedOff: false,
};

/** Everything one read of the cluster tells, by one control node at one moment. */
export interface ClusterAnswer {
  /** Pacemaker's `cluster-name`: what this region is, whichever control node answers; `null` where none is set. */
  readonly clusterName: string | null;
  /** The control node that was asked. */
  readonly via: string;
  /** UTC ms, this laptop's clock, when the answer was complete. */
  readonly readAt: number;
  readonly pacemakerVersion: string;
  readonly apiVersion: string;
  readonly dc: string | null;
  readonly quorum: QuorumView;
  readonly isInMaintenanceMode: boolean;
  readonly isFencingEnabled: boolean;
  readonly noQuorumPolicy: string;
  readonly nodes: readonly ClusterNode[];
  readonly members: readonly ClusterMember[];
  readonly resources: readonly ClusterResource[];
  readonly failures: readonly ClusterFailure[];
  readonly failCounts: readonly ClusterFailCount[];
  readonly fencing: readonly FenceEvent[];
  readonly vms: readonly ClusterVm[];
  readonly records: ClusterRecords;
}
