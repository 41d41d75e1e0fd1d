/**
 * How long to wait before attempt number `attempt` (1 = first retry), in milliseconds: doubling from 1 s to 60 s, of which a random
 * half is cut ("equal jitter"), so that the nodes of a region that was cut off do not all come back in the same second.
 * `random`: 0 (inclusive) to 1 (exclusive).
 */
export function retryDelayMs(attempt: number, random: number): number {
  const full = Math.min(60_000, 1_000 * 2 ** Math.max(0, attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}
