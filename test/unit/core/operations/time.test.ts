import { expect, test } from 'vitest';
import type { Clock } from '../../../../electron/core/region/clock.ts';
import { endedWithin } from '../../../../electron/core/operations/time.ts';

/** A clock whose timers are only noted, until one is let run. */
function notingClock(): Clock & { readonly timers: Map<number, () => void> } {
  const timers = new Map<number, () => void>();
  let last = 0;
  return {
    timers,
    now: () => 0,
    after(_, callback) {
      last += 1;
      const id = last;
      timers.set(id, callback);
      return () => timers.delete(id);
    },
  };
}

test.each([
  ['is done', () => Promise.resolve()],
  ['fails', () => Promise.reject(new Error('away'))],
])('a wait for work that %s ends with it, and leaves no timer that would keep the program alive', async (_, work) => {
  const clock = notingClock();
  await endedWithin(clock, 10_000, work());
  expect(clock.timers.size).toBe(0);
});

test('a wait for work that never ends is over at its limit', async () => {
  const clock = notingClock();
  const waiting = endedWithin(clock, 10_000, new Promise(() => {}));
  expect(clock.timers.size).toBe(1);
  for (const run of clock.timers.values()) run();
  await waiting;
});
