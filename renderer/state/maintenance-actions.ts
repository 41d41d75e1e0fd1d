import type { CallInput } from '#shared/contract/contract.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type {
  ArmedForce,
  MaintenanceChoices,
  PreparedActivation,
  PreparedMaintenance,
  PreparedRemoval,
  PreparedStop,
} from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { operationHref } from './operations.ts';
import { activeClient } from './session.ts';

/** A node of a region, as it was when its dialog opened: whatever is shown behind it later, the dialog acts on this one. */
export interface NodeOfRegion {
  readonly regionId: RegionId;
  readonly nodeId: NodeId;
}

/** Preflight and plan, read fresh. @throws ProblemError `not-available`; `cancelled` after `signal` */
export function prepareMaintenance(
  on: NodeOfRegion,
  choices: MaintenanceChoices,
  signal: AbortSignal,
): Promise<PreparedMaintenance> {
  return activeClient().call('maintenance.prepare', { ...on, choices }, signal);
}

/** Takes the node out of service as it was prepared. @throws ProblemError `plan-changed`, `preflight-failed`, `node-locked` … */
export function startMaintenance(input: CallInput<'maintenance.start'>): Promise<Operation> {
  return activeClient().call('maintenance.start', input);
}

/** The same for several nodes, one after the other. @throws ProblemError as `startMaintenance` */
export function startMaintenanceOfMany(input: CallInput<'maintenance.startMany'>): Promise<readonly Operation[]> {
  return activeClient().call('maintenance.startMany', input);
}

/** Arms the safety timer anew. @throws ProblemError */
export function armForce(on: NodeOfRegion): Promise<ArmedForce> {
  return activeClient().call('force.arm', { ...on });
}

/** Ends what was armed. Where that does not reach the core, the token ends by itself: there is nothing to tell anybody. */
export function disarmForce(on: NodeOfRegion, token: string): void {
  activeClient()
    .call('force.disarm', { ...on, token })
    .catch(() => undefined);
}

/** @throws ProblemError `timer-running`, `token-used`, `name-mismatch`, `statement-missing` … */
export function startForce(input: CallInput<'force.start'>): Promise<Operation> {
  return activeClient().call('force.start', input);
}

/** What activating would meet, read fresh. @throws ProblemError */
export function prepareActivation(on: NodeOfRegion, signal: AbortSignal): Promise<PreparedActivation> {
  return activeClient().call('activate.prepare', { ...on }, signal);
}

/** @throws ProblemError `plan-changed`, `preflight-failed`, `node-locked` … */
export function startActivation(input: CallInput<'activate.start'>): Promise<Operation> {
  return activeClient().call('activate.start', input);
}

/** The same for several nodes, one after the other. @throws ProblemError as `startActivation` */
export function startActivationOfMany(input: CallInput<'activate.startMany'>): Promise<readonly Operation[]> {
  return activeClient().call('activate.startMany', input);
}

/** Whether the cluster services can be stopped, read fresh. @throws ProblemError */
export function prepareStop(on: NodeOfRegion, signal: AbortSignal): Promise<PreparedStop> {
  return activeClient().call('services.prepareStop', { ...on }, signal);
}

/** @throws ProblemError `plan-changed`, `preflight-failed`, `node-locked` … */
export function startStop(input: CallInput<'services.stop'>): Promise<Operation> {
  return activeClient().call('services.stop', input);
}

/** What removing would meet and leave behind, read fresh. @throws ProblemError */
export function prepareRemoval(on: NodeOfRegion, signal: AbortSignal): Promise<PreparedRemoval> {
  return activeClient().call('removal.prepare', { ...on }, signal);
}

/** @throws ProblemError `plan-changed`, `name-mismatch`, `statement-missing` … */
export function startRemoval(input: CallInput<'removal.start'>): Promise<Operation> {
  return activeClient().call('removal.start', input);
}

/** Shuts one VM down through the cluster. @throws ProblemError `name-mismatch`, `node-locked` … */
export function startShutDown(input: CallInput<'vms.shutDown'>): Promise<Operation> {
  return activeClient().call('vms.shutDown', input);
}

/** Goes to the page of an operation. */
export function showOperation({ id }: Pick<Operation, 'id'>): void {
  location.hash = operationHref(id);
}
