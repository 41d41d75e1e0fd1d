import type { SshClock } from '../../../../electron/core/ssh/timings.ts';

/** A clock that only moves when told; `sleep` lets the wall clock run while monotonic time and timers stand still. */
export function fakeClock(): SshClock & { advance(ms: number): void; sleep(ms: number): void } {
  let now = 0;
  let wall = 1_000_000;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    wall: () => wall,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    sleep: (ms) => {
      wall += ms;
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        wall += next.at - now;
        now = next.at;
        next.callback();
      }
      wall += end - now;
      now = end;
    },
  };
}
