import { spawn } from 'node:child_process';
import { existsSync, openSync, readdirSync, writeSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../../electron/core/db/database.ts';
import { createMetrics } from '../../../electron/core/metrics/metrics.ts';
import type { Metrics } from '../../../electron/core/metrics/metrics.ts';
import { metricsSchema } from '../../../electron/core/metrics/metrics-schema.ts';
import { metricSeries, minuteMs } from '../../../electron/core/metrics/series.ts';
import { nodeId } from '../../../shared/model/ids.ts';
import { temporaryFolder } from '../../unit/core/db/store-folder.ts';

const workerUrl = new URL('../../../electron/core/metrics/worker.ts', import.meta.url);
const start = 28_000_000 * minuteMs;
const a = nodeId('member:a');

function openMetrics(folder: string, options: { now?: () => number; url?: URL; notices?: string[] } = {}): Metrics {
  const metrics = createMetrics({
    file: join(folder, 'metrics.sqlite'),
    workerUrl: options.url ?? workerUrl,
    now: options.now ?? (() => start + 10 * minuteMs),
    onNotice: ({ message }) => options.notices?.push(message),
  });
  onTestFinished(async () => metrics.close());
  return metrics;
}

test('sparklines survive a restart: the last hour is loaded back from the disk', async () => {
  const folder = temporaryFolder();
  const first = openMetrics(folder);
  for (let minute = 0; minute <= 10; minute++) {
    if (minute === 4) continue;
    first.record({ at: start + minute * minuteMs, nodes: [a], values: { cpuPercent: Float32Array.of(minute) } });
  }
  const before = first.trends([a], start + 10 * minuteMs);
  expect(before[0]?.cpuPercent.slice(-11)).toEqual([0, 1, 2, 3, null, 5, 6, 7, 8, 9, 10]);
  await first.close();
  const second = openMetrics(folder);
  await second.ready();
  expect(second.trends([a], start + 10 * minuteMs)).toEqual(before);
  const { values } = await second.history(a, start, start + 11 * minuteMs);
  expect([...values.cpuPercent]).toEqual([0, 1, 2, 3, Number.NaN, 5, 6, 7, 8, 9, 10]);
  expect(await second.sizeBytes()).toBeGreaterThan(10_000);
});

test('a worker that dies is reported and started again, and what is in memory stays', async () => {
  const notices: string[] = [];
  const metrics = openMetrics(temporaryFolder(), {
    url: new URL('crashing-worker.ts', import.meta.url),
    notices,
  });
  await metrics.ready();
  metrics.record({ at: start, nodes: [a], values: { cpuPercent: Float32Array.of(5) } });
  await vi.waitFor(() => expect(notices[0]).toMatch(/a bug in the worker/), 5000);
  expect(metrics.trends([a], start)[0]?.cpuPercent.at(-1)).toBe(5);
  await metrics.ready();
  const { values } = await metrics.history(a, start, start + minuteMs);
  expect([...values.cpuPercent]).toEqual([5]);
});

test('R28: metrics whose pages were zeroed are set aside and begun anew while the program runs on', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'metrics.sqlite');
  const notices: string[] = [];
  const first = openMetrics(folder);
  const nodes = Array.from({ length: 300 }, (_, index) => nodeId(`n${index}`));
  for (let tick = 0; tick < 50; tick++) {
    first.record({ at: start + tick, nodes, values: { cpuPercent: new Float32Array(300).fill(tick) } });
  }
  await first.close();
  const handle = openSync(file, 'r+');
  for (let at = 4096; at < statSync(file).size; at += 4096) writeSync(handle, Buffer.alloc(4096), 0, 4096, at);
  closeSync(handle);
  const second = openMetrics(folder, { notices });
  await vi.waitFor(async () => {
    await second.ready();
    expect(notices.join()).toMatch(/was damaged .* and was rebuilt/);
  }, 8000);
  second.record({ at: start + 99, nodes: [a], values: { cpuPercent: Float32Array.of(7) } });
  await vi.waitFor(async () => {
    const { values } = await second.history(a, start, start + minuteMs);
    expect([...values.cpuPercent]).toEqual([7]);
  }, 8000);
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1);
});

test(
  'R28: metrics killed in the middle of ticks hold no partial tick, and every one that was written',
  { timeout: 60_000 },
  async () => {
    for (let round = 0; round < 6; round++) {
      const folder = temporaryFolder();
      const file = join(folder, 'metrics.sqlite');
      const child = spawn(process.execPath, [join(import.meta.dirname, 'metrics-child.ts'), file, '15', '500'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let last = 0;
      child.stdout.on('data', (text: Buffer) => {
        last = Number(text.toString().trim().split('\n').at(-1));
      });
      await vi.waitFor(() => expect(last).toBeGreaterThan(3), { timeout: 15_000, interval: 20 });
      await sleep(20 + Math.random() * 300);
      const ended = new Promise((resolve) => {
        child.on('close', resolve);
      });
      child.kill('SIGKILL');
      await ended;
      expect(existsSync(`${file}-wal`)).toBe(true);
      const notices: string[] = [];
      const database = openDatabase({
        file,
        schema: { ...metricsSchema, check: 'full' },
        name: 'metrics',
        backups: folder,
        quarantine: folder,
        now: () => start,
        relief: () => false,
        onNotice: ({ message }) => notices.push(message),
      });
      const ticks = database
        .prepare<{ number: number; bytes: number }>(
          'SELECT tick_at - (SELECT min(tick_at) FROM ticks) + 1 AS number, length(matrix) AS bytes FROM ticks ORDER BY tick_at',
        )
        .all();
      database.close();
      expect(notices).toEqual([]);
      expect(ticks.map(({ number }) => number)).toEqual(ticks.map((_, index) => index + 1));
      expect(new Set(ticks.map(({ bytes }) => bytes))).toEqual(new Set([metricSeries.length * 500 * 4]));
      expect(ticks.length).toBeGreaterThanOrEqual(last);
    }
  },
);

test('R30: eight hours of 200 nodes every 5 s leave the memory of the main thread where it was', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const metrics = openMetrics(temporaryFolder());
  const nodes = Array.from({ length: 200 }, (_, index) => nodeId(`member:node${index}`));
  const hour = async (number: number): Promise<void> => {
    for (let tick = 0; tick < 720; tick++) {
      const values = Object.fromEntries(metricSeries.map((name) => [name, new Float32Array(200).fill(tick)]));
      metrics.record({ at: start + number * 60 * minuteMs + tick * 5000, nodes, values });
      if (tick % 60 === 0) {
        metrics.trends(nodes, start + number * 60 * minuteMs + tick * 5000);
        // Its answer comes after the ticks before it.
        await metrics.sizeBytes();
      }
    }
  };
  await hour(0);
  const before = used();
  for (let number = 1; number < 8; number++) await hour(number);
  expect(used() - before).toBeLessThan(5 * 1024 * 1024);
  const at = start + 3 * 60 * minuteMs;
  const { values } = await metrics.history(nodes[7]!, at, at + 60 * minuteMs);
  expect([...values.cpuPercent]).toEqual(Array.from({ length: 60 }, (_, minute) => minute * 12 + 5.5));
});
