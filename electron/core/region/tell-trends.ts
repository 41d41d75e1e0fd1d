import type { NodeId } from '#shared/model/ids.ts';
import type { MetricsTick } from '../metrics/ring.ts';
import { metricSeries, minuteMs } from '../metrics/series.ts';

/**
 * Decides when sparklines are told. All of them with the first tick of each minute, so that a minute is seen as soon as it is
 * over; a node's own with its first value, so that no line waits for the next minute. Pure but for what it remembers.
 *
 * @param tell `all`, or only these nodes.
 */
export function createTrendsTelling(tell: (nodes: 'all' | readonly NodeId[]) => void): (tick: MetricsTick) => void {
  let toldMinute: number | undefined;
  const begun = new Set<NodeId>();
  return ({ at, nodes, values }) => {
    const first = nodes.filter(
      (id, index) =>
        !begun.has(id) && metricSeries.some((series) => !Number.isNaN(values[series]?.[index] ?? Number.NaN)),
    );
    for (const id of first) begun.add(id);
    const minute = Math.floor(at / minuteMs);
    if (minute !== toldMinute) tell('all');
    else if (first.length > 0) tell(first);
    toldMinute = minute;
  };
}
