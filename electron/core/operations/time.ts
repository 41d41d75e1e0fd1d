import type { Clock } from '../region/clock.ts';
import type { SshClock } from '../ssh/timings.ts';

/** Time as operations use it: wall time to show, monotonic time to decide (a lease, the safety timer), and waiting that can be ended. */
export interface OperationClock extends Clock {
  /** Milliseconds since any fixed moment; never set back, never set forward by a person. */
  readonly monotonic: () => number;
}

/** The pool's clock as regions and operations read it. */
export const operationClockOf = (clock: SshClock): OperationClock => ({
  now: () => clock.wall(),
  after: (delayMs, callback) => clock.after(delayMs, callback),
  monotonic: () => clock.now(),
});

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it is aborted. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(reasonOf(signal));
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Resolves once `work` is over, however it ended, or after `limitMs`, and leaves no timer behind. */
export async function endedWithin(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const limit = pause(clock, limitMs, over.signal).catch(() => {});
  await Promise.race([work.catch(() => {}), limit]);
  over.abort();
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The wait was ended.');
}
