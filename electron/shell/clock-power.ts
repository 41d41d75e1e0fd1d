/** Where sleep is noticed without the operating system's word: wall time running ahead of monotonic time. */
export interface Clocks {
  /** UTC, ms. */
  readonly wallMs: () => number;
  /** Milliseconds since some moment; stands still while the machine sleeps on Linux and macOS. */
  readonly monotonicMs: () => number;
}

export interface ClockPowerOptions {
  readonly clocks?: Clocks;
  /** How often to look, ms. */
  readonly intervalMs?: number;
  /** What is called a sleep, ms: beyond a busy main loop and a clock that is set by a little. */
  readonly thresholdMs?: number;
}

export interface ClockPower {
  onSuspend(listener: () => void): () => void;
  onResume(listener: () => void): () => void;
  readonly keepAwake: { readonly kind: 'cannot'; readonly because: string };
  close(): void;
}

const systemClocks: Clocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/**
 * The power port of a shell that gets no word of sleep. It learns of it only afterwards, so `onSuspend` never fires. Two signs
 * of a sleep: wall time ran ahead of monotonic time, or (where the monotonic clock runs on, as on Windows) the timer came far
 * too late. A clock set forward looks the same; a needless resume costs one round of probes.
 */
export function createClockPower(options: ClockPowerOptions = {}): ClockPower {
  const { clocks = systemClocks, intervalMs = 2000, thresholdMs = 10_000 } = options;
  const listeners = new Set<() => void>();
  let wallMs = clocks.wallMs();
  let monotonicMs = clocks.monotonicMs();
  const timer = setInterval(() => {
    const wallStepMs = clocks.wallMs() - wallMs;
    const monotonicStepMs = clocks.monotonicMs() - monotonicMs;
    wallMs += wallStepMs;
    monotonicMs += monotonicStepMs;
    const isSleep = wallStepMs - monotonicStepMs > thresholdMs || monotonicStepMs > intervalMs + thresholdMs;
    if (isSleep) for (const listener of listeners) listener();
  }, intervalMs);
  // Watching for sleep is no reason to stay.
  timer.unref();
  return {
    onSuspend: () => () => undefined,
    keepAwake: { kind: 'cannot', because: 'Rackside runs in a browser here, which cannot keep this computer awake.' },
    onResume(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      clearInterval(timer);
      listeners.clear();
    },
  };
}
