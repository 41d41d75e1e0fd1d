import { assert as checkAll, nat, property, string } from 'fast-check';
import { expect } from 'vitest';
import type { Probe, ProbeOutput } from '../../../../electron/core/probes/probe.ts';

/** Feeds a parser what a hung, broken or hostile node may send: nothing it sends may make a parser throw. */
export function expectToSurviveGarbage(probe: Probe<unknown>, good: ProbeOutput): void {
  const expectUnknown = (output: ProbeOutput) => {
    const parsed = probe.parse(output);
    expect(parsed.kind).toBe('unknown');
    if (parsed.kind === 'unknown') expect(parsed.because).toMatch(/\w/);
  };
  expectUnknown({ ...good, stdout: '', stderr: '' });
  expectUnknown({ ...good, stdout: '', stderr: 'sh: not found\n', exitStatus: 127 });
  // An answer that broke off anywhere is not believed.
  checkAll(
    property(nat(good.stdout.length - 2), (length) => {
      expectUnknown({ ...good, stdout: good.stdout.slice(0, length) });
    }),
    { numRuns: 30 },
  );
  checkAll(
    property(string({ unit: 'binary', maxLength: 60 }), (stdout) =>
      expectUnknown({ ...good, stdout, stderr: stdout, exitStatus: null }),
    ),
    { numRuns: 30 },
  );
  // Damage inside a frame that is whole: a value or a reason, never a throw.
  checkAll(
    property(nat(good.stdout.length), string({ unit: 'binary', maxLength: 20 }), (at, noise) => {
      const stdout = good.stdout.slice(0, at) + noise + good.stdout.slice(at + noise.length);
      expect(['value', 'unknown']).toContain(probe.parse({ ...good, stdout }).kind);
    }),
    { numRuns: 150 },
  );
}
