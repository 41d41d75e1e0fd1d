import { dirname, join } from 'node:path';
import type { AppNotice } from '#shared/contract/app.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeTrends } from '#shared/model/node.ts';
import type { History, Retention } from './messages.ts';
import { createRing } from './ring.ts';
import type { MetricsTick } from './ring.ts';
import { hourMs, metricSeries } from './series.ts';
import { linkWorker } from './worker-link.ts';

/** One region's measurements: the last hour in memory, everything else with a worker that owns the file. */
export interface Metrics {
  /** Takes one sample of many nodes; returns at once. The arrays stay the caller's. */
  record(tick: MetricsTick): void;
  /** The last hour of these nodes, one point a minute, gaps as `null`. */
  trends(nodes: readonly NodeId[], now: number): readonly NodeTrends[];
  /** One node from the disk, one point a minute; rejects with `internal` while the worker is being started again. */
  history(node: NodeId, from: number, to: number): Promise<History>;
  /** Bytes on the disk. */
  sizeBytes(): Promise<number>;
  setRetention(retention: Retention): void;
  /** Resolves once the last hour is back in memory, or it is known that it cannot be read. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Raw ticks for two hours (sparklines need one), means a minute for a week: about 0.3 GB for 1,000 nodes. */
export const defaultRetention: Retention = { rawMs: 2 * hourMs, minutesMs: 7 * 24 * hourMs };

export interface MetricsOptions {
  /** The region's `metrics.sqlite`; its folder exists. */
  readonly file: string;
  /** The worker's program: `metrics-worker.js` of the build, or `worker.ts` in a test. */
  readonly workerUrl: URL;
  readonly now: () => number;
  /** Told when the worker stops, the file was damaged, or measurements cannot be stored. */
  readonly onNotice: (notice: Pick<AppNotice, 'level' | 'message' | 'advice'>) => void;
  readonly retention?: Retention;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const ring = createRing();
  const folder = dirname(options.file);
  const link = linkWorker({
    workerUrl: options.workerUrl,
    file: options.file,
    quarantine: join(folder, 'quarantine'),
    backups: join(folder, 'backups'),
    retention: options.retention ?? defaultRetention,
    now: options.now,
    onNotice: options.onNotice,
    onHour: (hour) => {
      ring.load(hour);
    },
  });
  return {
    record: (tick) => {
      ring.record(tick);
      link.tick(tick.at, tick.nodes, matrixOf(tick));
    },
    trends: (nodes, now) => ring.trends(nodes, now),
    history: async (node, from, to) => link.history(node, from, to),
    sizeBytes: async () => link.sizeBytes(),
    setRetention: (retention) => {
      link.setRetention(retention);
    },
    ready: async () => link.opened(),
    close: async () => link.close(),
  };
}

function matrixOf({ nodes, values }: MetricsTick): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(metricSeries.length * nodes.length).fill(Number.NaN);
  for (const [series, name] of metricSeries.entries()) {
    const row = values[name];
    if (row !== undefined) matrix.set(row.subarray(0, nodes.length), series * nodes.length);
  }
  return matrix;
}
