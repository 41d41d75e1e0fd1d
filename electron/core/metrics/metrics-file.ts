import { statSync } from 'node:fs';
import type { DatabaseHandle } from '../db/handle.ts';
import { metricSeries, hourMs, minuteMs, minutesAnHour } from './series.ts';
import type { MetricSeries } from './series.ts';
import type { History, HourOfMeans, Retention } from './messages.ts';
import { meansOf, minuteMeans } from './minute-means.ts';
import type { MinuteMeans } from './minute-means.ts';

/** One region's metrics on the disk. Synchronous: it lives in the worker. */
export interface MetricsFile {
  /** The nodes of the matrices from now on. */
  setNodes(nodes: readonly string[]): void;
  /** One transaction a tick; the first tick of an hour also writes the means of the hour before. */
  append(at: number, matrix: Float32Array): void;
  /** Everything since the minute one hour ago. */
  lastHour(now: number): HourOfMeans;
  history(node: string, from: number, to: number): History;
  setRetention(retention: Retention): void;
  sizeBytes(): number;
  close(): void;
}

const nodesAnHour = 2 ** 20;
const seriesText = JSON.stringify(metricSeries);

interface TickRow {
  readonly tick_at: number;
  readonly layout: number;
  readonly matrix: Uint8Array;
}

interface Layout {
  readonly id: number;
  readonly numbers: readonly number[];
  /** Which of our series each of its series is; -1 for one that is not kept any more. */
  readonly seriesOf: readonly number[];
}

export function metricsFile(
  database: DatabaseHandle,
  options: { readonly retention: Retention; readonly now: number },
): MetricsFile {
  const allNodes = database.prepare<{ number: number; id: string }>('SELECT number, id FROM nodes');
  const addNode = database.prepare('INSERT INTO nodes (id) VALUES (?)');
  const oneLayout = database.prepare<{ series: string; nodes: Uint8Array }>(
    'SELECT series, nodes FROM layouts WHERE id = ?',
  );
  const addLayout = database.prepare('INSERT INTO layouts (series, nodes) VALUES (?, ?)');
  const addTick = database.prepare('INSERT OR REPLACE INTO ticks (tick_at, layout, matrix) VALUES (?, ?, ?)');
  const ticksFrom = database.prepare<TickRow>(
    'SELECT tick_at, layout, matrix FROM ticks WHERE tick_at >= ? AND tick_at < ?',
  );
  const addMinutes = database.prepare('INSERT OR REPLACE INTO minutes (key, series, means) VALUES (?, ?, ?)');
  const oneHour = database.prepare<{ series: string; means: Uint8Array }>(
    'SELECT series, means FROM minutes WHERE key = ?',
  );
  const addHour = database.prepare('INSERT OR REPLACE INTO hours (hour_at) VALUES (?)');
  const unwritten = database.prepare<{ hour_at: number }>(
    `SELECT DISTINCT tick_at - tick_at % ${hourMs} AS hour_at FROM ticks
     WHERE tick_at < ? AND tick_at - tick_at % ${hourMs} NOT IN (SELECT hour_at FROM hours)`,
  );
  const dropTicks = database.prepare('DELETE FROM ticks WHERE tick_at < ?');
  const dropMinutes = database.prepare('DELETE FROM minutes WHERE key < ?');
  const dropHours = database.prepare('DELETE FROM hours WHERE hour_at < ?');
  const dropLayouts = database.prepare('DELETE FROM layouts WHERE id <> ? AND id NOT IN (SELECT layout FROM ticks)');

  const numbers = new Map(database.read(() => allNodes.all()).map(({ number, id }) => [id, number]));
  const layouts = new Map<number, Layout>();
  let retention = options.retention;
  let current: Layout | undefined;
  let nodes: readonly string[] = [];

  const layoutOf = (id: number): Layout | undefined => {
    const known = layouts.get(id);
    if (known !== undefined) return known;
    const row = oneLayout.get(id);
    if (row === undefined) return undefined;
    const layout: Layout = { id, numbers: [...new Uint32Array(copy(row.nodes))], seriesOf: seriesIndexes(row.series) };
    layouts.set(id, layout);
    return layout;
  };
  const accumulate = (means: MinuteMeans): MinuteMeans => {
    const end = means.startsAt + means.minutes * minuteMs;
    for (const row of ticksFrom.iterate(means.startsAt, end)) {
      const layout = layoutOf(row.layout);
      if (layout !== undefined)
        means.add(row.tick_at, layout.numbers, new Float32Array(copy(row.matrix)), layout.seriesOf);
    }
    return means;
  };
  const hourFrom = (at: number): MinuteMeans => minuteMeans(at - (at % hourMs), metricSeries.length);
  const writeHour = (hour: MinuteMeans): void => {
    for (const [number, sums] of hour.nodes) {
      addMinutes.run(keyOf(hour.startsAt, number), seriesText, bytesOf(meansOf(sums)));
    }
    addHour.run(hour.startsAt);
    dropMinutes.run(keyOf(hour.startsAt - retention.minutesMs, 0));
    dropHours.run(hour.startsAt - retention.minutesMs);
    dropLayouts.run(current?.id ?? -1);
  };

  // Hours that ended while nobody watched are written now; the hour that is running goes on where it was.
  database.write(() => {
    for (const { hour_at: hourAt } of unwritten.all(options.now - (options.now % hourMs)))
      writeHour(accumulate(hourFrom(hourAt)));
  });
  let running = database.read(() => accumulate(hourFrom(options.now)));

  const chooseLayout = (): Layout => {
    if (current !== undefined) return current;
    const list = nodes.map((id) => {
      const known = numbers.get(id);
      return known ?? Number(addNode.run(id).lastInsertRowid);
    });
    const id = Number(addLayout.run(seriesText, bytesOf(Uint32Array.from(list))).lastInsertRowid);
    return { id, numbers: list, seriesOf: metricSeries.map((_, index) => index) };
  };

  return {
    setNodes: (list) => {
      nodes = list;
      current = undefined;
    },
    append: (at, matrix) => {
      let layout: Layout | undefined;
      const isNextHour = at - (at % hourMs) !== running.startsAt;
      database.write(() => {
        layout = chooseLayout();
        addTick.run(at, layout.id, bytesOf(matrix));
        // One tick comes, one goes: the file does not grow, and no hour ends with a long clean-up.
        dropTicks.run(at - retention.rawMs);
        if (isNextHour) writeHour(running);
      });
      if (layout === undefined) return;
      if (layout !== current) {
        current = layout;
        for (const [index, id] of nodes.entries()) numbers.set(id, layout.numbers[index] ?? 0);
        layouts.clear();
        layouts.set(layout.id, layout);
      }
      // A clock that was set back continues an hour that has ticks already; this one is among them.
      if (isNextHour) running = database.read(() => accumulate(hourFrom(at)));
      else running.add(at, layout.numbers, matrix, layout.seriesOf);
    },
    lastHour: (now) => {
      const minutes = minutesAnHour + 1;
      const startsAt = (Math.floor(now / minuteMs) - minutesAnHour) * minuteMs;
      const means = database.read(() => accumulate(minuteMeans(startsAt, metricSeries.length, minutes)));
      const stride = metricSeries.length * minutes;
      const ids = new Map([...numbers].map(([id, number]) => [number, id]));
      const known = [...means.nodes].filter(([number]) => ids.has(number));
      const sums = new Float32Array(known.length * stride);
      const counts = new Uint16Array(known.length * stride);
      for (const [index, [, node]] of known.entries()) {
        sums.set(node.sums, index * stride);
        counts.set(node.counts, index * stride);
      }
      const names = known.map(([number]) => ids.get(number) ?? '');
      return { firstMinute: startsAt / minuteMs, minutes, nodes: names, sums, counts };
    },
    history: (node, from, to) => {
      const startsAt = Math.floor(from / minuteMs) * minuteMs;
      const length = Math.max(0, Math.ceil((to - startsAt) / minuteMs));
      const values = emptyValues(length);
      const number = numbers.get(node);
      if (number === undefined) return { startsAt, stepMs: minuteMs, values };
      for (let hourAt = startsAt - (startsAt % hourMs); hourAt < to; hourAt += hourMs) {
        const offset = (hourAt - startsAt) / minuteMs;
        if (hourAt === running.startsAt) {
          const sums = running.nodes.get(number);
          if (sums) place(values, meansOf(sums), metricSeries, offset);
          continue;
        }
        const row = database.read(() => oneHour.get(keyOf(hourAt, number)));
        if (row) place(values, new Float32Array(copy(row.means)), parseSeries(row.series), offset);
      }
      return { startsAt, stepMs: minuteMs, values };
    },
    setRetention: (next) => {
      retention = next;
    },
    sizeBytes: () =>
      ['', '-wal'].reduce(
        (sum, suffix) => sum + (statSync(database.file + suffix, { throwIfNoEntry: false })?.size ?? 0),
        0,
      ),
    close: () => {
      database.close();
    },
  };
}

function keyOf(hourAt: number, number: number): number {
  return Math.floor(hourAt / hourMs) * nodesAnHour + number;
}

/** The bytes in a buffer of their own: what SQLite gives may begin anywhere, and typed arrays need their alignment. */
function copy(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function bytesOf(values: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function parseSeries(text: string): readonly string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}

function seriesIndexes(text: string): readonly number[] {
  return parseSeries(text).map((name) => metricSeries.findIndex((own) => own === name));
}

function emptyValues(length: number): Record<MetricSeries, Float32Array> {
  const empty = (): Float32Array => new Float32Array(length).fill(Number.NaN);
  return {
    cpuPercent: empty(),
    memoryUsedPercent: empty(),
    networkRxBitsPerSecond: empty(),
    networkTxBitsPerSecond: empty(),
    load1: empty(),
    diskReadBytesPerSecond: empty(),
    diskWrittenBytesPerSecond: empty(),
  };
}

/** Puts an hour's means `[series][minute]` into the span, at its offset in minutes (negative: the hour began before the span). */
function place(
  values: Record<MetricSeries, Float32Array>,
  means: Float32Array,
  series: readonly string[],
  offset: number,
): void {
  for (const name of metricSeries) {
    const row = series.indexOf(name);
    if (row < 0) continue;
    const target = values[name];
    for (let minute = 0; minute < minutesAnHour; minute++) {
      const value = means[row * minutesAnHour + minute];
      const index = offset + minute;
      if (value !== undefined && index >= 0 && index < target.length) target[index] = value;
    }
  }
}
