/** One look at the heap after a collection. */
export interface HeapLook {
  /** UTC ms. */
  readonly at: number;
  readonly bytes: number;
}

const eightHoursMs = 8 * 3_600_000;
const minuteMs = 60_000;

/**
 * By how many bytes the heap would grow in eight hours (R30): the straight line of least squares through the second half of the looks, the
 * lowest of each minute, because what is under way at a moment is no growth. `undefined`: too few looks.
 */
export function growthInEightHours(looks: readonly HeapLook[]): number | undefined {
  const [first, last] = [looks[0]?.at ?? 0, looks.at(-1)?.at ?? 0];
  const late = looks.filter(({ at }) => at >= (first + last) / 2);
  const lowest = [...Map.groupBy(late, ({ at }) => Math.floor((at - first) / minuteMs)).values()].flatMap(
    (ofMinute) => ofMinute.toSorted((a, b) => a.bytes - b.bytes)[0] ?? [],
  );
  const slope = slopeOf(lowest.length < 4 ? late : lowest);
  return slope === undefined ? undefined : slope * eightHoursMs;
}

function slopeOf(looks: readonly HeapLook[]): number | undefined {
  if (looks.length < 3) return undefined;
  const mean = (pick: (look: HeapLook) => number): number =>
    looks.reduce((sum, one) => sum + pick(one), 0) / looks.length;
  const [at, bytes] = [mean((one) => one.at), mean((one) => one.bytes)];
  const spread = looks.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  return spread === 0 ? undefined : looks.reduce((sum, one) => sum + (one.at - at) * (one.bytes - bytes), 0) / spread;
}
