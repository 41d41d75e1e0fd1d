import { valueOf } from '#shared/model/reading.ts';
import type { RegionNode } from './region-node.ts';

/**
 * How far the clocks of these nodes are ahead of this laptop's, ms: the median of those that were read, so that one that is wrong decides
 * nothing; of two in the middle the one that is nearer to the laptop's own. `null`: none was.
 */
export function clocksAheadMs(nodes: readonly Pick<RegionNode, 'observation'>[]): number | null {
  const read = nodes.flatMap(({ observation }) => valueOf(observation.clockOffsetMs) ?? []).toSorted((a, b) => a - b);
  const [low, high] = [read[Math.floor((read.length - 1) / 2)], read[Math.floor(read.length / 2)]];
  if (low === undefined || high === undefined) return null;
  return Math.abs(low) < Math.abs(high) ? low : high;
}
