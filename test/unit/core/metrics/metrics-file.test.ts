import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../../electron/core/db/database.ts';
import { metricsFile } from '../../../../electron/core/metrics/metrics-file.ts';
import type { MetricsFile } from '../../../../electron/core/metrics/metrics-file.ts';
import { metricsSchema } from '../../../../electron/core/metrics/metrics-schema.ts';
import { hourMs, metricSeries, minuteMs } from '../../../../electron/core/metrics/series.ts';
import { temporaryFolder } from '../db/store-folder.ts';

const start = 480_000 * hourMs;
const retention = { rawMs: 2 * hourMs, minutesMs: 5 * hourMs };

function openFile(folder: string, now: number): MetricsFile {
  const database = openDatabase({
    file: join(folder, 'metrics.sqlite'),
    schema: metricsSchema,
    name: 'metrics',
    backups: join(folder, 'backups'),
    quarantine: join(folder, 'quarantine'),
    now: () => now,
    relief: () => false,
    onNotice: () => undefined,
  });
  const file = metricsFile(database, { retention, now });
  onTestFinished(() => {
    file.close();
  });
  return file;
}

/** A matrix in which each value is `cpu` for the first series and not read for the others. */
function matrix(...cpu: number[]): Float32Array {
  const values = new Float32Array(metricSeries.length * cpu.length).fill(Number.NaN);
  values.set(cpu);
  return values;
}

test('an hour that ends is kept as means a minute, and the hour that runs is read beside it', () => {
  const file = openFile(temporaryFolder(), start);
  file.setNodes(['a', 'b']);
  for (let minute = 0; minute < 65; minute++) {
    file.append(start + minute * minuteMs, matrix(minute, Number.NaN));
    file.append(start + minute * minuteMs + 30_000, matrix(minute + 2, 1));
  }
  const { values, startsAt } = file.history('a', start + 58 * minuteMs, start + 66 * minuteMs);
  expect(startsAt).toBe(start + 58 * minuteMs);
  expect([...values.cpuPercent]).toEqual([59, 60, 61, 62, 63, 64, 65, Number.NaN]);
  expect([...file.history('b', start, start + minuteMs).values.cpuPercent]).toEqual([1]);
  expect([...file.history('nobody', start, start + minuteMs).values.cpuPercent]).toEqual([Number.NaN]);
});

test('a restart in the middle of an hour, or hours later, loses no minute of what was written', () => {
  const folder = temporaryFolder();
  const first = openFile(folder, start);
  first.setNodes(['a']);
  for (let minute = 0; minute < 30; minute++) first.append(start + minute * minuteMs, matrix(minute));
  first.close();
  const second = openFile(folder, start + 30 * minuteMs);
  second.setNodes(['b', 'a']);
  for (let minute = 30; minute < 40; minute++) second.append(start + minute * minuteMs, matrix(0, minute));
  second.close();
  const later = start + 3 * hourMs + 10 * minuteMs;
  const third = openFile(folder, later);
  expect([...third.history('a', start, start + 40 * minuteMs).values.cpuPercent]).toEqual(
    Array.from({ length: 40 }, (_, minute) => minute),
  );
  expect(third.lastHour(later).nodes).toEqual([]);
});

test('the last hour comes back for each node with its counts', () => {
  const folder = temporaryFolder();
  const first = openFile(folder, start);
  first.setNodes(['a', 'b']);
  first.append(start, matrix(10, Number.NaN));
  first.append(start + 5000, matrix(20, 3));
  first.close();
  const hour = openFile(folder, start + 6000).lastHour(start + 6000);
  expect({
    ...hour,
    sums: [...hour.sums].filter((sum) => sum > 0),
    counts: [...hour.counts].filter((n) => n > 0),
  }).toEqual({
    firstMinute: start / minuteMs - 60,
    minutes: 61,
    nodes: ['a', 'b'],
    sums: [30, 3],
    counts: [2, 1],
  });
});

test('what is older than its retention is dropped, and the file stops growing', () => {
  const folder = temporaryFolder();
  const nodes = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const cpu = nodes.map((_, index) => index);
  /** Records these hours and answers the file's size once it is closed, without its log. */
  const record = (from: number, to: number): number => {
    const file = openFile(folder, start + from * hourMs);
    file.setNodes(nodes);
    for (let minute = from * 60; minute < to * 60; minute++) file.append(start + minute * minuteMs, matrix(...cpu));
    file.close();
    return statSync(join(folder, 'metrics.sqlite')).size;
  };
  const early = record(0, 9);
  const late = record(9, 17);
  expect(late).toBeLessThan(early * 1.15);
  const file = openFile(folder, start + 17 * hourMs);
  expect([...file.history('n7', start, start + minuteMs).values.cpuPercent]).toEqual([Number.NaN]);
  const kept = start + 15 * hourMs;
  expect([...file.history('n7', kept, kept + minuteMs).values.cpuPercent]).toEqual([7]);
  expect(file.sizeBytes()).toBeGreaterThanOrEqual(late);
});
