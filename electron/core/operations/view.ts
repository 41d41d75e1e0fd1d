import type { OperationRecord } from '#shared/model/cluster.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import { operationId } from '#shared/model/ids.ts';
import type { Operation, OperationState, OperationStep, OperationVm } from '#shared/model/operation.ts';
import type { RegionAccess } from '../region/region-access.ts';
import type { Request } from './begin.ts';
import { actionsOf } from './operation-actions.ts';
import type { OperationHandle } from './operation-state.ts';
import type { Step } from './step.ts';

/** What stands at a step that nobody goes on with. */
export const leftInTheMiddle = 'left in the middle';

/** A step's line before it was begun. */
export function waitingStep({ id, title }: Pick<Step, 'id' | 'title'>): OperationStep {
  return { id, title, state: 'waiting', detail: '', startedAt: null, endedAt: null };
}

/** The operation with these steps added behind those it has; one that is there already begins anew. */
export function withSteps(operation: Operation, steps: readonly Step[]): Operation {
  const ids = new Set(steps.map(({ id }) => id));
  return { ...operation, steps: [...operation.steps.filter(({ id }) => !ids.has(id)), ...steps.map(waitingStep)] };
}

/** An operation that this process begins, or will begin when its turn comes. */
export function begunOperation(
  { region, owner, now }: { readonly region: RegionAccess; readonly owner: string; readonly now: number },
  { operationId: id, nodeId, command, reason }: Pick<Request, 'operationId' | 'nodeId' | 'command' | 'reason'>,
  state: OperationState,
  message: string,
): Operation {
  return {
    id,
    regionId: region.profile.id,
    nodeId,
    node: region.node(nodeId).name,
    nodeName: region.row(nodeId).name,
    command,
    state,
    owner,
    isOurs: true,
    reason,
    startedAt: now,
    updatedAt: now,
    steps: [],
    vms: [],
    message,
    actions: actionsOf(state, true, command),
  };
}

/** An operation as its record in the cluster tells of it: another laptop's, or one that nobody drives. */
export function operationFromRecord(
  record: OperationRecord,
  about: {
    readonly regionId: RegionId;
    readonly nodeId: NodeId;
    readonly nodeName: string;
    readonly steps: readonly Step[];
    /** The steps that lead back: listed where it was being undone, so that who continues it sees that. */
    readonly undo: readonly Step[];
    readonly state: OperationState;
    readonly canUndo: boolean;
    readonly message: string;
    readonly now: number;
  },
): Operation {
  const { steps: onward, undo, state, now, canUndo, ...rest } = about;
  const isAt = ({ title }: Step): boolean => title === record.step;
  const steps = record.direction === 'undo' ? undo : onward;
  const at = steps.findIndex(isAt);
  return {
    ...rest,
    id: operationId(record.id),
    node: record.node,
    command: record.command,
    state,
    owner: record.owner,
    isOurs: false,
    reason: record.reason,
    startedAt: record.startedAt,
    updatedAt: now,
    steps: steps.map((step, index) => ({
      ...waitingStep(step),
      state: index < at ? 'done' : index === at ? stepState(state) : 'waiting',
      detail: index === at ? (record.failure ?? (state.kind === 'unattended' ? leftInTheMiddle : '')) : '',
    })),
    vms: record.vms.map(({ resource, target, effect, isDone }) => ({
      ...waitingVm(resource, effect, target),
      ...(isDone ? ({ state: 'moved' } as const) : {}),
    })),
    actions: actionsOf(state, canUndo, record.command),
  };
}

function stepState(state: OperationState): OperationStep['state'] {
  return state.kind === 'failed' ? 'failed' : state.kind === 'unattended' ? 'waiting' : 'running';
}

export function waitingVm(resource: string, effect: OperationVm['effect'], target: string | null): OperationVm {
  return {
    resource,
    domain: resource,
    memoryBytes: null,
    effect,
    target,
    state: effect === 'cannot-move' ? 'stays' : 'waiting',
    detail: '',
    progress: null,
    startedAt: null,
    endedAt: null,
  };
}

/** Makes the rows of VMs that the record names and the operation does not have yet. */
export function fillVms(handle: OperationHandle, record: OperationRecord): void {
  const known = new Set(handle.get().vms.map(({ resource }) => resource));
  const missing = record.vms.filter(({ resource }) => !known.has(resource));
  if (missing.length === 0) return;
  handle.update((old) => ({
    ...old,
    vms: [
      ...old.vms,
      ...missing.map(({ resource, effect, target, isDone }) => ({
        ...waitingVm(resource, effect, target),
        ...(isDone ? ({ state: 'moved' } as const) : {}),
      })),
    ],
  }));
}
