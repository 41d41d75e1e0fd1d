import type { NodeId, OperationId, RegionId } from '../model/ids.ts';
import type {
  ArmedForce,
  MaintenanceChoices,
  PreparedActivation,
  PreparedMaintenance,
  PreparedRemoval,
  PreparedStop,
} from '../model/maintenance.ts';
import type { Operation, TranscriptEntry } from '../model/operation.ts';

interface OnNode {
  readonly regionId: RegionId;
  readonly nodeId: NodeId;
}
interface OnOperation {
  readonly regionId: RegionId;
  readonly operationId: OperationId;
}

/**
 * Everything that acts on a node. Each `start…` takes the caller's operation id (R3): the same call again answers the same operation.
 * Each is refused here exactly as its dialog would refuse it; the dialog's ticks and typed words are part of the input.
 */
export interface OperationCalls {
  /** Reads fresh and answers preflight and plan; nothing is changed. @throws `not-available` with the rule. */
  'maintenance.prepare': { input: OnNode & { readonly choices: MaintenanceChoices }; output: PreparedMaintenance };
  /** @throws `plan-changed` (prepare again), `preflight-failed`, `not-available`, `node-locked`, `service-limit`, `no-quorum`. */
  'maintenance.start': {
    input: OnNode & {
      readonly operationId: OperationId;
      readonly choices: MaintenanceChoices;
      readonly digest: string;
      readonly reason: string;
    };
    output: Operation;
  };
  /** Several nodes, one after the other within the region's limit, stopping at the first failure. */
  'maintenance.startMany': {
    input: {
      readonly regionId: RegionId;
      readonly reason: string;
      readonly nodes: readonly {
        readonly nodeId: NodeId;
        readonly operationId: OperationId;
        readonly choices: MaintenanceChoices;
        readonly digest: string;
      }[];
    };
    output: readonly Operation[];
  };
  /** Arms the safety timer and answers what Force would override. Arming again starts the timer anew. */
  'force.arm': { input: OnNode; output: ArmedForce };
  'force.disarm': { input: OnNode & { readonly token: string }; output: null };
  /** @throws `timer-running`, `token-used`, `name-mismatch`, `statement-missing`, `not-available`, `node-locked`. */
  'force.start': {
    input: OnNode & {
      readonly operationId: OperationId;
      readonly token: string;
      readonly typedName: string;
      /** Ids of the overrides that were ticked. */
      readonly ticked: readonly string[];
      /** Typed statements by the id of their override. */
      readonly statements: Readonly<Record<string, string>>;
      readonly reason: string;
    };
    output: Operation;
  };
  'activate.prepare': { input: OnNode; output: PreparedActivation };
  'activate.start': {
    input: OnNode & {
      readonly operationId: OperationId;
      readonly digest: string;
      readonly bringsVmsHome: boolean;
      /** A fence loop was acknowledged (R18). */
      readonly acknowledgesFenceLoop: boolean;
    };
    output: Operation;
  };
  /** Several nodes, one after the other, stopping at the first failure. */
  'activate.startMany': {
    input: {
      readonly regionId: RegionId;
      readonly nodes: readonly {
        readonly nodeId: NodeId;
        readonly operationId: OperationId;
        readonly digest: string;
        readonly bringsVmsHome: boolean;
        readonly acknowledgesFenceLoop: boolean;
      }[];
    };
    output: readonly Operation[];
  };
  /** Whether the cluster services of a node In maintenance can be stopped, so that cutting its power fences nobody. */
  'services.prepareStop': { input: OnNode; output: PreparedStop };
  'services.stop': {
    input: OnNode & { readonly operationId: OperationId; readonly digest: string };
    output: Operation;
  };
  'removal.prepare': { input: OnNode; output: PreparedRemoval };
  'removal.start': {
    input: OnNode & {
      readonly operationId: OperationId;
      readonly digest: string;
      readonly typedName: string;
      readonly poolStatement: string;
      readonly powerOffStatement: string;
      readonly reason: string;
    };
    output: Operation;
  };
  /** Shuts one VM down through the cluster, so that it stays down; its name has to be typed. */
  'vms.shutDown': {
    input: OnNode & { readonly operationId: OperationId; readonly resource: string; readonly typedName: string };
    output: Operation;
  };
  /** Those of this laptop, newest first, and those recorded in the cluster by others. */
  'operations.list': { input: { readonly regionId: RegionId }; output: readonly Operation[] };
  /** @throws `operation-not-found`. */
  'operations.get': { input: OnOperation; output: Operation };
  /** Commands after `after` (a sequence number), in the order in which they were sent. */
  'operations.transcript': { input: OnOperation & { readonly after: number }; output: readonly TranscriptEntry[] };
  /** The whole operation as text, for a ticket; secrets removed. */
  'operations.export': { input: OnOperation; output: { readonly fileName: string; readonly text: string } };
  'operations.cancel': { input: OnOperation; output: Operation };
  /** Goes on where it stopped; reads what is true first. Takes over what is unattended once its lease has run out. */
  'operations.continue': { input: OnOperation; output: Operation };
  /** Undoes what can be undone, back to Active. */
  'operations.rollBack': { input: OnOperation; output: Operation };
  /** Gives it up here so that another laptop may continue it at once. */
  'operations.handOver': { input: OnOperation; output: Operation };

  /** `expected…` is what the person saw: another value by now is refused with `changed-meanwhile`, and nothing is lost. */
  'nodes.rename': {
    input: OnNode & {
      readonly name: string;
      readonly description: string;
      readonly expectedName: string;
      readonly expectedDescription: string;
    };
    output: null;
  };
  /** Adds and removes tags; two people who add different ones both keep theirs. */
  'nodes.changeTags': {
    input: OnNode & { readonly add: readonly string[]; readonly remove: readonly string[] };
    output: null;
  };
  /** The region's limits, kept in the cluster. `null`: as it is. */
  'regions.setLimits': {
    input: {
      readonly regionId: RegionId;
      readonly maxOutOfService: number | null;
      readonly maxMovesAtOnce: number | null;
    };
    output: null;
  };
  /** Lifts the brake after a mass failure (R14) for ten minutes; the region's name has to be typed. */
  'regions.overrideBrake': { input: { readonly regionId: RegionId; readonly typedName: string }; output: null };
  /** Takes the machine that answers under the node's name for the node (R12); the node's name has to be typed. */
  'nodes.acceptIdentity': { input: OnNode & { readonly typedName: string }; output: null };
}

export interface OperationEvents {
  'operation.changed': Operation;
  /** Commands that began or ended. */
  'operation.transcript': {
    readonly regionId: RegionId;
    readonly operationId: OperationId;
    readonly entries: readonly TranscriptEntry[];
  };
}
