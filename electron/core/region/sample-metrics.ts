import type { NodeRow } from '#shared/model/node.ts';
import { isOld, type Reading } from '#shared/model/reading.ts';
import type { MetricsTick } from '../metrics/ring.ts';

/**
 * One tick of every node's series, as the rows show them, so that table and sparkline never disagree.
 * What was not read within its own interval is a gap (`NaN`): an old value is never recorded as a new one. Pure.
 */
export function sampleMetrics(rows: readonly NodeRow[], now: number): MetricsTick {
  const column = (pick: (row: NodeRow) => Reading<number>): Float32Array =>
    Float32Array.from(rows, (row) => {
      const reading = pick(row);
      return reading.kind === 'known' && !isOld(reading, now) ? reading.value : Number.NaN;
    });
  return {
    at: now,
    nodes: rows.map((row) => row.id),
    values: {
      cpuPercent: column((row) => row.cpuPercent),
      memoryUsedPercent: column((row) => row.memoryUsedPercent),
      networkRxBitsPerSecond: column((row) => row.networkRxBitsPerSecond),
      networkTxBitsPerSecond: column((row) => row.networkTxBitsPerSecond),
    },
  };
}
