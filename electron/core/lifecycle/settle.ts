/** Two samples this far apart must agree before a bad word about a node is believed (status.md, Settling). */
export const settlingMs = 1000;

/**
 * When the unbroken row of samples that show something began. A sample is an answer, not a derivation: the same answer twice is one.
 * What was seen before our own write to the cluster does not count: a write itself makes nodes look stopped for a moment.
 */
export function seenSince(
  before: number | null,
  isSeen: boolean,
  sampleAt: number,
  ownWriteAt: number | null,
): number | null {
  if (!isSeen) return null;
  return before !== null && before >= (ownWriteAt ?? 0) && before <= sampleAt ? before : sampleAt;
}

/** True once two samples at least a second apart have shown it. */
export function isSettled(since: number | null, sampleAt: number): boolean {
  return since !== null && sampleAt - since >= settlingMs;
}
