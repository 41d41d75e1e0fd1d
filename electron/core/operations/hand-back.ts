import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { momentToken } from '#shared/model/moment.ts';
import { problemOf } from '#shared/problems.ts';
import { regionMark } from '../cluster/writes/configuration.ts';
import { moveTimes, provenOff, startMoveUnit } from '../cluster/writes/move-unit.ts';
import { carePath, unitMark, unitMarkPath, unmanage } from '../cluster/writes/moves.ts';
import type { ShownCommand } from '../cluster/writes/shown-command.ts';
import type { StartOutcome } from '../cluster/writes/unit.ts';
import { clusterClock } from './cluster-clock.ts';
import { followUnit, forget } from './follow-unit.ts';
import { patienceOf, readCluster, untilSo } from './look.ts';
import { isOnline, isOnlyOn, markOf, markOneOf, newValue, resourceOf } from './move-marks.ts';
import type { MoveResult, VmMove } from './move-result.ts';
import { isLost, untilAnswered } from './reach.ts';
import type { OperationContext } from './step.ts';

/** Longest that one machine is asked to start a unit. */
const startWithinMs = 60_000;
const settledWithinMs = 60_000;
const byItself = (atMs: number): string => `the cluster takes it back by itself at ${momentToken(atMs)}`;
const never = new AbortController().signal;

/** A unit's result: it ran on neither side any more, was given back so, and the cluster has started it. */
export const startedAgain = 6;
export const ranNowhere = 'it ran on neither side any more: its target lost it, or it ended';

/** What is true now: the end of a move is a fresh read, never a unit's word (R2). */
export async function verified(context: OperationContext, move: VmMove, why: string): Promise<MoveResult> {
  const isSettled = (answer: ClusterAnswer): boolean => {
    const now = resourceOf(answer, move.resource);
    return now?.isManaged === true && now.role === 'Started' && now.pending === undefined && now.nodes.length === 1;
  };
  const answer = await untilSo(context, isSettled, { forMs: settledWithinMs, isCut: false });
  const now = answer === undefined ? undefined : resourceOf(answer, move.resource);
  if (now === undefined)
    return { kind: 'unsettled', because: `the cluster does not show ${move.domain} at rest: ${why}` };
  if (isOnlyOn(now, move.target)) return { kind: 'moved' };
  const [on] = now.nodes;
  // Neither here nor there: whatever happened to it, the cluster did it.
  return on === undefined || on === move.source
    ? { kind: 'stayed', because: why }
    : { kind: 'moved', restarted: `${why}; the cluster has it on ${on}`, on };
}

/**
 * Brings a VM back into the cluster's care whose unit is gone: takes its mark over, so that the old unit writes nothing more. One that the
 * cluster manages needs no unit: what is left of its move goes. Else a unit that moves nothing finds it, binds it where it runs, and hands it back.
 * @param isSourceOff its source is off by proof, and is not asked.
 */
export async function handBack(
  context: OperationContext,
  move: VmMove,
  oldValue: string,
  why: string,
  isSourceOff = false,
): Promise<MoveResult> {
  const { resource } = move;
  const mark = markOf(await readCluster(context), resource);
  // The unit takes its mark away when the VM is handed back.
  if (mark === undefined) return verified(context, move, why);
  const id = { resource, value: newValue(context) };
  if (mark !== oldValue || !(await takeOver(context, resource, oldValue, id.value)))
    return (await hasMark(context, resource))
      ? { kind: 'unsettled', because: `another laptop took the move of ${move.domain} over` }
      : verified(context, move, why);
  const answer = await readCluster(context);
  if (resourceOf(answer, resource)?.isManaged !== false) return withdraw(context, move, why);
  const times = moveTimes(0);
  const unmanagedUntilMs = (await clusterClock(context, answer)) + times.careSeconds * 1000;
  // The unmanaging is told anew, so that it does not end in the middle.
  await context.write.merge('hand-back', unmanage(resource, unmanagedUntilMs, id.value), {
    requires: markOneOf(resource, [id.value]),
  });
  const source = isSourceOff ? provenOff : move.source;
  const start = startMoveUnit(id, { ...move, source, mibPerSecond: null, times, unmanagedUntilMs });
  const refusals: string[] = [];
  for (const at of new Set([move.source, move.target].filter((node) => isOnline(answer, node)))) {
    const refusal = await startAt(context, 'hand-back', at, start, context.signal);
    if (refusal === undefined)
      return settleHandBack(context, { ...move, source: at }, move, id, { why, unmanagedUntilMs });
    refusals.push(`${at}: ${refusal}`);
  }
  const tried = refusals.length === 0 ? 'neither side of its move is online' : refusals.join('; ');
  return {
    kind: 'unsettled',
    because: `${why}; it could not be handed back (${tried}); ${byItself(unmanagedUntilMs)}`,
  };
}

async function settleHandBack(
  context: OperationContext,
  unitAt: VmMove,
  move: VmMove,
  id: { readonly resource: string; readonly value: string },
  { why, unmanagedUntilMs }: { readonly why: string; readonly unmanagedUntilMs: number },
): Promise<MoveResult> {
  // Nobody cancels a hand-back: it is what a cancelled move ends with.
  const ended = await followUnit({ ...context, cancelled: never }, unitAt, id);
  const result = ended.kind === 'ended' ? ended.report?.result : undefined;
  if (result === undefined || (result > 1 && result !== startedAgain))
    return { kind: 'unsettled', because: `${why}; ${byItself(unmanagedUntilMs)}` };
  await forget(context, unitAt.source, id);
  return result === startedAgain ? restarted(context, move, `${why}; ${ranNowhere}`) : verified(context, move, why);
}

/** Where the cluster has started it again, by a fresh read. */
export async function restarted(context: OperationContext, move: VmMove, why: string): Promise<MoveResult> {
  const found = await verified(context, move, why);
  if (found.kind === 'unsettled') return found;
  const on = resourceOf(await readCluster(context), move.resource)?.nodes[0];
  const words = `${why}; the cluster started it again`;
  return on === undefined || on === move.source
    ? { kind: 'stayed', because: words, restarted: true }
    : { kind: 'moved', restarted: words, on };
}

/** Takes the mark and what is left of the unmanaging away from a VM that the cluster manages. */
async function withdraw(context: OperationContext, move: VmMove, why: string): Promise<MoveResult> {
  await context.write.delete('hand-back', carePath(move.resource));
  await context.write.delete('hand-back', unitMarkPath(move.resource));
  const found = await verified(context, move, why);
  return found.kind === 'stayed' ? { ...found, neverBegun: true } : found;
}

const hasMark = async (context: OperationContext, resource: string): Promise<boolean> =>
  markOf(await readCluster(context), resource) !== undefined;

/** @returns false where the mark is gone, or another's. */
async function takeOver(context: OperationContext, resource: string, from: string, to: string): Promise<boolean> {
  try {
    await context.write.merge('hand-back', regionMark(unitMark(resource), to), {
      requires: markOneOf(resource, [from, to]),
    });
    return true;
  } catch (error) {
    if (problemOf(error)?.code === 'changed-meanwhile') return false;
    throw error;
  }
}

/** Starts a unit within a minute. @returns why it was not started, in words; `undefined`: it runs, or may run, and is looked at. */
export async function startAt(
  context: OperationContext,
  step: string,
  node: string,
  start: ShownCommand<StartOutcome>,
  waiting: AbortSignal,
): Promise<string | undefined> {
  const { send, signal } = context;
  try {
    const patience = { ...patienceOf(context), signal: waiting, forMs: startWithinMs };
    const started = await untilAnswered(() => send.toNode(step, node, start, signal), patience);
    return started.kind === 'not-started' ? started.because : undefined;
  } catch (error) {
    if (waiting.aborted && !signal.aborted) return 'it was cancelled before it was begun';
    if (!isLost(error)) throw error;
    return `${problemOf(error)?.message ?? 'no answer'} (asked for ${startWithinMs / 1000} s)`;
  }
}
