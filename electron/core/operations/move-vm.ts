import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { regionMark } from '../cluster/writes/configuration.ts';
import { moveTimes, startMoveUnit, type MoveUnitId } from '../cluster/writes/move-unit.ts';
import { unitMark, vmPath } from '../cluster/writes/moves.ts';
import { clusterClock } from './cluster-clock.ts';
import { followUnit, forget } from './follow-unit.ts';
import { handBack, ranNowhere, restarted, startAt, startedAgain, verified } from './hand-back.ts';
import { readCluster, untilSo } from './look.ts';
import { isNodeOff } from './source-death.ts';
import { isOnline, isOwnMark, isRecordedMark, markExcept, markOf, newValue, resourceOf } from './move-marks.ts';
import type { MoveResult, VmMove } from './move-result.ts';
import { simulatePin } from './simulate.ts';
import type { OperationContext } from './step.ts';
import { whyNotThere } from './targets.ts';

/**
 * Longest migration before it is cancelled, seconds: two minutes, and what its memory takes at 32 MiB/s. The unmanaging lasts as long and a
 * little longer, so it is not given more than it may need: should the source die, the VM is recovered only when that is over.
 */
export function moveSecondsOf(memoryMib: number | null): number {
  return Math.min(7200, 120 + Math.ceil((memoryMib ?? 65_536) / 32));
}

/** Longest that a fencing is waited for. */
const fencedWithinMs = 120_000;

/** A unit's result: the VM was managed by somebody before it was handed back, and may have been restarted by the cluster. */
const managedMeanwhile = 5;

/**
 * Moves one running VM live: marks it as one unit's, and starts that on its source. The unit takes it out of the cluster's care, migrates,
 * looks on both sides and hands it back (recipe: docs/operations.md); this laptop only watches. Killed before the unit's start, nothing has
 * happened but the mark; after it, the unit hands the VM back (R31). A move of this operation that is under way is followed, not begun again
 * (R3); what an operation left behind that nobody has a record of is brought to its end first.
 */
export async function moveVm(context: OperationContext, move: VmMove): Promise<MoveResult> {
  const answer = await readCluster(context);
  const mark = markOf(answer, move.resource);
  if (mark !== undefined) {
    const found = await settleFound(context, move, answer, mark);
    if (found.kind !== 'stayed' || found.neverBegun !== true) return found;
  }
  return context.cancelled.aborted
    ? { kind: 'stayed', because: 'it was cancelled before it was begun' }
    : beginMove(context, move);
}

/** What a mark that stands already comes to; `neverBegun`: nothing is left of it, and the VM can be moved. */
async function settleFound(
  context: OperationContext,
  move: VmMove,
  answer: ClusterAnswer,
  mark: string,
): Promise<MoveResult> {
  if (isOwnMark(context, mark)) return settleMove(context, move, mark);
  if (isRecordedMark(answer, mark)) {
    const because = `another operation moves it (${mark})`;
    return resourceOf(answer, move.resource)?.isManaged === true
      ? { kind: 'stayed', because }
      : { kind: 'unsettled', because };
  }
  const left = await settleMove({ ...context, cancelled: AbortSignal.abort() }, move, mark);
  return left.kind === 'stayed' ? { ...left, neverBegun: true } : left;
}

async function beginMove(context: OperationContext, move: VmMove): Promise<MoveResult> {
  const { resource, domain, source, target } = move;
  // Barred from there, by a constraint that came after the plan, say, its unit would never see a quiet simulation, and the VM would be in
  // nobody's care until the unmanaging expires. What other VMs would do is not asked: their moves are under way beside this one.
  const pinned = await simulatePin(context, resource, target);
  if (pinned.kind === 'not-kept') return { kind: 'stayed', because: pinned.because };
  const against = whyNotThere(context, await readCluster(context), resource, target);
  if (against !== undefined) return { kind: 'stayed', because: against };
  const id: MoveUnitId = { resource, value: newValue(context) };
  // Its own mark is no other's: a write whose answer was lost is made again.
  await context.write.merge('move', regionMark(unitMark(resource), id.value), {
    requires: vmPath(resource),
    unless: markExcept(resource, id.value),
  });
  const answer = await readCluster(context);
  const memoryMib = answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? null;
  const times = moveTimes(moveSecondsOf(memoryMib));
  const unmanagedUntilMs = (await clusterClock(context, answer)) + times.careSeconds * 1000;
  const start = startMoveUnit(id, { domain, source, target, mibPerSecond: null, times, unmanagedUntilMs });
  const waiting = AbortSignal.any([context.signal, context.cancelled]);
  const refusal = await startAt(context, 'move', source, start, waiting);
  if (refusal !== undefined) {
    const stayed = await handBack(context, move, id.value, `its move could not be started: ${refusal}`);
    return stayed.kind === 'stayed' ? { kind: 'stayed', because: stayed.because } : stayed;
  }
  return settleMove(context, move, id.value);
}

/** Brings a move to its end, whoever's it is: for whoever holds the node's lease and finds its mark. */
export function settleMarked(context: OperationContext, move: VmMove, mark: string): Promise<MoveResult> {
  return settleMove(context, move, mark);
}

/** Follows the unit of a move to its end, and sees to it that the VM is handed back. */
async function settleMove(context: OperationContext, move: VmMove, value: string): Promise<MoveResult> {
  const id = { resource: move.resource, value };
  const ended = await followUnit(context, move, id);
  if (ended.kind === 'dead') return afterDeath(context, move, value);
  if (ended.kind === 'silent')
    return {
      kind: 'unsettled',
      because: `how its move stands is not known: ${ended.because} Its unit hands it back without this laptop`,
    };
  const { report } = ended;
  if (report?.result === managedMeanwhile) {
    await forget(context, move.source, id);
    const found = await verified(context, move, `somebody managed it while it moved: ${report.why}`);
    return found.kind === 'moved'
      ? { ...found, restarted: 'somebody managed it while it moved: it may have been restarted' }
      : found;
  }
  if (report?.result === startedAgain) {
    await forget(context, move.source, id);
    return restarted(context, move, ranNowhere);
  }
  if (report === null || report.result > 1) {
    // Place unknown, not settled, or the unit is gone without a word: one more try to hand it back, from whichever side answers.
    const why = report?.why === undefined || report.why === '' ? 'its unit ended without a result' : report.why;
    return handBack(context, move, value, why);
  }
  await forget(context, move.source, id);
  return verified(context, move, report.why === '' ? 'the migration did not succeed' : report.why);
}

/** How long the unmanaging of a move lasts at most, in words. */
function recoversWithin(answer: ClusterAnswer, resource: string): string {
  const memoryMib = answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? null;
  const minutes = Math.ceil(moveTimes(moveSecondsOf(memoryMib)).careSeconds / 60);
  return `the cluster recovers it by itself, at most ${minutes} minutes after its move began`;
}

/**
 * The source died. Nothing of it may run on before anybody starts the VM elsewhere: its fencing is waited for. Then it is off by proof, what the
 * target has is what there is, and the VM is handed back from there; else it comes back by itself when the unmanaging is over.
 */
async function afterDeath(context: OperationContext, move: VmMove, value: string): Promise<MoveResult> {
  const { resource, domain, source } = move;
  const died = `${source} died while ${domain} moved`;
  context.say(`waits until ${source} is fenced`);
  // One that somebody has removed since is not fenced any more; nor is it proven off.
  const isSettled = (answer: ClusterAnswer): boolean =>
    answer.nodes.every(({ name, isUnclean }) => name !== source || !isUnclean);
  const isCancelled = context.cancelled.aborted;
  const answer = await untilSo(context, isSettled, { forMs: isCancelled ? 0 : fencedWithinMs, isCut: !isCancelled });
  context.say('');
  if (answer === undefined)
    return {
      kind: 'unsettled',
      because: `${died}, and is not fenced yet: nobody may start ${domain} elsewhere before that`,
    };
  const isOff = isNodeOff(context, answer, source);
  // Booted by its fencing it answers again, and is asked like any other.
  if (!isOff && !isOnline(answer, source) && resourceOf(answer, resource)?.isManaged === false)
    return { kind: 'unsettled', because: `${died}; ${recoversWithin(answer, resource)}` };
  const found = await handBack(context, move, value, died, isOff);
  if (found.kind === 'unsettled') return found;
  const again = await restarted(context, move, died);
  return again.kind === 'moved' ? again : found;
}
