import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSafetyTimer } from '../../../../../electron/core/operations/force/safety-timer.ts';
import { nodeId } from '../../../../../shared/model/ids.ts';
import { problemOf } from '../../../../../shared/problems.ts';

const timerMs = 30_000;
const nodes = [nodeId('member:c1'), nodeId('member:c2'), nodeId('member:c3')] as const;

type Act =
  | { readonly kind: 'arm'; readonly node: number }
  | { readonly kind: 'disarm' | 'require' | 'spend'; readonly node: number; readonly token: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The laptop's clock is set, by a person or by NTP; or it slept. */
  | { readonly kind: 'set-clock'; readonly ms: number };

const node = fc.nat(nodes.length - 1);
/** How many were armed after it. */
const token = fc.nat(4);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('arm' as const), node }),
  fc.record({ kind: fc.constantFrom('disarm' as const, 'require' as const, 'spend' as const), node, token }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 10_000, timerMs - 1, timerMs) }),
  fc.record({ kind: fc.constant('set-clock' as const), ms: fc.integer({ min: -1e12, max: 1e12 }) }),
);

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'passed';
  } catch (error) {
    return problemOf(error)?.code ?? 'a bug';
  }
};

test('R10: whatever is armed, replayed, sent for another node or set on the clock, a token passes only after its own whole time, once', () => {
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['Date'] });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40, size: 'max' }), (acts) => {
      let monotonic = 5000;
      let wall = 0;
      const timer = createSafetyTimer(() => monotonic, timerMs);
      const tokens: { readonly token: string; readonly node: number; readonly at: number; isDead: boolean }[] = [];
      for (const one of acts) {
        if (one.kind === 'wait') monotonic += one.ms;
        else if (one.kind === 'set-clock') vi.setSystemTime((wall = Math.abs(wall + one.ms) % 4e12));
        else if (one.kind === 'arm') {
          for (const old of tokens) if (old.node === one.node) old.isDead = true;
          const made = timer.arm(nodes[one.node] ?? nodes[0], `shown ${tokens.length}`);
          expect(tokens.every((other) => other.token !== made)).toBe(true);
          tokens.push({ token: made, node: one.node, at: monotonic, isDead: false });
        } else {
          const known = tokens.at(-1 - one.token);
          const sent = known?.token ?? 'made up';
          const on = nodes[one.node] ?? nodes[0];
          const isGood = known !== undefined && !known.isDead && known.node === one.node;
          const expected = !isGood ? 'token-used' : monotonic - known.at < timerMs ? 'timer-running' : 'passed';
          if (one.kind === 'disarm') {
            timer.disarm(on, sent);
            if (isGood) known.isDead = true;
          } else if (one.kind === 'require') {
            expect(codeOf(() => timer.require(on, sent))).toBe(expected);
          } else {
            expect(codeOf(() => timer.spend(on, sent))).toBe(expected);
            if (expected === 'passed' && known !== undefined) known.isDead = true;
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('R10: a token is worth what was shown when it was armed, and the last millisecond counts', () => {
  let now = 0;
  const timer = createSafetyTimer(() => now);
  const made = timer.arm(nodes[0], 'as it was');
  now = 29_999;
  expect(codeOf(() => timer.spend(nodes[0], made))).toBe('timer-running');
  now = 30_000;
  expect(timer.require(nodes[0], made)).toBe('as it was');
  expect(codeOf(() => timer.spend(nodes[0], made))).toBe('passed');
  expect(codeOf(() => timer.require(nodes[0], made))).toBe('token-used');
});

test('R10: a start that comes too early says how long it still runs, and does not start it anew', () => {
  let now = 0;
  const timer = createSafetyTimer(() => now);
  const made = timer.arm(nodes[1], '');
  now = 10_500;
  expect(() => timer.spend(nodes[1], made)).toThrow('The safety timer runs for 20 s more.');
  now = 30_000;
  expect(codeOf(() => timer.spend(nodes[1], made))).toBe('passed');
});

test('R10: a token cannot be guessed: 128 random bits', () => {
  const timer = createSafetyTimer(() => 0);
  const made = new Set(Array.from({ length: 100 }, () => timer.arm(nodes[0], '')));
  expect(made.size).toBe(100);
  for (const one of made) expect(one).toMatch(/^[0-9a-f]{32}$/u);
});
