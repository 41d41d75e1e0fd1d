import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWaiting } from '../../../../electron/core/region/waiting.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';

/** Lets promise callbacks run. */
const settle = () => setImmediate();

test('a sleep ends at its time, not before', async () => {
  const clock = simulatedClock();
  const waiting = createWaiting(clock);
  let isOver = false;
  void waiting.sleep(1000).then(() => (isOver = true));
  clock.advance(999);
  await settle();
  expect(isOver).toBe(false);
  clock.advance(1);
  await settle();
  expect(isOver).toBe(true);
});

test('R22: a wake while nobody sleeps cuts no later sleep short', async () => {
  const clock = simulatedClock();
  const waiting = createWaiting(clock);
  waiting.wake();
  let isOver = false;
  void waiting.sleep(null).then(() => (isOver = true));
  clock.advance(3_600_000);
  await settle();
  expect(isOver).toBe(false);
  waiting.wake();
  await settle();
  expect(isOver).toBe(true);
});

test('news that came while its reader was busy ends the next sleep at once, and only that', async () => {
  const clock = simulatedClock();
  const waiting = createWaiting(clock);
  waiting.wakeNext();
  await waiting.sleep(1000);
  let isOver = false;
  void waiting.sleep(1000).then(() => (isOver = true));
  await settle();
  expect(isOver).toBe(false);
});
