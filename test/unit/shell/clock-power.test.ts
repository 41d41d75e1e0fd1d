import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClockPower } from '../../../electron/shell/clock-power.ts';

let wallMs = 0;
let monotonicMs = 0;
beforeEach(() => {
  vi.useFakeTimers();
  [wallMs, monotonicMs] = [1_700_000_000_000, 5000];
});
afterEach(() => vi.useRealTimers());

function wakes() {
  const power = createClockPower({
    clocks: { wallMs: () => wallMs, monotonicMs: () => monotonicMs },
    intervalMs: 2000,
  });
  let count = 0;
  power.onResume(() => {
    count += 1;
  });
  const pass = (wall: number, monotonic: number): void => {
    wallMs += wall;
    monotonicMs += monotonic;
    vi.advanceTimersByTime(2000);
  };
  return { power, pass, count: () => count };
}

test('R22: wall time that ran ahead of monotonic time is a sleep, told once', () => {
  const { pass, count } = wakes();
  pass(2000, 2000);
  pass(600_000, 2000);
  pass(2000, 2000);
  expect(count()).toBe(1);
});

test('R22: where the monotonic clock runs on while asleep, a timer that came far too late is a sleep', () => {
  const { pass, count } = wakes();
  pass(600_000, 600_000);
  expect(count()).toBe(1);
});

test('a busy main loop, a clock that is set by a little, and one that is set back are no sleep', () => {
  const { pass, count } = wakes();
  pass(6000, 6000);
  pass(7000, 2000);
  pass(-3_600_000, 2000);
  pass(2000, 2000);
  expect(count()).toBe(0);
});

test('nobody is told after closing', () => {
  const { power, pass, count } = wakes();
  power.close();
  pass(600_000, 2000);
  expect(count()).toBe(0);
});
