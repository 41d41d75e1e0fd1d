import type { NodeId } from '#shared/model/ids.ts';
import type { NodeTrends } from '#shared/model/node.ts';
import type { HourOfMeans } from './messages.ts';
import { metricSeries, minuteMs, minutesAnHour } from './series.ts';
import type { MetricSeries } from './series.ts';

/** One sample of many nodes: `values[series][i]` belongs to `nodes[i]`; NaN, or a series left out, is a value that was not read. */
export interface MetricsTick {
  /** UTC ms. */
  readonly at: number;
  readonly nodes: readonly NodeId[];
  readonly values: Readonly<Partial<Record<MetricSeries, Float32Array>>>;
}

/** The last hour of every node in memory, as sums and counts a minute: bounded by the number of nodes, whatever the cadence. */
export interface Ring {
  record(tick: MetricsTick): void;
  /** Adds what was kept on the disk before this start. */
  load(hour: HourOfMeans): void;
  /** One point a minute, the last one the minute of `now` as far as it has come; nodes of which nothing is recorded are left out. */
  trends(nodes: readonly NodeId[], now: number): readonly NodeTrends[];
  readonly size: number;
}

const slots = minutesAnHour + 1;
const width = metricSeries.length * slots;

interface NodeHour {
  lastMinute: number;
  readonly sums: Float32Array;
  readonly counts: Uint16Array;
}

export function createRing(): Ring {
  const hours = new Map<string, NodeHour>();
  let sweptMinute = 0;

  const hourOf = (node: string, minute: number): NodeHour => {
    let hour = hours.get(node);
    if (hour === undefined) {
      hour = { lastMinute: minute, sums: new Float32Array(width), counts: new Uint16Array(width) };
      hours.set(node, hour);
    }
    advance(hour, minute);
    return hour;
  };

  return {
    record: ({ at, nodes, values }) => {
      const minute = Math.floor(at / minuteMs);
      for (const [index, node] of nodes.entries()) {
        const hour = hourOf(node, minute);
        for (const [series, name] of metricSeries.entries()) {
          const value = values[name]?.[index];
          if (value === undefined || Number.isNaN(value)) continue;
          const slot = series * slots + (minute % slots);
          hour.sums[slot] = (hour.sums[slot] ?? 0) + value;
          hour.counts[slot] = (hour.counts[slot] ?? 0) + 1;
        }
      }
      if (minute === sweptMinute) return;
      sweptMinute = minute;
      for (const [node, { lastMinute }] of hours) if (minute - lastMinute > slots) hours.delete(node);
    },
    load: ({ firstMinute, minutes, nodes, sums, counts }) => {
      const stride = metricSeries.length * minutes;
      for (const [index, node] of nodes.entries()) {
        for (let minute = 0; minute < minutes; minute++) {
          const at = firstMinute + minute;
          const known = hours.get(node);
          if (known !== undefined && at <= known.lastMinute - slots) continue;
          const hour = hourOf(node, Math.max(at, known?.lastMinute ?? at));
          for (let series = 0; series < metricSeries.length; series++) {
            const from = index * stride + series * minutes + minute;
            const slot = series * slots + (at % slots);
            hour.sums[slot] = (hour.sums[slot] ?? 0) + (sums[from] ?? 0);
            hour.counts[slot] = (hour.counts[slot] ?? 0) + (counts[from] ?? 0);
          }
        }
      }
    },
    trends: (nodes, now) => {
      const end = Math.floor(now / minuteMs);
      return nodes.flatMap((id): readonly NodeTrends[] => {
        const hour = hours.get(id);
        if (hour === undefined) return [];
        const points = (series: MetricSeries): readonly (number | null)[] => pointsOf(hour, series, end);
        return [
          {
            id,
            endsAt: end * minuteMs,
            stepMs: minuteMs,
            cpuPercent: points('cpuPercent'),
            memoryUsedPercent: points('memoryUsedPercent'),
            networkRxBitsPerSecond: points('networkRxBitsPerSecond'),
            networkTxBitsPerSecond: points('networkTxBitsPerSecond'),
          },
        ];
      });
    },
    get size() {
      return hours.size;
    },
  };
}

/** Empties the slots of the minutes that begin; a clock that was set back by more than the ring holds begins it anew. */
function advance(hour: NodeHour, minute: number): void {
  const isOutside = minute <= hour.lastMinute - slots || minute - hour.lastMinute >= slots;
  if (isOutside) {
    hour.sums.fill(0);
    hour.counts.fill(0);
  } else {
    for (let next = hour.lastMinute + 1; next <= minute; next++) {
      for (let series = 0; series < metricSeries.length; series++) {
        hour.sums[series * slots + (next % slots)] = 0;
        hour.counts[series * slots + (next % slots)] = 0;
      }
    }
  }
  if (isOutside || minute > hour.lastMinute) hour.lastMinute = minute;
}

function pointsOf(hour: NodeHour, name: MetricSeries, end: number): readonly (number | null)[] {
  const points: (number | null)[] = Array.from({ length: minutesAnHour }, () => null);
  const base = metricSeries.indexOf(name) * slots;
  for (let index = 0; index < minutesAnHour; index++) {
    const minute = end - minutesAnHour + 1 + index;
    if (minute > hour.lastMinute || minute <= hour.lastMinute - slots) continue;
    const slot = base + (minute % slots);
    const count = hour.counts[slot] ?? 0;
    // Two decimals are more than a sparkline shows, and a third of the digits to send.
    if (count > 0) points[index] = Math.round(((hour.sums[slot] ?? 0) / count) * 100) / 100;
  }
  return points;
}
