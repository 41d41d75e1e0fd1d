import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration, Simulation } from '#shared/model/configuration.ts';
import type { DataPool, Domain, ServiceState } from '#shared/model/hardware.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type {
  MaintenanceChoices,
  PreparedActivation,
  PreparedMaintenance,
  PreparedRemoval,
  PreparedStop,
} from '#shared/model/maintenance.ts';
import type { Reading } from '#shared/model/reading.ts';
import type { Brake } from '#shared/model/region.ts';
import type { HostFacts } from '../facts.ts';

/**
 * How old a reading of a machine may be to prove anything before an operation (R19). Whoever gathers reads the source and every node of
 * `draftPlan(facts).targets` just before; what is older than this is *unknown* here, whatever the table still shows.
 */
export const provenWithinMs = 60_000;

/** One member as the preflight sees it: its row, and what was read on the machine itself. */
export interface PreflightNode {
  /** The cluster's name, and what it is shown as. */
  readonly name: string;
  readonly shownName: string;
  readonly role: 'control' | 'worker';
  readonly status: StatusView;
  /** Another machine answers under its name (R12); `null`: not as far as known. */
  readonly frozenBecause: string | null;
  /** Fencings until then prove nothing any more: it was seen up after them. UTC ms, 0: none. */
  readonly fencingsOverAt: number;
  /** `hostPart` of the region's facts, with whole domains (passthrough devices and memory count here) and whole pools (their kind does). */
  readonly host: Omit<HostFacts, 'domains' | 'pools'> & {
    readonly domains: Reading<readonly Domain[]>;
    readonly pools: Reading<readonly DataPool[]>;
  };
  readonly services: Reading<readonly ServiceState[]>;
  /** The row's figures: what VMs may use, and what those on it or moving in use. */
  readonly vmMemoryTotalBytes: Reading<number>;
  readonly vmMemoryAllocatedBytes: Reading<number>;
}

/**
 * Who answers under the node's name, compared with the record (R12). `asked`: something answers there, and a person has a question to answer
 * (its host key, the login) before this laptop hears more. `unknown`: it was not reached, or nothing is recorded of it.
 */
export type IdentityFact =
  | { readonly kind: 'itself' }
  | { readonly kind: 'asked'; readonly because: string }
  | { readonly kind: 'changed'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };

/** The node's lease in the cluster (R20). `ours`: this very operation holds it, when it judges again. */
export type LockFact =
  | { readonly kind: 'free' }
  | { readonly kind: 'ours' }
  | { readonly kind: 'held'; readonly owner: string; readonly purpose: string; readonly since: number }
  | { readonly kind: 'unknown'; readonly because: string };

/** One fencing device of the cluster. `monitor`: its recurring monitor, by crm_mon and its history; `lists`: `stonith_admin --list NODE` names it. */
export interface FencingProof {
  readonly device: string;
  readonly monitor: 'ok' | 'failed' | 'unknown';
  readonly lists: 'yes' | 'no' | 'unknown';
}

/** Whether the source reaches a target's libvirt (`virsh -c qemu+ssh://TARGET/system version` on the source); `no`: in virsh's words. */
export type Reach = 'yes' | { readonly no: string } | 'unknown';

/** What the cluster's own scheduler answered on copies of the CIB (`crm_simulate -x`). */
export interface Simulated {
  /** The pins that both copies carried: those of `draftPlan(facts).pins`. Of other pins it proves nothing, and the check is *unknown*. */
  readonly pinned: Readonly<Record<string, string>>;
  /** The pins alone. */
  readonly pins: Simulation;
  /** The pins, and the node in standby. */
  readonly standby: Simulation;
}

/** What every judgement about one node of a region begins with. Times are UTC ms of this laptop. */
export interface NodeInRegion {
  readonly now: number;
  /** How far the nodes' clocks are ahead of this laptop's, ms: the fence history is by theirs. 0 where none is known. */
  readonly clusterAheadMs: number;
  /** The region as it is shown. */
  readonly regionName: string;
  readonly nodeId: NodeId;
  /** The cluster's name of the node that is acted on: one of `nodes`. */
  readonly node: string;
  /** First 12 digits of the machine-id; `null` where not known. */
  readonly machineId: string | null;
  /** Just read; a quorate partition's, else nothing is judged at all. */
  readonly answer: ClusterAnswer;
  readonly configuration: ClusterConfiguration;
  /** Every member of the cluster, the one acted on included. */
  readonly nodes: readonly PreflightNode[];
  readonly identity: IdentityFact;
  readonly lock: LockFact;
  /** The id of the operation that judges, so that it does not find itself in its own way; `null` before it began. */
  readonly ownOperation: string | null;
  readonly brake: Brake | null;
}

/** What the plan is made of: everything but what can only be asked once a plan is there. */
export interface PlanFacts extends NodeInRegion {
  readonly choices: MaintenanceChoices;
  /**
   * Domains that are just arriving on the node: `paused` there, and `virsh domjobinfo` says `Incoming migration`. Those that the cluster
   * calls *Migrating* to it are found in `answer`.
   */
  readonly incoming: Reading<readonly string[]>;
}

/**
 * Everything that is judged before a node is taken out of service. Gathered in two rounds: `PlanFacts`, then `draftPlan(…)`, whose
 * `targets` are read and asked for, and whose `pins` are simulated.
 */
export interface PreflightFacts extends PlanFacts {
  /** Every fencing device that the cluster has. */
  readonly fencing: readonly FencingProof[];
  /** By the target's name. */
  readonly targetsReachable: Readonly<Record<string, Reach>>;
  readonly simulated: Simulated;
}

/** What has to be asked for a plan before it can be judged. */
export interface DraftPlan {
  /** Target by resource of every VM that would leave: what is to be simulated. */
  readonly pins: Readonly<Record<string, string>>;
  /** Nodes that VMs would go to, sorted: whose libvirt has to be read, and asked for from the source. */
  readonly targets: readonly string[];
  /** The node is off or runs nothing: there is nothing to simulate but its standby. */
  readonly isEmpty: boolean;
}

/** Everything that is judged before a node is brought back. */
export interface ActivationFacts extends NodeInRegion {
  /** UTC ms until which a person has acknowledged the node's fence loop (R18); `null`: nobody has. */
  readonly fenceLoopAcknowledgedUntil: number | null;
  /** A copy of the CIB with the node out of standby, every pin kept, and these added. */
  readonly unstandby: Simulation;
  /** Where VMs run that would move by themselves without such a pin, by resource. */
  readonly pinned: Readonly<Record<string, string>>;
}

/** Everything that is judged before a node is removed. */
export interface RemovalFacts extends NodeInRegion {
  /** The address that the dialog reviews; `null` where not known. */
  readonly address: string | null;
}

/** What the judgements answer; whoever gathered the facts adds the commands that would run. */
export type JudgedMaintenance = Omit<PreparedMaintenance, 'wouldRun'>;
export type JudgedActivation = Omit<PreparedActivation, 'wouldRun' | 'wouldRunHome'>;
export type JudgedStop = Omit<PreparedStop, 'wouldRun'>;
export type JudgedRemoval = Omit<PreparedRemoval, 'wouldRun'>;
