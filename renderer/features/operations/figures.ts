import type { Operation, OperationVm } from '#shared/model/operation.ts';
import type { Peak } from '../../state/operations.ts';
import { isUnderWay, movedShare, peakKey } from '../../state/operations.ts';
import { formatElapsed, formatGib, formatPlural } from '../../ui/format.ts';

/** What a row of the VM table shows of a move. */
export interface VmProgress {
  /** As it was read last, 0 to 1; `null`: nothing was read. */
  readonly share: number | null;
  /** How far the bar has come: it never goes back, even where a new pass has more to send than the one before. */
  readonly bar: number;
}

export function vmProgress(operation: Operation, vm: OperationVm, peaks: ReadonlyMap<string, Peak>): VmProgress {
  const share = movedShare(vm);
  const peak = peaks.get(peakKey(operation.id, vm.resource));
  const held = peak && peak.startedAt === vm.startedAt ? peak.share : 0;
  return { share, bar: Math.max(share ?? 0, held) };
}

/** Whether a VM is where its plan wanted it. */
export const isDone = ({ state }: OperationVm): boolean =>
  state === 'moved' || state === 'stopped' || state === 'restarted';

/** Those that the operation acts on; one that stays is no part of what is left to do. */
const actedOn = (operation: Operation): readonly OperationVm[] =>
  operation.vms.filter(({ state }) => state !== 'stays');

/** `VMs moved`, `5 of 8`. */
export function countedVms(operation: Operation): { readonly label: string; readonly value: string } | null {
  const vms = actedOn(operation);
  if (vms.length === 0) return null;
  const isAllMoves = vms.every(({ effect }) => effect === 'live-migrate');
  const label = isAllMoves ? 'VMs moved' : 'VMs done';
  return { label, value: `${String(vms.filter(isDone).length)} of ${String(vms.length)}` };
}

export interface MemoryMoved {
  readonly share: number;
  readonly words: string;
  /** VMs whose memory nobody knows, which are not counted. */
  readonly unknown: number;
}

/** Memory that has left, or is on its way, by live migration. What a try that failed had sent is on no target: it is not counted. */
export function memoryMoved(operation: Operation, peaks: ReadonlyMap<string, Peak>): MemoryMoved | null {
  const moves = actedOn(operation).filter(({ effect }) => effect === 'live-migrate');
  if (moves.length === 0) return null;
  let moved = 0;
  let total = 0;
  let unknown = 0;
  for (const vm of moves) {
    if (vm.memoryBytes === null) {
      unknown += 1;
      continue;
    }
    total += vm.memoryBytes;
    const { bar } = vmProgress(operation, vm, peaks);
    const isCounted = vm.state === 'moving' || vm.state === 'handing-back';
    if (vm.state === 'moved') moved += vm.memoryBytes;
    else if (isCounted) moved += vm.memoryBytes * bar;
  }
  if (total === 0) return { share: 0, words: 'not known', unknown };
  return { share: moved / total, words: `${formatGib(moved)} of ${formatGib(total)} GiB`, unknown };
}

/** A read of a move is of now for this long, ms; an older one says how it was. */
const freshMs = 10_000;

/** Whether what was read of a VM's move is true of now: it is watched, and was read a moment ago. */
export const isFresh = (operation: Operation, { progress }: OperationVm, now: number): boolean =>
  isUnderWay(operation) && progress !== null && now - progress.readAt <= freshMs;

/** It writes memory faster than it moves, by a read that is fresh. */
export const isStalled = (operation: Operation, vm: OperationVm, now: number): boolean =>
  vm.state === 'moving' && vm.progress?.isStalled === true && isFresh(operation, vm, now);

const rates = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What all moves send together; `null` while nothing moves. */
export function rateWords(operation: Operation, now: number): string | null {
  const moving = operation.vms.filter(({ state }) => state === 'moving');
  if (moving.length === 0 || !isUnderWay(operation)) return null;
  const known = moving.flatMap((vm) => (isFresh(operation, vm, now) ? (vm.progress?.bytesPerSecond ?? []) : []));
  if (known.length < moving.length) return 'not known';
  return `${rates.format(known.reduce((sum, rate) => sum + rate, 0) / 2 ** 30)} GiB/s`;
}

/**
 * How long the VMs will take; *not known*, with its reason, where that would be a guess: a move stalls, or has not been read twice.
 * `null` where nothing is left to move.
 */
export function leftWords(operation: Operation, now: number): string | null {
  if (operation.state.kind !== 'running' && operation.state.kind !== 'elsewhere') return null;
  const moves = actedOn(operation).filter(({ effect }) => effect === 'live-migrate');
  const moving = moves.filter(({ state }) => state === 'moving');
  const waiting = moves.filter(({ state }) => state === 'waiting');
  if (moving.length + waiting.length === 0) return null;
  const stalled = moving.filter((vm) => isStalled(operation, vm, now)).length;
  if (stalled > 0) return `not known: ${formatPlural(stalled, 'VM')} ${stalled === 1 ? 'stalls' : 'stall'}`;
  let bytes = 0;
  let rate = 0;
  let longest = 0;
  for (const vm of moving) {
    const { progress } = vm;
    if (!progress || !isFresh(operation, vm, now) || progress.leftMs === null || progress.bytesPerSecond === null)
      return 'not known';
    bytes += progress.remainingBytes;
    rate += progress.bytesPerSecond;
    longest = Math.max(longest, progress.leftMs);
  }
  for (const { memoryBytes } of waiting) {
    if (memoryBytes === null) return 'not known';
    bytes += memoryBytes;
  }
  if (rate <= 0) return 'not known';
  const ms = waiting.length === 0 ? longest : Math.max(longest, (bytes / rate) * 1000);
  return `about ${formatElapsed(Math.max(10_000, ms))}`;
}

/** When it stopped changing; `null` while it goes on. Of one that nobody drives nothing is known after its last word. */
export function stoppedAt({ state }: Operation): number | null {
  switch (state.kind) {
    case 'ended':
    case 'failed':
      return state.at;
    case 'unattended':
      return state.since;
    case 'queued':
    case 'running':
    case 'cancelling':
    case 'rolling-back':
    case 'elsewhere':
      return null;
  }
}
