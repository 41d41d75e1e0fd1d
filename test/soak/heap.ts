/** One look at the heap after a collection. */
export interface HeapLook {
  /** UTC ms. */
  readonly at: number;
  readonly bytes: number;
}

const eightHoursMs = 8 * 3_600_000;
/** What is under way at a moment only adds, so the lowest of a bin is nearest to what is kept. */
const binMs = 120_000;

/** The share of the run in which the app becomes what it is. */
const warmUp = 1 / 6;

/** A growth in eight hours, bytes, and its standard error: what is under way at a moment makes each look too high by chance. */
export interface Growth {
  readonly bytes: number;
  readonly errorBytes: number;
}

/**
 * By how much the heap would grow in eight hours (R30): the straight line of least squares through the looks after the warm-up, the lowest of
 * each two minutes. `undefined`: too few looks. The error falls with the run's length to the power of one and a half.
 */
export function growthInEightHours(looks: readonly HeapLook[]): Growth | undefined {
  const [first, last] = [looks[0]?.at ?? 0, looks.at(-1)?.at ?? 0];
  const late = looks.filter(({ at }) => at >= first + (last - first) * warmUp);
  const lowest = lowestOfBins(late);
  return line(lowest.length < 4 ? late : lowest);
}

/** The lowest look of each two minutes. */
export function lowestOfBins(looks: readonly HeapLook[]): readonly HeapLook[] {
  const first = looks[0]?.at ?? 0;
  return [...Map.groupBy(looks, ({ at }) => Math.floor((at - first) / binMs)).values()].map((bin) =>
    bin.reduce((lowest, look) => (look.bytes < lowest.bytes ? look : lowest)),
  );
}

function line(looks: readonly HeapLook[]): Growth | undefined {
  if (looks.length < 3) return undefined;
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const [at, bytes] = [mean(looks.map((one) => one.at)), mean(looks.map((one) => one.bytes))];
  const spread = sum(looks.map((one) => (one.at - at) ** 2));
  if (spread === 0) return undefined;
  const slope = sum(looks.map((one) => (one.at - at) * (one.bytes - bytes))) / spread;
  const misses = sum(looks.map((one) => (one.bytes - bytes - slope * (one.at - at)) ** 2));
  const error = Math.sqrt(misses / (looks.length - 2) / spread);
  return { bytes: slope * eightHoursMs, errorBytes: error * eightHoursMs };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
