import type { RecordedUnit } from '#shared/model/cluster.ts';
import { showUnit, type UnitState } from '../../cluster/writes/unit.ts';
import { fencedAt } from '../../lifecycle/fencing.ts';
import { look, readCluster } from '../look.ts';
import { isLost } from '../reach.ts';
import type { OperationContext } from '../step.ts';
import { pause } from '../time.ts';

const watchEveryMs = 1500;

/** A run of pcs as it is watched. */
export interface PcsUnit extends RecordedUnit {
  /** Its start was answered, so that a machine that does not know of it any more has been booted since. */
  readonly isKnownToRun: boolean;
}

/** The machine that ran it was fenced or booted since: it does not run any more, and how far it came has to be read (R2). */
export interface Died {
  readonly kind: 'died';
  readonly on: string;
}

/**
 * Watches pcs, until it has ended, or only until it is known how it stands. @returns `unknown` (or `running`, where its end was waited for)
 * when `forMs` are over.
 */
export async function watchPcs(
  context: OperationContext,
  unit: PcsUnit,
  { until, forMs }: { readonly until: 'known' | 'ended'; readonly forMs: number },
): Promise<UnitState | Died> {
  const { clock, signal, say } = context;
  const begun = clock.monotonic();
  for (;;) {
    const state = await lookAt(context, unit);
    const isOver = state.kind === 'running' ? until === 'known' : state.kind !== 'unknown';
    if (isOver || clock.monotonic() - begun >= forMs) return state;
    say(state.kind === 'running' ? 'pcs is at work' : `waits for ${unit.on}`);
    await pause(clock, watchEveryMs, signal);
  }
}

/** One look. Of a machine that does not answer this laptop only a fencing that is newer than its beginning proves that it has ended. */
async function lookAt(context: OperationContext, unit: PcsUnit): Promise<UnitState | Died> {
  const state = await look(context, unit.on, showUnit(unit.name)).catch((error: unknown): UnitState => {
    if (!isLost(error)) throw error;
    return { kind: 'unknown', because: `${unit.on} does not say how pcs ended` };
  });
  if (state.kind !== 'unknown' && state.kind !== 'absent') return state;
  const hasDied =
    (state.kind === 'absent' && unit.isKnownToRun) || fencedAt(await readCluster(context), unit.on) > unit.fencedAt;
  return hasDied ? { kind: 'died', on: unit.on } : state;
}
