import { expect, test } from 'vitest';
import { createRing } from '../../../../electron/core/metrics/ring.ts';
import { minuteMs } from '../../../../electron/core/metrics/series.ts';
import { nodeId } from '../../../../shared/model/ids.ts';

const a = nodeId('member:a');
const b = nodeId('member:b');
const start = 28_000_000 * minuteMs;
const cpu = (...values: number[]): { cpuPercent: Float32Array } => ({ cpuPercent: Float32Array.from(values) });

test('a point is the mean of its minute, and a value that was not read is no part of it', () => {
  const ring = createRing();
  ring.record({ at: start, nodes: [a, b], values: cpu(10, Number.NaN) });
  ring.record({ at: start + 5000, nodes: [a, b], values: cpu(20, 7) });
  const [first, second] = ring.trends([a, b], start + 5000);
  expect(first?.cpuPercent.at(-1)).toBe(15);
  expect(second?.cpuPercent.at(-1)).toBe(7);
  expect(first?.memoryUsedPercent).toEqual(Array.from({ length: 60 }, () => null));
});

test('minutes without a value are gaps, and what is older than an hour is gone', () => {
  const ring = createRing();
  for (let minute = 0; minute < 90; minute++) {
    if (minute % 2 === 0) ring.record({ at: start + minute * minuteMs, nodes: [a], values: cpu(minute) });
  }
  const now = start + 89 * minuteMs;
  const [trend] = ring.trends([a], now);
  expect(trend?.endsAt).toBe(now);
  expect(trend?.cpuPercent).toEqual(Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? index + 30 : null)));
});

test('time that passes without a value moves what is there towards the left, and out after an hour', () => {
  const ring = createRing();
  ring.record({ at: start, nodes: [a], values: cpu(5) });
  expect(ring.trends([a], start + 59 * minuteMs)[0]?.cpuPercent[0]).toBe(5);
  expect(ring.trends([a], start + 60 * minuteMs)[0]?.cpuPercent).toEqual(Array.from({ length: 60 }, () => null));
});

test('a clock that was set back by hours begins the hour anew instead of mixing two times', () => {
  const ring = createRing();
  ring.record({ at: start, nodes: [a], values: cpu(5) });
  ring.record({ at: start - 300 * minuteMs, nodes: [a], values: cpu(9) });
  const points = ring.trends([a], start - 300 * minuteMs)[0]?.cpuPercent;
  expect(points?.filter((point) => point !== null)).toEqual([9]);
});

test('R30: a node that is not recorded any more leaves the memory', () => {
  const ring = createRing();
  ring.record({ at: start, nodes: [a, b], values: cpu(1, 2) });
  ring.record({ at: start + 120 * minuteMs, nodes: [a], values: cpu(1) });
  expect(ring.size).toBe(1);
});

test('the last hour from the disk and what was recorded since are one hour', () => {
  const ring = createRing();
  ring.record({ at: start, nodes: [a], values: cpu(30) });
  const sums = new Float32Array(7 * 61);
  const counts = new Uint16Array(7 * 61);
  for (let minute = 0; minute < 61; minute++) {
    sums[minute] = minute * 2;
    counts[minute] = 2;
  }
  ring.load({ firstMinute: start / minuteMs - 60, minutes: 61, nodes: [a], sums, counts });
  const points = ring.trends([a], start)[0]?.cpuPercent ?? [];
  expect(points.slice(0, 3)).toEqual([1, 2, 3]);
  expect(points.at(-1)).toBe(50);
});
