import { minutesAnHour, minuteMs } from './series.ts';

/** Sums and counts a minute of many nodes from one minute on: `[series][minute]` a node. */
export interface MinuteMeans {
  readonly startsAt: number;
  readonly minutes: number;
  /** Adds a matrix `[series][node]`; `seriesOf[i]` says which series of ours its series `i` is (-1: none). */
  add(at: number, nodes: readonly number[], matrix: Float32Array, seriesOf: readonly number[]): void;
  readonly nodes: ReadonlyMap<number, { readonly sums: Float32Array; readonly counts: Uint16Array }>;
}

interface NodeSums {
  readonly sums: Float32Array;
  readonly counts: Uint16Array;
}

export function minuteMeans(startsAt: number, series: number, minutes = minutesAnHour): MinuteMeans {
  const nodes = new Map<number, NodeSums>();
  const sumsOf = (node: number): NodeSums => {
    let sums = nodes.get(node);
    if (sums === undefined) {
      sums = { sums: new Float32Array(series * minutes), counts: new Uint16Array(series * minutes) };
      nodes.set(node, sums);
    }
    return sums;
  };
  return {
    startsAt,
    minutes,
    nodes,
    add: (at, numbers, matrix, seriesOf) => {
      const minute = Math.floor((at - startsAt) / minuteMs);
      if (minute < 0 || minute >= minutes) return;
      for (const [index, number] of numbers.entries()) {
        const { sums, counts } = sumsOf(number);
        for (const [row, own] of seriesOf.entries()) {
          const value = matrix[row * numbers.length + index];
          if (own < 0 || value === undefined || Number.isNaN(value)) continue;
          const slot = own * minutes + minute;
          sums[slot] = (sums[slot] ?? 0) + value;
          counts[slot] = (counts[slot] ?? 0) + 1;
        }
      }
    },
  };
}

/** The means of one node, NaN where nothing was read. */
export function meansOf({ sums, counts }: NodeSums): Float32Array {
  return sums.map((sum, slot) => {
    const count = counts[slot] ?? 0;
    return count === 0 ? Number.NaN : sum / count;
  });
}
