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
