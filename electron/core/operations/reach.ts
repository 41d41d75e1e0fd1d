import { fail, problemOf, type ProblemCode } from '#shared/problems.ts';
import { pause, type OperationClock } from './time.ts';

/** Nobody said no: the way to the machine was lost, or its answer. What was asked may have happened. */
const lostCodes: ReadonlySet<ProblemCode> = new Set([
  'address-not-found',
  'address-unreachable',
  'connection-refused',
  'connection-timed-out',
  'connection-lost',
  'too-many-sessions',
  'jump-host-failed',
  'command-timed-out',
  'no-control-node-answers',
  'no-quorum',
  'cluster-not-running',
  'output-not-understood',
]);

/** True where the answer was lost on the way, so that what was asked is unknown until it is read (R2). */
export function isLost(error: unknown): boolean {
  const problem = problemOf(error);
  return problem !== undefined && lostCodes.has(problem.code);
}

/** How an operation waits for a machine that does not answer. */
export interface Patience {
  readonly clock: OperationClock;
  readonly signal: AbortSignal;
  /** Told at each failed try, in words for the step's line; `null` once it answers again. */
  readonly onWaiting: (because: string | null) => void;
  /** For how long; default: half an hour, and then it fails with words of its own. */
  readonly forMs?: number;
}

const retryMs = 2000;
/** No wait is without an end: after this long nobody counts on it any more. */
export const longestWaitMs = 1_800_000;

/** @throws ProblemError `step-failed`: what was waited for in vain. */
export function waitedInVain(because: string): never {
  return fail({
    code: 'step-failed',
    message: `It was waited for half an hour in vain: ${because}`,
    advice: 'Continue when it answers again, or roll back.',
  });
}

/**
 * Asks until it is answered: a bad network delays an operation and does not decide anything. Only for what may be asked twice: reads, and
 * writes that are the same however often they are made.
 */
export async function untilAnswered<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, signal, onWaiting, forMs } = patience;
  const begun = clock.monotonic();
  let isWaiting = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await ask();
      if (isWaiting) onWaiting(null);
      return answer;
    } catch (error) {
      const waitedMs = clock.monotonic() - begun;
      if (!isLost(error) || (forMs !== undefined && waitedMs >= forMs)) throw error;
      if (waitedMs >= longestWaitMs) waitedInVain(problemOf(error)?.message ?? 'no answer');
      isWaiting = true;
      onWaiting(problemOf(error)?.message ?? 'no answer');
    }
    await pause(clock, retryMs, signal);
  }
}
