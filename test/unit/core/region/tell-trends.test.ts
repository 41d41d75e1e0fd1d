import { expect, test } from 'vitest';
import { createTrendsTelling } from '../../../../electron/core/region/tell-trends.ts';
import { nodeId } from '../../../../shared/model/ids.ts';

const [a, b] = [nodeId('member:a'), nodeId('member:b')];
const minute = 60_000;

/** What is told by ticks at these times with these CPU values of a and b. */
function told(ticks: readonly (readonly [at: number, cpuOfA: number, cpuOfB: number])[]) {
  const heard: unknown[] = [];
  const tick = createTrendsTelling((nodes) => heard.push(nodes));
  for (const [at, ...cpu] of ticks) tick({ at, nodes: [a, b], values: { cpuPercent: Float32Array.from(cpu) } });
  return heard;
}

test('a minute that is over is told with the first tick of the next one, not a minute after it', () => {
  expect(
    told([
      [minute, 1, 1],
      [minute + 5000, 1, 1],
      [2 * minute - 5000, 1, 1],
      [2 * minute, 1, 1],
      [2 * minute + 5000, 1, 1],
    ]),
  ).toEqual(['all', 'all']);
});

test('a node’s line is told with its first value, without waiting for the minute', () => {
  expect(
    told([
      [minute, 1, Number.NaN],
      [minute + 5000, 1, Number.NaN],
      [minute + 10_000, 1, 3],
      [minute + 15_000, 1, 3],
    ]),
  ).toEqual(['all', [b]]);
});
