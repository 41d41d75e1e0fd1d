import { describe, expect, onTestFinished, test } from 'vitest';
import type { SshTarget } from '../../../electron/core/ssh/transport.ts';
import { memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';

async function loginTo(config: readonly string[], changes: Partial<SshTarget> = {}) {
  const daemon: Sshd = await startSshd({ config });
  onTestFinished(() => daemon.close());
  const pool = poolFor([daemon], { secrets: memorySecrets({ password: 'never sent' }) });
  onTestFinished(() => pool.close());
  return { pool, target: targetOf(daemon, changes) };
}
const echo = { script: 'echo here', privilege: 'none' } as const;

describe.skipIf(findSshd() === undefined)('a login that lets in and gives no shell', () => {
  test('says so with what the machine printed, and that nothing was run', async () => {
    const words = 'This account is currently not available.';
    const { pool, target } = await loginTo([`ForceCommand echo "${words}"; exit 1`]);
    const connection = await pool.acquire(target, {});
    const problem = await problemFrom(connection.run(echo, { deadlineMs: 10_000 }));
    expect(problem.code).toBe('no-shell');
    expect(problem.message).toContain(`it said “${words}”. Nothing was run there.`);
    expect(problem.advice).toContain('ForceCommand');
    expect((await problemFrom(connection.openShell())).code).toBe('no-shell');
  });

  test('one that ends without a word tells its exit status', async () => {
    const { pool, target } = await loginTo(['ForceCommand exit 3']);
    const problem = await problemFrom((await pool.acquire(target, {})).run(echo, { deadlineMs: 10_000 }));
    expect([problem.code, problem.message]).toEqual(['no-shell', expect.stringContaining('exit status 3')]);
  });

  test('one that takes longer than the command may: nothing was sent, so nothing can have taken effect', async () => {
    const { pool, target } = await loginTo(['ForceCommand sleep 5; exec /bin/sh']);
    const problem = await problemFrom((await pool.acquire(target, {})).run(echo, { deadlineMs: 600 }));
    expect([problem.code, problem.message]).toEqual([
      'command-timed-out',
      expect.stringMatching(/opened no shell within 0\.6 s; nothing was sent to it\.$/u),
    ]);
  });
});

test.skipIf(findSshd() === undefined)(
  'where none of the chosen ways is offered, the advice names one that is',
  async () => {
    const { pool, target } = await loginTo(['PasswordAuthentication no', 'KbdInteractiveAuthentication no'], {
      methods: [{ kind: 'password' }],
    });
    const problem = await problemFrom(pool.acquire(target, {}));
    expect([problem.code, problem.advice]).toEqual([
      'authentication-failed',
      'Choose a private key file or the SSH agent as the way to log in. Nothing is tried again by itself.',
    ]);
  },
);
