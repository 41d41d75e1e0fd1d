import { expect, test } from 'vitest';
import { sparkPaths } from '../../../../renderer/ui/sparkline.tsx';

test('the scale is fixed: the same value has the same height in every row', () => {
  const low = sparkPaths([50, 50, 50], 100).line;
  const high = sparkPaths([50, 100, 50], 100).line;
  expect(low.split('L')[0]).toBe(high.split('L')[0]);
});

test('a gap stays a gap: the line is lifted, never drawn across', () => {
  expect(sparkPaths([10, 20, null, 30, 40], 100).line.match(/M/g)).toHaveLength(2);
});

test('what exceeds the scale stays inside the picture', () => {
  const points = sparkPaths([500, -3], 100).line.slice(1).split('L');
  expect(points.map((point) => Number(point.split(' ')[1]))).toEqual([1.5, 14.5]);
});

test('the path is built once a change', () => {
  const series = [1, 2, 3];
  expect(sparkPaths(series, 100)).toBe(sparkPaths(series, 100));
  expect(sparkPaths(series, 100)).not.toBe(sparkPaths(series, 50));
});

test('nothing read draws nothing', () => {
  expect(sparkPaths([null, null], 100)).toEqual({ line: '', area: '' });
});

/** Where each stroke of the line begins and ends on the 40 px axis. */
const strokes = (series: readonly (number | null)[]) =>
  sparkPaths(series, 100)
    .line.split('M')
    .slice(1)
    .map((stroke) => stroke.split('L').map((point) => Number.parseFloat(point)))
    .map((xs) => [xs[0], xs.at(-1)]);
const hour = (last: readonly (number | null)[]) => [...Array.from({ length: 60 - last.length }, () => null), ...last];

test('the few minutes of a region that was just opened stand at the right end of the hour, not stretched over it', () => {
  expect(strokes(hour([20, 30]))).toEqual([[38.4, 39]]);
  expect(strokes(hour(Array.from({ length: 10 }, () => 50)))).toEqual([[33.2, 39]]);
  // A series that is short by itself means the same.
  expect(strokes([20, 30])).toEqual([[38.4, 39]]);
});

test('a lone point is a dot at its minute', () => {
  expect(sparkPaths(hour([50]), 100).line).toBe('M39.0 8.0h.01');
  expect(strokes(hour([50, null, 50]))).toEqual([
    [37.7, 37.7],
    [39, 39],
  ]);
});

test('the gap before a node answered again is not bridged', () => {
  expect(strokes(hour([10, 20, null, null, 30, 40]))).toEqual([
    [35.8, 36.4],
    [38.4, 39],
  ]);
});
