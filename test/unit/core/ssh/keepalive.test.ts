import { expect, test } from 'vitest';
import { Keepalive } from '../../../../electron/core/ssh/keepalive.ts';
import { defaultTimings } from '../../../../electron/core/ssh/timings.ts';
import { fakeClock } from './fake-clock.ts';

function peer() {
  const clock = fakeClock();
  const seen = { heard: 100, pings: 0, deadAt: undefined as number | undefined };
  const keepalive = new Keepalive({
    clock,
    timings: defaultTimings,
    heardBytes: () => seen.heard,
    ping: () => {
      seen.pings += 1;
    },
    onDead: () => {
      seen.deadAt = clock.now();
    },
  });
  return { clock, seen, keepalive };
}

test('R21: a black-holed peer is declared dead within 45 s of its last byte, whenever that came', () => {
  for (let lastByteAt = 0; lastByteAt <= 20_000; lastByteAt += 500) {
    const { clock, seen } = peer();
    clock.advance(lastByteAt);
    seen.heard += 1;
    clock.advance(120_000);
    const silentMs = (seen.deadAt ?? Number.POSITIVE_INFINITY) - lastByteAt;
    expect(silentMs, `last byte at ${lastByteAt}`).toBeLessThanOrEqual(45_000);
    expect(silentMs).toBeGreaterThanOrEqual(30_000);
  }
});

test('a peer that talks is never asked, and one that only answers lives on', () => {
  const talking = peer();
  for (let step = 0; step < 60; step += 1) {
    talking.seen.heard += 10;
    talking.clock.advance(5_000);
  }
  expect(talking.seen).toMatchObject({ pings: 0, deadAt: undefined });
  const answering = peer();
  for (let step = 0; step < 300; step += 1) {
    const before = answering.seen.pings;
    answering.clock.advance(1_000);
    if (answering.seen.pings > before) answering.seen.heard += 1;
  }
  expect(answering.seen.deadAt).toBeUndefined();
  expect(answering.seen.pings).toBeGreaterThan(10);
});

test('R22: after a wake a silent session is asked at once and called dead no sooner than 15 s later', () => {
  const { clock, seen, keepalive } = peer();
  clock.advance(39_000);
  keepalive.suspend();
  clock.sleep(3_600_000);
  keepalive.resume();
  expect(seen.pings).toBeGreaterThan(0);
  const wokeAt = clock.now();
  expect(keepalive.patienceMs()).toBeGreaterThanOrEqual(15_000);
  clock.advance(60_000);
  expect((seen.deadAt ?? 0) - wokeAt).toBeGreaterThanOrEqual(15_000);
  expect((seen.deadAt ?? Number.POSITIVE_INFINITY) - wokeAt).toBeLessThanOrEqual(45_000);
});

test('R22: a sleep nobody told of is seen by the wall clock, and gets the same patience', () => {
  const { clock, seen } = peer();
  clock.advance(35_000);
  clock.sleep(3_600_000);
  const wokeAt = clock.now();
  clock.advance(60_000);
  expect((seen.deadAt ?? 0) - wokeAt).toBeGreaterThanOrEqual(15_000);
});

test('R22: the patience ends with the first byte after the wake', () => {
  const { clock, seen, keepalive } = peer();
  keepalive.suspend();
  keepalive.resume();
  expect(keepalive.patienceMs()).toBeGreaterThan(0);
  seen.heard += 1;
  expect(keepalive.patienceMs()).toBe(0);
  clock.advance(25_000);
  expect(seen.deadAt).toBeUndefined();
});
