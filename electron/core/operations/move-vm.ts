import { randomBytes } from 'node:crypto';
import type { ClusterAnswer, ClusterResource } from '#shared/model/cluster.ts';
import { problemOf } from '#shared/problems.ts';
import { regionMark, togetherWith } from '../cluster/writes/configuration.ts';
import {
  forgetMoveUnit,
  moveTimes,
  showMoveUnit,
  startMoveUnit,
  stopMoveUnit,
  type MoveReport,
  type MoveUnitId,
  type MoveUnitState,
} from '../cluster/writes/move-unit.ts';
import { pin, readClock, unitMark, unmanage, vmPath } from '../cluster/writes/moves.ts';
import { clusterName, xpathText } from '../cluster/writes/xml-text.ts';
import { look, patienceOf, readCluster, untilSo } from './look.ts';
import { isLost, untilAnswered } from './reach.ts';
import { stepFailed } from './run-steps.ts';
import type { OperationContext } from './step.ts';
import { pause } from './time.ts';
import { readProgress, type ProgressReader } from './move-progress.ts';

/** One VM and its way. */
export interface VmMove {
  readonly resource: string;
  readonly domain: string;
  readonly source: string;
  readonly target: string;
}

/** How a move ended, as a fresh read found it. */
export type MoveResult =
  /** It runs on its target, and the cluster manages it. `mayHaveRestarted`: somebody managed it while it moved. */
  | { readonly kind: 'moved'; readonly mayHaveRestarted?: boolean }
  /** It runs where it was, the same process, and the cluster manages it. */
  | { readonly kind: 'stayed'; readonly because: string }
  /** Nobody manages it yet: the unmanaging ends by itself, and whoever comes next looks at it. */
  | { readonly kind: 'unsettled'; readonly because: string };

/**
 * Longest migration before it is cancelled, seconds: two minutes, and what its memory takes at 32 MiB/s. The unmanaging lasts as long and a
 * little longer, so it is not given more than it may need: should the source die, the VM is recovered only when that is over.
 */
function moveSecondsOf(memoryMib: number | null): number {
  return Math.min(7200, 120 + Math.ceil((memoryMib ?? 65_536) / 32));
}

/** A unit's result: the VM was managed by somebody before it was handed back, and may have been restarted by the cluster. */
const managedMeanwhile = 5;
const watchEveryMs = 1500;
/** Longest wait until the cluster says that it leaves the VM alone. */
const unmanagedWithinMs = 30_000;

/** Names the operation in marks and units: a VM's mark says whose move it is. */
export const moveOwner = (operationId: string): string => operationId.replaceAll('-', '').slice(0, 12);

/**
 * Moves one running VM live: takes it out of the cluster's care, binds it to its target, and starts the one unit on its source that migrates,
 * looks on both sides and hands it back (recipe: docs/operations.md). This laptop only watches; whatever happens to it, the VM is handed
 * back (R31). A move of this operation that is under way already is followed, not begun again (R3).
 */
export async function moveVm(context: OperationContext, move: VmMove): Promise<MoveResult> {
  const { resource } = move;
  const answer = await readCluster(context);
  const mark = markOf(answer, resource);
  if (mark?.startsWith(`${moveOwner(context.id)}.`) === true) return settleMove(context, move, mark);
  if (mark !== undefined) {
    return stepFailed(
      `${move.domain} is being moved by another operation (${mark}).`,
      'Wait until that one has ended, then continue.',
    );
  }
  const id: MoveUnitId = { resource, value: newValue(context) };
  const memoryMib = answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? null;
  const times = moveTimes(moveSecondsOf(memoryMib));
  const untilMs = (await clusterClock(context, answer)) + times.careSeconds * 1000;
  await context.write.merge(
    'move',
    togetherWith(unmanage(resource, untilMs, id.value), pin(resource, move.target)),
    // Its own mark is no other's: a write whose answer was lost is made again.
    { requires: vmPath(resource), unless: markExcept(resource, id.value) },
  );
  const isLeftAlone = (seen: ClusterAnswer): boolean => {
    const now = resourceOf(seen, resource);
    return (
      now?.isManaged === false && now.role === 'Started' && now.pending === undefined && isOnlyOn(now, move.source)
    );
  };
  if ((await untilSo(context, isLeftAlone, { forMs: unmanagedWithinMs })) === undefined) {
    // It was moving, stopping or failing at this moment: it is handed back where it is.
    return handBack(context, move, id.value, 'the cluster did not let go of it: something else was under way with it');
  }
  const start = startMoveUnit(id, {
    domain: move.domain,
    source: move.source,
    target: move.target,
    mibPerSecond: null,
    times,
    unmanagedUntilMs: untilMs,
  });
  const started = await untilAnswered(() => context.send.toNode('move', move.source, start, context.signal), {
    ...patienceOf(context),
    forMs: 60_000,
  });
  if (started.kind === 'not-started')
    return handBack(context, move, id.value, `its move could not be started: ${started.because}`);
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
  if (ended.kind === 'dead') {
    return {
      kind: 'unsettled',
      because: `${move.source} died while ${move.domain} moved; the cluster recovers it when the unmanaging is over`,
    };
  }
  const { report } = ended;
  if (report?.result === managedMeanwhile) {
    await forget(context, move.source, id);
    const found = await verified(context, move, `somebody managed it while it moved: ${report.why}`);
    return found.kind === 'moved' ? { ...found, mayHaveRestarted: true } : found;
  }
  if (report === null || report.result > 1) {
    // Place unknown, not settled, or the unit is gone without a word: one more try to hand it back, from whichever side answers.
    const why = report?.why === undefined || report.why === '' ? 'its unit ended without a result' : report.why;
    return handBack(context, move, value, why);
  }
  await forget(context, move.source, id);
  return verified(context, move, report.why === '' ? 'the migration did not succeed' : report.why);
}

/** What is true now: the end of a move is a fresh read, never a unit's word (R2). */
async function verified(context: OperationContext, move: VmMove, why: string): Promise<MoveResult> {
  const isSettled = (answer: ClusterAnswer): boolean => {
    const now = resourceOf(answer, move.resource);
    return now?.isManaged === true && now.role === 'Started' && now.pending === undefined && now.nodes.length === 1;
  };
  const answer = await untilSo(context, isSettled, { forMs: 60_000 });
  const now = answer === undefined ? undefined : resourceOf(answer, move.resource);
  if (now === undefined)
    return { kind: 'unsettled', because: `the cluster does not show ${move.domain} at rest: ${why}` };
  return isOnlyOn(now, move.target) ? { kind: 'moved' } : { kind: 'stayed', because: why };
}

/** Starts a unit that moves nothing: it finds the VM, binds it where it runs, refreshes and hands it back. */
async function handBack(context: OperationContext, move: VmMove, oldValue: string, why: string): Promise<MoveResult> {
  const { resource } = move;
  const answer = await readCluster(context);
  const mark = markOf(answer, resource);
  // The unit takes its mark away when the VM is handed back.
  if (mark === undefined) return verified(context, move, why);
  if (mark !== oldValue) return { kind: 'unsettled', because: `another laptop took the move of ${move.domain} over` };
  const id = { resource, value: newValue(context) };
  const times = moveTimes(0);
  const untilMs = (await clusterClock(context, answer)) + times.careSeconds * 1000;
  await context.write.merge(
    'hand-back',
    // From here the old unit writes nothing more; the unmanaging is told anew, so that it does not end in the middle.
    togetherWith(unmanage(resource, untilMs, id.value), regionMark(unitMark(resource), id.value)),
    { requires: markOneOf(resource, [oldValue, id.value]) },
  );
  const start = startMoveUnit(id, { ...move, mibPerSecond: null, times, unmanagedUntilMs: untilMs });
  const at = isOnline(answer, move.source) ? move.source : move.target;
  const started = await untilAnswered(() => context.send.toNode('hand-back', at, start, context.signal), {
    ...patienceOf(context),
    forMs: 60_000,
  });
  if (started.kind === 'not-started')
    return { kind: 'unsettled', because: `${why}; and it could not be handed back: ${started.because}` };
  const ended = await followUnit(context, { ...move, source: at }, id);
  if (ended.kind === 'dead' || ended.report === null || ended.report.result > 1) {
    return { kind: 'unsettled', because: `${why}; the cluster takes it back by itself when the unmanaging is over` };
  }
  await forget(context, at, id);
  return verified(context, move, why);
}

type FollowedUnit = { readonly kind: 'ended'; readonly report: MoveReport | null } | { readonly kind: 'dead' };

/** Watches a unit until it has ended, or its machine has died by the cluster's word. A cancelled operation stops it once. */
async function followUnit(context: OperationContext, move: VmMove, id: MoveUnitId): Promise<FollowedUnit> {
  const { handle, clock, signal, cancelled } = context;
  const progress = readProgress(context, move);
  let isStopped = false;
  for (;;) {
    if (cancelled.aborted && !isStopped) {
      isStopped = true;
      handle.vm(move.resource, { detail: 'cancelled: it is handed back where it is' });
      // Its own end is what is watched below; systemctl waits for it, and its answer may be lost.
      void context.send.toNode('cancel', move.source, stopMoveUnit(id), signal).catch(() => {});
    }
    const state = await lookAtUnit(context, move.source, id);
    if (state === 'dead') return { kind: 'dead' };
    if (state.kind === 'ended' || state.kind === 'absent') return { kind: 'ended', report: endOf(state.report) };
    if (state.kind === 'running') await tellProgress(context, move, state.report, progress);
    await pause(clock, watchEveryMs, signal);
  }
}

/** Only the unit's last word counts. */
const endOf = (report: MoveReport | null): MoveReport | null => (report?.isEnd === true ? report : null);

async function lookAtUnit(context: OperationContext, node: string, id: MoveUnitId): Promise<MoveUnitState | 'dead'> {
  for (;;) {
    try {
      return await look(context, node, showMoveUnit(id));
    } catch (error) {
      if (!isLost(error)) throw error;
      context.say(`waits for ${node}: ${problemOf(error)?.message ?? 'no answer'}`);
    }
    // Nobody but the cluster knows whether a machine that does not answer this laptop is gone.
    const answer = await readCluster(context);
    if (!isOnline(answer, node)) return 'dead';
    await pause(context.clock, watchEveryMs, context.signal);
  }
}

async function tellProgress(
  { handle, say }: OperationContext,
  { resource }: VmMove,
  report: MoveReport | null,
  progress: ProgressReader,
): Promise<void> {
  say('');
  if (report !== null) {
    handle.vm(resource, { state: 'handing-back', progress: null, detail: 'the cluster takes it back' });
    return;
  }
  const read = await progress();
  if (read !== null) handle.vm(resource, { progress: read });
}

async function forget(context: OperationContext, node: string, id: MoveUnitId): Promise<void> {
  // A unit that has ended does nothing any more: that its name stays loaded until the next boot harms nobody.
  await look(context, node, forgetMoveUnit(id)).catch((error: unknown) => {
    if (!isLost(error)) throw error;
  });
}

/** The clock that ends the unmanaging is the DC's. */
export async function clusterClock(context: OperationContext, answer: ClusterAnswer): Promise<number> {
  const read = async (node: string): Promise<number | null> => {
    try {
      return await look(context, node, readClock());
    } catch (error) {
      if (!isLost(error)) throw error;
      return null;
    }
  };
  const at = (answer.dc === null ? null : await read(answer.dc)) ?? (await read(answer.via));
  if (at === null)
    return stepFailed(
      'The cluster’s clock could not be read, and with it the end of the unmanaging.',
      'Continue when the coordinator (DC) answers.',
    );
  return at;
}

const newValue = ({ id }: OperationContext): string => `${moveOwner(id)}.${randomBytes(3).toString('hex')}`;

/** XPath below `configuration`: the VM's mark, while it is another unit's. */
function markExcept(resource: string, value: string): string {
  return `crm_config/cluster_property_set[@id=${xpathText(clusterName(unitMark(resource)))} and not(nvpair/@value=${xpathText(value)})]`;
}

/** XPath below `configuration`: the VM's mark, while it is one of these units'. */
function markOneOf(resource: string, values: readonly string[]): string {
  const isOne = values.map((value) => `nvpair/@value=${xpathText(value)}`).join(' or ');
  return `crm_config/cluster_property_set[@id=${xpathText(clusterName(unitMark(resource)))} and (${isOne})]`;
}

export function markOf(answer: ClusterAnswer, resource: string): string | undefined {
  return answer.records.marks.find(({ name }) => name === unitMark(resource))?.value;
}

export function resourceOf(answer: ClusterAnswer, resource: string): ClusterResource | undefined {
  return answer.resources.find(({ id }) => id === resource);
}

export function isOnlyOn({ nodes }: ClusterResource, node: string): boolean {
  return nodes.length === 1 && nodes[0] === node;
}

function isOnline(answer: ClusterAnswer, name: string): boolean {
  return answer.nodes.some((node) => node.name === name && node.isOnline && !node.isUnclean);
}
