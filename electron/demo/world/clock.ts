/** The region's time. What it tells is the laptop's own, so that nothing looks old or ahead; what it makes wait goes `speed` times as fast. */
export interface DemoClock {
  /** UTC ms. */
  now(): number;
  /** Calls once, after so many ms of the region's time. Returns what cancels it. */
  after(ms: number, action: () => void): () => void;
  /** How many ms of the region's time pass in one of the laptop's. */
  readonly speed: number;
}

/** A clock that `stop` ends with everything that waits on it. */
export function runningClock(speed: number): DemoClock & { stop(): void } {
  const waiting = new Set<NodeJS.Timeout>();
  return {
    speed,
    now: () => Date.now(),
    after(ms, action) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        action();
      }, ms / speed);
      waiting.add(timer);
      return () => {
        clearTimeout(timer);
        waiting.delete(timer);
      };
    },
    stop() {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}
