import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../../electron/core/ssh/backoff.ts';

test('the wait doubles from a second to a minute, and half of it is left to chance', () => {
  expect([1, 2, 3, 7, 50].map((attempt) => [retryDelayMs(attempt, 0), retryDelayMs(attempt, 0.999)])).toEqual([
    [500, 1_000],
    [1_000, 1_999],
    [2_000, 3_998],
    [30_000, 59_970],
    [30_000, 59_970],
  ]);
  fc.assert(
    fc.property(fc.nat(1_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const ms = retryDelayMs(attempt, random);
      expect(ms >= 500 && ms <= 60_000).toBe(true);
    }),
  );
});
