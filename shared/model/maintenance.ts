import type { PlannedCommand } from './operation.ts';
import type { NodeId } from './ids.ts';

/** What happens to a VM. No VM changes power state unless its row said so and was ticked (R9). */
export const vmEffects = ['live-migrate', 'restart-elsewhere', 'stop', 'cannot-move'] as const;
export type VmEffect = (typeof vmEffects)[number];

/** Every check that is made before a node is taken out of service. One fixture each triggers exactly it (R8). */
export const preflightCodes = [
  'more-than-one-node',
  'service-limit',
  'quorum-after',
  'cluster-settled',
  'nothing-unmanaged',
  'passthrough-vms',
  'unmanaged-vms',
  'vms-that-restart',
  'memory-on-targets',
  'scheduler-agrees',
  'libvirt-answers',
  'targets-reach-each-other',
  'data-pools',
  'incoming-migrations',
  'other-operations',
  'fencing-works',
  'placement-uses-memory',
  'node-is-itself',
  'no-mass-failure',
] as const;

/** Checks that are made only of a node that is out of service: before it is brought back, removed, or its services are stopped. */
export const outOfServiceCodes = [
  'host-health',
  'no-fence-loop',
  'node-is-empty',
  'powered-off',
  'services-run',
] as const;
export type PreflightCode = (typeof preflightCodes)[number] | (typeof outOfServiceCodes)[number];

/** One check with its answer. `unknown` never passes as safe (R8): it holds the operation up like a blocker. */
export interface PreflightCheck {
  readonly code: PreflightCode;
  readonly state: 'pass' | 'warning' | 'blocker' | 'unknown';
  readonly title: string;
  /** A figure or word for the line's right side: `8 of 8`, `6 of 7 used`, `none`. */
  readonly figure: string;
  /** What is the matter, by name, and why; empty when it passed. */
  readonly words: string;
  /** What to do about it; empty when it passed. */
  readonly fix: string;
  /** VMs or nodes it is about. */
  readonly subjects: readonly string[];
  /** What Force may override of it (R10): `no` stays a blocker there; `own-statement` needs its own typed statement. */
  readonly force: 'overrides' | 'own-statement' | 'no';
}

/** Memory that VMs use on a target, bytes. `null` where it is not known. */
export interface TargetMemory {
  readonly node: string;
  readonly totalBytes: number | null;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/** One VM of the plan. */
export interface PlannedVm {
  readonly resource: string;
  readonly domain: string;
  /** The node it runs on now: another than the one that is taken out only in `others`. */
  readonly node: string;
  readonly memoryBytes: number | null;
  readonly effect: VmEffect;
  /** Why it is this effect; empty for a live migration. */
  readonly because: string;
  readonly target: string | null;
  /** Other nodes it would fit on, best first. */
  readonly alternatives: readonly string[];
  /** It would restart or stop, so its row needs a tick (R9). Never true of a passthrough VM outside Force. */
  readonly needsTick: boolean;
}

/** A node that is taken out of service before another, with what was chosen for its VMs: one that moves only what can ends as *Active*. */
export interface NodeAhead extends Pick<MaintenanceChoices, 'targets' | 'movesOnlyWhatCan'> {
  readonly nodeId: NodeId;
}

/** A person's word that a VM may restart, or may stop: what was said of the one is not said of the other (R9). */
export type Tick = Pick<PlannedVm, 'resource' | 'effect'>;

/** Whether a row was ticked as it reads now. */
export const isTicked = (ticked: readonly Tick[], { resource, effect }: Tick): boolean =>
  ticked.some((tick) => tick.resource === resource && tick.effect === effect);

/** What a person may choose before the plan is made. */
export interface MaintenanceChoices {
  /** A target that was chosen, by resource. */
  readonly targets: Readonly<Record<string, string>>;
  /** Rows whose restart or stop was ticked. */
  readonly ticked: readonly Tick[];
  /** Leave what cannot move where it is and end as *Active* (R7). */
  readonly movesOnlyWhatCan: boolean;
  /** Stop the cluster services at the end, so that powering off fences nobody. */
  readonly stopsServices: boolean;
  /** Nodes that are taken out together with this one: none of its VMs is to go there. */
  readonly alsoOut: readonly NodeId[];
  /** Those of `alsoOut` whose turn is before this one's, in order: its plan begins where theirs end. */
  readonly ahead: readonly NodeAhead[];
}

export const noChoices: MaintenanceChoices = {
  targets: {},
  ticked: [],
  movesOnlyWhatCan: false,
  stopsServices: false,
  alsoOut: [],
  ahead: [],
};

/** Preflight and plan of one node, as they were when they were made. */
export interface PreparedMaintenance {
  readonly nodeId: NodeId;
  readonly node: string;
  /** First 12 digits of the machine-id; `null` where not known. */
  readonly machineId: string | null;
  readonly preparedAt: number;
  /** Names this answer: `start` is refused with `plan-changed` when a fresh preflight gives another. */
  readonly digest: string;
  readonly checks: readonly PreflightCheck[];
  readonly vms: readonly PlannedVm[];
  /** VMs of other nodes that the cluster would stop or move (R9). */
  readonly others: readonly PlannedVm[];
  readonly targets: readonly TargetMemory[];
  /** The node is off or fenced or runs nothing: it goes into standby at once. */
  readonly isEmpty: boolean;
  /** Nothing of the checks holds it up, and every row that needs a tick has one. */
  readonly isReady: boolean;
  /** What holds it up, in words, for the sentence beside the buttons; empty when ready. */
  readonly heldUpBy: string;
  /** Commands that would run, in order. */
  readonly wouldRun: readonly PlannedCommand[];
}

/** One thing that Force overrides, with its own tick; `statement` is what has to be typed where a tick is not enough (R10, R11). */
export interface ForceOverride {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  readonly statement: string | null;
  /** A line that is only told, and needs no tick. */
  readonly isTold: boolean;
}

/** What the force dialog shows. The timer runs in the main process on the monotonic clock; `token` serves once (R10). */
export interface ArmedForce {
  readonly nodeId: NodeId;
  readonly node: string;
  readonly nodeName: string;
  readonly token: string;
  readonly timerMs: number;
  /** (a) it answers; (b) it does not, and is fenced first. */
  readonly sequence: 'reachable' | 'unreachable';
  readonly overrides: readonly ForceOverride[];
  /** Checks that are never overridden, in words. */
  readonly neverOverridden: readonly string[];
  /** Why there is nothing to force; `null` where there is. */
  readonly refused: string | null;
  readonly wouldRun: readonly PlannedCommand[];
}

/** What the activate dialog shows. */
export interface PreparedActivation {
  readonly nodeId: NodeId;
  readonly node: string;
  readonly digest: string;
  readonly preparedAt: number;
  readonly checks: readonly PreflightCheck[];
  /** VMs that were moved away by the maintenance and could come home. */
  readonly home: readonly PlannedVm[];
  /** Fenced three times in an hour: what has to be acknowledged (R18); `null` else. */
  readonly fenceLoop: string | null;
  readonly isReady: boolean;
  readonly heldUpBy: string;
  /** Commands that would run where the VMs stay, and where those that can are brought home. */
  readonly wouldRun: readonly PlannedCommand[];
  readonly wouldRunHome: readonly PlannedCommand[];
}

/** What the dialog shows that stops the cluster services of a node In maintenance. */
export interface PreparedStop {
  readonly nodeId: NodeId;
  readonly node: string;
  readonly nodeName: string;
  readonly digest: string;
  readonly preparedAt: number;
  readonly checks: readonly PreflightCheck[];
  readonly isReady: boolean;
  readonly heldUpBy: string;
  readonly wouldRun: readonly PlannedCommand[];
}

/** What the remove dialog shows. */
export interface PreparedRemoval {
  readonly nodeId: NodeId;
  readonly node: string;
  readonly nodeName: string;
  readonly machineId: string | null;
  readonly address: string | null;
  readonly digest: string;
  readonly preparedAt: number;
  readonly checks: readonly PreflightCheck[];
  /** Constraints that name it, and go with it. */
  readonly leftovers: readonly { readonly id: string; readonly words: string }[];
  /** The specification's warning where a data pool is degraded; `null` else. It needs its own typed statement. */
  readonly poolWarning: string | null;
  /** What has to be typed for the degraded pool; `null` where nothing has to. */
  readonly poolStatement: string | null;
  /** The node does not answer: only after proof of power-off (R11). What has to be typed; `null` where nothing has to. */
  readonly powerOffStatement: string | null;
  readonly isReady: boolean;
  readonly heldUpBy: string;
  readonly wouldRun: readonly PlannedCommand[];
}
