import { noOperationChoices, type OperationRecord } from '#shared/model/cluster.ts';
import {
  commandWords,
  drivenStates,
  type Operation,
  type OperationDirection,
  type OperationState,
} from '#shared/model/operation.ts';
import { fail, type Problem } from '#shared/problems.ts';
import type { Definition } from './definitions.ts';
import { waitingStep } from './view.ts';

/** What of an operation is worth a write to the disk: not how far a VM has moved. */
export function signature({ state, steps, vms, owner }: Operation): string {
  const lines = steps.map((step) => `${step.id}=${step.state}`);
  return [state.kind, owner, ...lines, ...vms.map((vm) => `${vm.resource}=${vm.state}`)].join();
}

/** The steps of a fresh run, with what an earlier run knew of the times of those it shares. */
export function mergeSteps(operation: Operation, definition: Definition, record: OperationRecord): Operation['steps'] {
  const before = new Map(operation.steps.map((step) => [step.id, step]));
  return definition.steps(record).map((step) => {
    const old = before.get(step.id);
    return old?.state === 'done' ? old : waitingStep(step);
  });
}

const endWords = {
  succeeded: 'done.',
  partly: 'ended; something is left, see its page.',
  cancelled: 'cancelled.',
  'rolled-back': 'rolled back.',
  elsewhere: 'brought to its end by another laptop.',
} as const;

/** A record of nothing: what a definition's steps are asked with where none is there yet. */
export const emptyRecord: OperationRecord = {
  id: '',
  node: '',
  command: 'maintenance',
  step: '',
  direction: 'on',
  owner: '',
  startedAt: 0,
  fencedAt: 0,
  reason: '',
  failure: null,
  choices: noOperationChoices,
  vms: [],
  others: [],
  undo: [],
  units: [],
};

/** What a person is told outside the window when an operation ends or fails; `null`: nothing. */
export function notificationOf({
  state,
  command,
  nodeName,
}: Operation): { readonly title: string; readonly body: string } | null {
  const title = `${commandWords[command]} of ${nodeName}`;
  if (state.kind === 'ended') return { title, body: endWords[state.outcome] };
  if (state.kind === 'failed') return { title, body: `stopped: ${state.problem.message}` };
  return null;
}

/** Neither this laptop nor the cluster knows of it. */
export function noSuchOperation(regionName: string, id: string): Problem {
  return {
    code: 'operation-not-found',
    message: `${regionName} has no operation ${id}, neither on this laptop nor in the cluster.`,
    advice: 'Go to Operations: it lists what is there.',
  };
}

/** The region was closed on this laptop in the middle of a start. */
export function regionClosed(regionName: string): Problem {
  return {
    code: 'region-not-open',
    message: `${regionName} was closed on this laptop while an operation was being begun.`,
    advice:
      'No VM was touched. If it was recorded, it is listed under Operations as unattended when the region is open again.',
  };
}

/** Its record is gone: somebody brought it to its end. */
export function endedMeanwhile({ nodeName }: Operation): Problem {
  return {
    code: 'operation-not-found',
    message: `The operation on ${nodeName} has ended: the cluster has no record of it any more.`,
    advice: 'Look at the node: its status says what is true now.',
  };
}

/** One whose record is gone though this process did not take it away: by the force that took its place, or by another laptop. */
export function endedElsewhere(operation: Operation, records: readonly OperationRecord[], at: number): Operation {
  const { id, node } = operation;
  // A node has one record, and this one's was there: the force came after it, whatever its laptop's clock says.
  const force = records.find((one) => one.node === node && one.command === 'force-maintenance' && one.id !== id);
  const outcome = force === undefined ? 'elsewhere' : 'cancelled';
  const left =
    force === undefined
      ? 'Its record is gone from the cluster: another laptop brought it to its end. Look at the node: its status says what is true now.'
      : `Force maintenance by ${force.owner} took its place and goes on from here.`;
  return { ...operation, state: { kind: 'ended', at, outcome, left: [left] }, actions: [] };
}

/** How it stands from the moment on in which this process drives it, UTC ms. */
export const drivenState = (direction: OperationDirection, at: number): OperationState =>
  direction === 'on' ? { kind: 'running' } : { kind: 'rolling-back', since: at };

/** What this process drives, to whom wishes what it does already. @throws ProblemError `not-available` for the opposite: neither is lost. */
export function alreadyDriven(
  { direction, operation }: { readonly direction: OperationDirection; readonly operation: () => Operation },
  wish: OperationDirection,
): Operation {
  const one = operation();
  const leadsBack = direction === 'undo' || one.state.kind === 'cancelling';
  if ((wish === 'undo') === leadsBack || !drivenStates.has(one.state.kind)) return one;
  return fail({
    code: 'not-available',
    message: leadsBack ? 'It is being undone, so it is not continued.' : 'It is under way, so it is not rolled back.',
    advice: leadsBack
      ? 'Wait until that has ended, or hand it over; then it can be begun anew, or continued.'
      : 'Cancel ends it safely; what it has done is undone then.',
  });
}
