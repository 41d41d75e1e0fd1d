import type { FenceEvent } from '#shared/model/cluster.ts';
import { fenceLoop, newestFencing } from './fencing.ts';

const hourMs = 3_600_000;

/** A node that is fenced again and again (R18): three successful fencings within an hour. */
export interface FenceLoop {
  readonly count: number;
  /** UTC ms of the newest fencing. */
  readonly newestAt: number;
  readonly words: string;
  readonly isAcknowledged: boolean;
}

/**
 * The loop that these events (of one node) show, or `null`.
 * @param now UTC ms by the cluster's clock, which made the history.
 * @param acknowledgedUntil what `acknowledgeFenceLoop` gave; `null`: nobody has.
 */
export function fenceLoopOf(
  events: readonly FenceEvent[],
  now: number,
  acknowledgedUntil: number | null,
): FenceLoop | null {
  const count = fenceLoop(events, now);
  const newest = newestFencing(events);
  if (count === 0 || newest === undefined) return null;
  return {
    count,
    newestAt: newest.completedAt,
    words: `Fence loop: fenced ${count} times within an hour, last by ${newest.delegate}. It may well be fenced again as soon as it is back.`,
    isAcknowledged: acknowledgedUntil !== null && acknowledgedUntil >= newest.completedAt + hourMs,
  };
}

/** Until when this loop is acknowledged, UTC ms: as long as it is one, and no longer than until the node is fenced once more. */
export function acknowledgeFenceLoop({ newestAt }: FenceLoop): number {
  return newestAt + hourMs;
}
