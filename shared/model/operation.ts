import type { Problem } from '../problems.ts';
import type { NodeId, OperationId, RegionId } from './ids.ts';
import type { VmEffect } from './maintenance.ts';

/** What an operation does to a node. The words are those of the record in the cluster. */
export const operationCommands = [
  'maintenance',
  'force-maintenance',
  'activate',
  'remove',
  'join',
  'shut-down-vm',
  'stop-services',
] as const;
export type OperationCommand = (typeof operationCommands)[number];

/** What each command is called where a person reads it. */
export const commandWords: Readonly<Record<OperationCommand, string>> = {
  maintenance: 'Maintenance',
  'force-maintenance': 'Force maintenance',
  activate: 'Activate',
  remove: 'Remove',
  join: 'Join',
  'shut-down-vm': 'Shut down VM',
  'stop-services': 'Stop cluster services',
};

/** Recorded commands that take a node out of service: while one is recorded, the node is *Entering maintenance* (docs/status.md, line 14). */
export const enteringCommands: ReadonlySet<OperationCommand> = new Set(['maintenance', 'force-maintenance']);

/** Where an operation goes: on to its end, or back to where it began. */
export type OperationDirection = 'on' | 'undo';

/**
 * Where an operation stands. Only `running`, `cancelling` and `rolling-back` change anything by themselves; everything else waits for a person.
 *
 * - `queued`: one of several that were asked for together; nothing of it has begun, and `behind` is the node whose turn it is.
 * - `rolling-back`: a person asked for it after it had stopped; `cancelling` leads back too, from the middle of it.
 * - `failed`: stopped at a step with a problem; the record stays in the cluster, and it can be continued or rolled back.
 * - `unattended`: recorded in the cluster, and nobody is known to drive it: this app was restarted, or another laptop is gone.
 * - `elsewhere`: another laptop drives it, as its lease shows.
 * - `ended`: the record is gone; `outcome` says how it went, `elsewhere` that another laptop knows and this one does not.
 */
export type OperationState =
  | { readonly kind: 'queued'; readonly behind: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'cancelling'; readonly since: number }
  | { readonly kind: 'rolling-back'; readonly since: number }
  | { readonly kind: 'failed'; readonly at: number; readonly problem: Problem }
  | { readonly kind: 'unattended'; readonly since: number }
  | { readonly kind: 'elsewhere'; readonly owner: string }
  | {
      readonly kind: 'ended';
      readonly at: number;
      readonly outcome: 'succeeded' | 'partly' | 'cancelled' | 'rolled-back' | 'elsewhere';
      /** What is left as it is, a line each: VMs that stay, pins that are kept, what a person has to do now. */
      readonly left: readonly string[];
    };

/** States in which a process drives it, and sends what its steps need. */
export const drivenStates: ReadonlySet<OperationState['kind']> = new Set(['running', 'cancelling', 'rolling-back']);

/** One step as the operation's page lists it. */
export interface OperationStep {
  readonly id: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'skipped' | 'cancelled' | 'failed';
  /** One line: what it found, what it waits for; empty where there is nothing to say. */
  readonly detail: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** How far a live migration is, by `virsh domjobinfo` on its source. */
export interface MoveProgress {
  readonly readAt: number;
  readonly elapsedMs: number;
  readonly processedBytes: number;
  readonly remainingBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number | null;
  readonly dirtyBytesPerSecond: number | null;
  readonly iteration: number | null;
  /** From at least two reads; `null`: not known. */
  readonly leftMs: number | null;
  /** Writes memory at least as fast as it moves, over several reads: it will not end by itself. */
  readonly isStalled: boolean;
}

/** One VM of the plan while the operation runs. */
export interface OperationVm {
  /** The cluster's resource. */
  readonly resource: string;
  readonly domain: string;
  readonly memoryBytes: number | null;
  readonly effect: VmEffect;
  readonly target: string | null;
  readonly state: 'waiting' | 'moving' | 'handing-back' | 'moved' | 'stopped' | 'restarted' | 'failed' | 'stays';
  /** One line: why it failed, why it waits; empty where there is nothing to say. */
  readonly detail: string;
  readonly progress: MoveProgress | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** What a person can do with an operation now; `refused` says why not and what would allow it. */
export interface OperationAction {
  readonly action: 'cancel' | 'continue' | 'roll-back' | 'hand-over' | 'force';
  readonly refused: string | null;
}

/** One operation, as the list and its page show it. Times are UTC ms. */
export interface Operation {
  readonly id: OperationId;
  readonly regionId: RegionId;
  readonly nodeId: NodeId;
  /** The cluster's name of the node, and what it is shown as. */
  readonly node: string;
  readonly nodeName: string;
  readonly command: OperationCommand;
  readonly state: OperationState;
  /** `user on laptop`. */
  readonly owner: string;
  /** This app's process drives it, or drove it to its end. */
  readonly isOurs: boolean;
  readonly reason: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly steps: readonly OperationStep[];
  readonly vms: readonly OperationVm[];
  /** The specification's words, where it gives some ("Node [name] is being forcefully deactivated."); empty else. */
  readonly message: string;
  readonly actions: readonly OperationAction[];
}

/** One command as it was sent, secrets removed; `endedAt: null`: sent, and nobody saw it end. */
export interface TranscriptEntry {
  readonly sequence: number;
  readonly step: string;
  readonly host: string;
  readonly command: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** False where the journal's row is not what was written. */
  readonly isIntact: boolean;
}

/** A command that an operation would send, for "what would run". */
export interface PlannedCommand {
  readonly step: string;
  readonly host: string;
  readonly command: string;
}
