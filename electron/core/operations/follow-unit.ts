import { showMoveUnit, forgetMoveUnit, stopMoveUnit } from '../cluster/writes/move-unit.ts';
import type { MoveReport, MoveUnitId, MoveUnitState } from '../cluster/writes/move-unit.ts';
import { problemOf } from '#shared/problems.ts';
import { look, readCluster } from './look.ts';
import { isOnline } from './move-marks.ts';
import { readProgress, type ProgressReader } from './move-progress.ts';
import type { VmMove } from './move-result.ts';
import { isLost } from './reach.ts';
import type { OperationContext } from './step.ts';
import { pause } from './time.ts';

const watchEveryMs = 1500;
/** Longest that a unit's machine may say nothing: by itself the unit goes on, and hands back. */
const silentForMs = 900_000;

/** `dead`: its machine, by the cluster's word. `silent`: nobody knows, for so long. */
export type FollowedUnit =
  | { readonly kind: 'ended'; readonly report: MoveReport | null }
  | { readonly kind: 'dead' }
  | { readonly kind: 'silent'; readonly because: string };

/** Watches a unit until it has ended, or its machine has died or fallen silent. A cancelled operation stops it once. */
export async function followUnit(context: OperationContext, move: VmMove, id: MoveUnitId): Promise<FollowedUnit> {
  const { handle, clock, signal, cancelled } = context;
  const progress = readProgress(context, move);
  let knownAt = clock.monotonic();
  const stop = (): void => {
    handle.vm(move.resource, { detail: 'cancelled: it is handed back where it is' });
    // Its own end is what is watched below; systemctl waits for it, and its answer may be lost.
    void context.send.toNode('cancel', move.source, stopMoveUnit(id), signal).catch(() => {});
  };
  // At once, also where a look at a machine that is slow to answer is under way (R6).
  if (cancelled.aborted) stop();
  else cancelled.addEventListener('abort', stop, { once: true, signal });
  try {
    return await watch();
  } finally {
    cancelled.removeEventListener('abort', stop);
  }

  async function watch(): Promise<FollowedUnit> {
    for (;;) {
      const state = await lookAtUnit(context, move.source, id);
      if (state === 'dead') return { kind: 'dead' };
      if (state.kind === 'ended' || state.kind === 'absent') return { kind: 'ended', report: endOf(state.report) };
      if (state.kind === 'running') {
        knownAt = clock.monotonic();
        await tellProgress(context, move, state.report, progress);
      } else if (clock.monotonic() - knownAt >= silentForMs) {
        return { kind: 'silent', because: state.because };
      }
      await pause(clock, watchEveryMs, signal);
    }
  }
}

/** Only the unit's last word counts. */
const endOf = (report: MoveReport | null): MoveReport | null => (report?.isEnd === true ? report : null);

/** One look. A machine that does not answer this laptop, or that is no member any more, is dead only by the cluster's word. */
async function lookAtUnit(context: OperationContext, node: string, id: MoveUnitId): Promise<MoveUnitState | 'dead'> {
  try {
    return await look(context, node, showMoveUnit(id));
  } catch (error) {
    if (!isLost(error) && problemOf(error)?.code !== 'node-not-found') throw error;
    const because = problemOf(error)?.message ?? 'no answer';
    context.say(`waits for ${node}: ${because}`);
    return isOnline(await readCluster(context), node) ? { kind: 'unknown', because } : 'dead';
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

/** A unit that has ended does nothing any more: that its name stays loaded until the next boot harms nobody. */
export async function forget(context: OperationContext, node: string, id: MoveUnitId): Promise<void> {
  await look(context, node, forgetMoveUnit(id)).catch((error: unknown) => {
    if (!isLost(error)) throw error;
  });
}
