/** A clock that stands still until it is advanced. */
export interface SimulatedClock {
  now(): number;
  after(delayMs: number, callback: () => void): () => void;
  /** Lets time pass; timers fire in order, each at its own moment. */
  advance(ms: number): void;
  /** Timers that have not fired. */
  pending(): number;
}

/** Makes a clock at `startAt` (UTC ms). */
export function simulatedClock(startAt = 1_000_000): SimulatedClock {
  let now = startAt;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}
