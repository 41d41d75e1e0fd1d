import { statusLabels, type NodeStatus } from '#shared/lifecycle/statuses.ts';
import { drivenStates, type Operation, type OperationAction, type OperationVm } from '#shared/model/operation.ts';
import { formatElapsed, formatMib, formatPlural, formatReason } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';
import { isUnderWay } from '../../state/operations.ts';
import { isDone, isStalled } from './figures.ts';

/** A VM's state as its row says it. */
export function vmState(
  operation: Operation,
  vm: OperationVm,
  now: number,
): { readonly word: string; readonly icon: IconName; readonly tone: string } {
  if (isStalled(operation, vm, now)) return { word: 'Not converging', icon: 'warning', tone: 'warn' };
  // Nobody watches it: what it does now is for a fresh read to say.
  if ((vm.state === 'moving' || vm.state === 'handing-back') && !isUnderWay(operation))
    return { word: 'Was moving', icon: 'clock', tone: 'dim' };
  if (vm.state === 'waiting' && isUnderWay(operation)) {
    // Whether there is a node that may start it again, the cluster says when it has been stopped.
    const isForced = operation.command === 'force-maintenance' && vm.effect === 'restart-elsewhere';
    return { ...vmStates.waiting, word: waitingWords[isForced ? 'stop' : vm.effect] };
  }
  return vmStates[vm.state];
}

/** What waits to be stopped must not look like what waits to be moved. */
const waitingWords = {
  'live-migrate': 'Waiting',
  'restart-elsewhere': 'Will restart',
  stop: 'Will stop',
  'cannot-move': 'Cannot move',
} as const satisfies Record<OperationVm['effect'], string>;

const vmStates = {
  waiting: { word: 'Waiting', icon: 'clock', tone: 'dim' },
  moving: { word: 'Moving', icon: 'move', tone: 'link' },
  'handing-back': { word: 'Handing back', icon: 'move', tone: 'link' },
  moved: { word: 'Moved', icon: 'ok', tone: 'ok' },
  stopped: { word: 'Stopped', icon: 'power', tone: 'plain' },
  restarted: { word: 'Restarted', icon: 'retry', tone: 'plain' },
  failed: { word: 'Failed', icon: 'danger', tone: 'bad' },
  stays: { word: 'Stays', icon: 'no', tone: 'dim' },
} as const satisfies Record<OperationVm['state'], { word: string; icon: IconName; tone: string }>;

/** The row's last column, and its tooltip where that has no room. */
export function vmDetail(vm: OperationVm, now: number): string {
  const { progress, startedAt, endedAt } = vm;
  const parts = [formatReason(vm.detail, now)];
  if (vm.state === 'moving' && progress) {
    if (progress.iteration !== null) parts.push(`pass ${String(progress.iteration)}`);
    if (progress.dirtyBytesPerSecond !== null) parts.push(`dirty ${formatMib(progress.dirtyBytesPerSecond)} MiB/s`);
  }
  if (isDone(vm) && startedAt !== null && endedAt !== null) parts.push(`in ${formatElapsed(endedAt - startedAt)}`);
  return parts.filter(Boolean).join(', ');
}

/** `kafka-broker-5`, `a and b`, `a, b and 3 more`. */
export function named(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
  return `${names.slice(0, 2).join(', ')} and ${String(names.length - 2)} more`;
}

const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many);

const countStopped = (vms: readonly OperationVm[]): number =>
  vms.filter(({ state }) => state === 'stopped' || state === 'restarted').length;

const notTakenBack = (stopped: number): string =>
  `The ${formatPlural(stopped, 'VM')} that stopped or restarted ${verb(stopped, 'is', 'are')} not taken back.`;

/** Statuses in which nothing runs on a node that is known of, or nothing that is asked of it arrives. */
const gone: ReadonlySet<NodeStatus> = new Set(['failed', 'fenced', 'unfencing']);

/**
 * What cancelling would do, VMs first, a sentence each.
 * @param status the node's now; `undefined`: it is not known.
 */
export function ifCancelled(operation: Operation, status: NodeStatus | undefined): readonly string[] {
  const { command, nodeName, vms } = operation;
  const inFlight = vms.filter(({ state }) => state === 'moving').map(({ domain }) => domain);
  const moved = vms.filter(({ state }) => state === 'moved').length;
  // A shutdown is taken back by its cancel.
  const stopped = command === 'shut-down-vm' ? 0 : countStopped(vms);
  const told: string[] = [];
  if (inFlight.length > 0 && status !== undefined && gone.has(status)) {
    told.push(
      `${nodeName} is ${statusLabels[status]}: ${named(inFlight)} may have ended with it. What the cluster has fenced it starts again elsewhere; each is looked at, and handed back.`,
    );
  } else if (inFlight.length > 0) {
    told.push(
      `${named(inFlight)} ${verb(inFlight.length, 'stops', 'stop')} moving within 15 s and ${verb(inFlight.length, 'runs', 'run')} on where ${verb(inFlight.length, 'it is', 'they are')}, without a restart.`,
    );
  }
  if (moved > 0)
    told.push(
      `The ${formatPlural(moved, 'VM')} that moved ${verb(moved, 'stays where it is', 'stay where they are')}.`,
    );
  if (stopped > 0) told.push(notTakenBack(stopped));
  if (inFlight.length === 0 && moved === 0 && stopped === 0 && vms.length > 0)
    told.push('No VM has moved: all of them run on where they are.');
  switch (command) {
    case 'maintenance':
      told.push(`${nodeName} goes back to Active, or says why it could not; nothing enters again by itself.`);
      break;
    case 'force-maintenance':
      told.push('A VM whose stop has begun is not taken back.', `What was changed for ${nodeName} is undone.`);
      break;
    case 'activate':
      told.push(`${nodeName} keeps the status that a fresh read finds.`);
      break;
    case 'remove':
      told.push(`It ends after the step that runs; what has left the cluster by then stays out.`);
      break;
    case 'join':
      told.push('It ends after the step that runs.');
      break;
    case 'stop-services':
      told.push(`${nodeName} stays In maintenance; what was stopped of its cluster services is started again.`);
      break;
    case 'shut-down-vm':
      told.push('A shutdown that has reached the VM goes on.');
      break;
  }
  return told;
}

/** What rolling back would do, VMs first. */
export function ifRolledBack(operation: Operation): readonly string[] {
  const { nodeName, vms, command } = operation;
  const inFlight = vms
    .filter(({ state }) => state === 'moving' || state === 'handing-back')
    .map(({ domain }) => domain);
  const moved = vms.filter(({ state }) => state === 'moved').length;
  const stopped = countStopped(vms);
  const told: string[] = [];
  if (inFlight.length > 0)
    told.push(
      `${named(inFlight)} ${verb(inFlight.length, 'is', 'are')} handed back to the cluster, running where ${verb(inFlight.length, 'it is', 'they are')} then.`,
    );
  if (moved > 0)
    told.push(
      `The ${formatPlural(moved, 'VM')} that moved ${verb(moved, 'stays where it is', 'stay where they are')}.`,
    );
  if (stopped > 0) told.push(notTakenBack(stopped));
  if (told.length === 0) told.push('No VM is touched.');
  if (command === 'stop-services')
    told.push(`What was stopped is started again; ${nodeName} stays In maintenance, and is read again.`);
  else if (command === 'activate')
    told.push(`It goes no further; ${nodeName} keeps the status that a fresh read finds.`);
  else
    told.push(
      command === 'remove'
        ? `What can be undone is undone; what has left the cluster stays out.`
        : `What was set for ${nodeName} is undone, back to Active as far as that can be; then it is read again.`,
    );
  return told;
}

/** Who drives it: whoever holds its lease, which may have been taken from this laptop. */
export function drivenBy({ state, isOurs, owner }: Operation): string {
  if (state.kind === 'elsewhere') return `driven by ${state.owner}`;
  if (!isOurs) return `recorded by ${owner}`;
  return `${drivenStates.has(state.kind) ? '' : 'was '}driven by this laptop`;
}

/** How each action is called on its button. */
export const actionLabels: Readonly<Record<OperationAction['action'], string>> = {
  cancel: 'Cancel…',
  continue: 'Continue',
  'roll-back': 'Roll back…',
  'hand-over': 'Hand over',
  force: 'Force maintenance…',
};
