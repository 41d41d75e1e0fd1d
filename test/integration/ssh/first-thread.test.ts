import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshPool } from '../../../electron/core/ssh/transport.ts';
import { poolFor, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';

describe.skipIf(findSshd() === undefined)('one connection to a real sshd', () => {
  let daemon: Sshd;
  let pool: SshPool;

  beforeAll(async () => {
    daemon = await startSshd();
    pool = poolFor([daemon]);
  });
  afterAll(async () => {
    pool.close();
    await daemon.close();
  });

  test('a command is told its arguments, and its streams and status come back apart', async () => {
    const connection = await pool.acquire(targetOf(daemon), {});
    const result = await connection.run(
      { script: 'printf %s "$1"; printf %s "$2" >&2; exit 3', args: [`it's $HOME`, 'second\nline'], privilege: 'none' },
      { deadlineMs: 5_000 },
    );
    expect({ ...result, durationMs: 0 }).toEqual({
      exitStatus: 3,
      stdout: "it's $HOME",
      stderr: 'second\nline',
      durationMs: 0,
    });
    connection.release();
  });

  test('a long shell runs one script after the other, each with the fixed PATH and language', async () => {
    const connection = await pool.acquire(targetOf(daemon), {});
    const shell = await connection.openShell();
    const script = 'echo "$PATH $LC_ALL $1"; exit 1';
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((arg) => shell.run({ script, args: [arg], privilege: 'none' }, { deadlineMs: 5_000 })),
    );
    expect(answers.map((answer) => answer.stdout)).toEqual(
      ['a', 'b', 'c'].map((arg) => `/usr/sbin:/usr/bin:/sbin:/bin C ${arg}\n`),
    );
    expect(pool.stats()).toEqual({ connections: 1, channels: 1, handshakes: 0 });
    connection.release();
    expect(pool.stats().connections).toBe(0);
  });
});
