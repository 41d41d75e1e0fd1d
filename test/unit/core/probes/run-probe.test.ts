import { describe, expect, it } from 'vitest';
import { ProblemError, type ProblemCode } from '#shared/problems.ts';
import { parsedValue, type Probe } from '../../../../electron/core/probes/probe.ts';
import type { SectionChannel } from '../../../../electron/core/ssh/sections.ts';
import { runProbe } from '../../../../electron/core/probes/run-probe.ts';

const probe: Probe<string> = {
  id: 'example',
  command: { script: 'id -u', privilege: 'root' },
  deadlineMs: 1_000,
  parse: (output) => parsedValue(output.withoutRootBecause ?? output.stdout),
};

/** A node that refuses root with a problem, and runs what asks for no root. */
function refusing(code: ProblemCode): SectionChannel & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    run(command) {
      asked.push(command.privilege);
      if (command.privilege === 'root') {
        return Promise.reject(new ProblemError({ code, message: 'no', advice: 'none' }));
      }
      return Promise.resolve({ exitStatus: 0, stdout: '1000\n', stderr: '', durationMs: 1 });
    },
  };
}

describe('runProbe', () => {
  it.each([
    ['sudo-missing', 'sudo is not installed'],
    ['sudo-password-needed', 'password that this laptop does not have'],
    ['sudo-password-wrong', 'did not accept the password'],
    ['sudo-not-permitted', 'may not use sudo'],
  ] as const)('asks again without root where sudo refuses (%s) and says what is needed', async (code, words) => {
    const node = refusing(code);
    const parsed = await runProbe(node, probe);
    expect(node.asked).toEqual(['root', 'none']);
    expect(parsed).toEqual({ kind: 'value', value: expect.stringContaining(words) as string });
  });

  it.each(['command-timed-out', 'connection-lost'] as const)(
    'lets a problem of the way through as it came: %s',
    async (code) => {
      await expect(runProbe(refusing(code), probe)).rejects.toMatchObject({ problem: { code } });
    },
  );
});
