import { dirname, join } from 'node:path';
import { openDatabase } from '../../electron/core/db/database.ts';
import { metricsFile } from '../../electron/core/metrics/metrics-file.ts';
import { metricsSchema } from '../../electron/core/metrics/metrics-schema.ts';
import { defaultRetention } from '../../electron/core/metrics/metrics.ts';
import { hourMs, metricSeries, minuteMs } from '../../electron/core/metrics/series.ts';

/** Fills a region's metrics as a week of watching would have: a value a minute, and for as long as raw ticks are kept one every 5 s. */
export function fillHistory(file: string, nodes: readonly string[], now: number): void {
  const begin = now - defaultRetention.minutesMs;
  const folder = dirname(file);
  const database = openDatabase({
    file,
    schema: metricsSchema,
    name: 'metrics',
    backups: join(folder, 'backups'),
    quarantine: join(folder, 'quarantine'),
    now: () => begin,
    relief: () => false,
    onNotice: ({ message }) => {
      throw new Error(message);
    },
  });
  const metrics = metricsFile(database, { retention: defaultRetention, now: begin });
  metrics.setNodes(nodes);
  const matrix = new Float32Array(metricSeries.length * nodes.length);
  const rawFrom = now - defaultRetention.rawMs;
  for (let at = begin; at < now; at += at < rawFrom ? minuteMs : 5_000) {
    for (let index = 0; index < matrix.length; index += 1) matrix[index] = 50 + 40 * Math.sin(at / hourMs + index);
    metrics.append(at, matrix);
  }
  metrics.close();
}
