import { describe, expect, test } from 'vitest';
import { suspectLaptop } from '../../../../electron/core/lifecycle/region-suspect.ts';
import type { Reachability } from '../../../../shared/model/node.ts';
import type { ProblemCode } from '../../../../shared/problems.ts';
import { silentHost } from './replay.ts';
import { noon } from './situations.ts';

const silent = (since: number): Reachability => silentHost(since).reachability;
const reachable: Reachability = { kind: 'reachable', at: noon };
const untried: Reachability = { kind: 'not-tried', because: 'no address' };

describe('R22: the laptop’s own network is the first suspect', () => {
  test('R22: when every node that was tried fell silent at once', () => {
    expect(suspectLaptop([silent(noon), silent(noon + 9000), untried], noon + 20_000)).toBe(true);
  });
  test('R22: not of machines that answered and ask something, be it of every node at once', () => {
    const asking = (code: ProblemCode): Reachability => ({
      kind: 'unreachable',
      since: noon,
      problem: { code, message: 'asked', advice: 'answer' },
    });
    for (const code of ['secret-needed', 'host-key-unknown', 'authentication-failed', 'connection-refused'] as const)
      expect(suspectLaptop([asking(code), asking(code), asking(code)], noon)).toBe(false);
    expect(suspectLaptop([silent(noon), silent(noon), asking('secret-needed')], noon)).toBe(false);
  });
  test('R22: not while one answers, nor of one node alone, nor when they fell one after another', () => {
    expect(suspectLaptop([silent(noon), silent(noon), reachable], noon)).toBe(false);
    expect(suspectLaptop([silent(noon), untried], noon)).toBe(false);
    expect(suspectLaptop([silent(noon), silent(noon + 600_000)], noon + 600_000)).toBe(false);
    expect(suspectLaptop([], noon)).toBe(false);
  });
});
