/** Time as the region uses it. Tests give their own, so that nothing in the region reads a clock behind their back. */
export interface Clock {
  /** Wall time, UTC ms: what is stored and shown. */
  readonly now: () => number;
  /** Calls back once after `delayMs`; returns what cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Calls back every `intervalMs` (asked anew each time) until stopped; the next wait begins when the work is done. */
export function every(clock: Clock, intervalMs: () => number, work: () => void): () => void {
  let cancel = (): void => {};
  const next = () => {
    cancel = clock.after(intervalMs(), () => {
      work();
      next();
    });
  };
  next();
  return () => cancel();
}

/** A call that comes `delayMs` after the first of a burst, once for all of it; `cancel` takes it back. */
export function debounced(
  clock: Clock,
  delayMs: number,
  work: () => void,
): { readonly call: () => void; readonly cancel: () => void } {
  let cancelTimer: (() => void) | undefined;
  return {
    call() {
      cancelTimer ??= clock.after(delayMs, () => {
        cancelTimer = undefined;
        work();
      });
    },
    cancel() {
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
