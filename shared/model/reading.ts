/**
 * A value with its freshness (R29). Freshness belongs to each value: no row, page or region is fresh as a whole.
 *
 * - `known`: `value` was read at `readAt` (UTC ms) and is read again every `intervalMs`; `because` says why it was not read
 *   again when that is known. Whether it is old is a question of now: `isOld`.
 * - `unknown`: never read, or what was read could not be believed; `because` completes "not known, because …".
 * - `none`: the question does not apply to this node (a candidate has no VM memory).
 */
export type Reading<T> =
  | {
      readonly kind: 'known';
      readonly value: T;
      readonly readAt: number;
      readonly intervalMs: number;
      readonly because?: string;
    }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'none' };

/** A value that was just read. */
export function known<T>(value: T, readAt: number, intervalMs: number): Reading<T> {
  return { kind: 'known', value, readAt, intervalMs };
}

/** A value that could not be read; `because` completes "not known, because …". */
export function unknown(because: string): Reading<never> {
  return { kind: 'unknown', because };
}

/** The question does not apply. */
export const none: Reading<never> = { kind: 'none' };

/** True once two of its own intervals have passed since it was read. */
export function isOld(reading: Reading<unknown>, now: number): boolean {
  return reading.kind === 'known' && now - reading.readAt > 2 * reading.intervalMs;
}

/** The value of a known reading, old or not; `undefined` else. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.kind === 'known' ? reading.value : undefined;
}

/** The same reading with its value changed; unknown and none stay what they are. */
export function mapReading<T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> {
  return reading.kind === 'known' ? { ...reading, value: change(reading.value) } : reading;
}
