import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ShellChannel, SshConnection, SshPool } from '../../../electron/core/ssh/transport.ts';
import { poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';

/** Told apart from the sleeps of any other run: `pgrep` sees the whole machine. */
const unlikelySeconds = 4_000 + Math.floor(Math.random() * 1_000_000);

const soon = { deadlineMs: 10_000 };

describe.skipIf(findSshd() === undefined)('a long shell', () => {
  let daemon: Sshd;
  let pool: SshPool;
  let connection: SshConnection;
  let shell: ShellChannel;
  beforeAll(async () => {
    daemon = await startSshd();
  });
  afterAll(() => daemon.close());
  beforeEach(async () => {
    pool = poolFor([daemon]);
    connection = await pool.acquire(targetOf(daemon), {});
    shell = await connection.openShell();
    onTestFinished(() => pool.close());
  });
  const sh = (script: string, ...args: string[]) => shell.run({ script, args, privilege: 'none' }, soon);

  test('a script can neither end the shell nor leave anything behind in it', async () => {
    for (const script of [
      'exit 7',
      'set -e; false; echo no',
      'cd /tmp; x=1; PATH=/nowhere',
      'trap "exit 1" 0; exec sleep 0',
      'return 3 2>/dev/null',
    ])
      await sh(script);
    const { stdout, exitStatus } = await sh('echo "${x-unset} $PATH"; pwd');
    expect(exitStatus).toBe(0);
    expect(stdout).toMatch(/^unset \/usr\/sbin:\/usr\/bin:\/sbin:\/bin\n/);
    expect(pool.stats().channels).toBe(1);
  });

  test('a script that sh cannot read fails alone', async () => {
    const broken = await sh('echo "never closed');
    expect(broken.exitStatus).not.toBe(0);
    expect(broken.stderr).not.toBe('');
    for (const script of ['if true; then', ')', "'", '$(', '} ; done', 'cat <<EOF\nno end'])
      expect(typeof (await sh(script)).exitStatus).toBe('number');
    expect((await sh('echo still here')).stdout).toBe('still here\n');
  });

  test('a script has no standard input, so it cannot eat the next one', async () => {
    const [first, second] = await Promise.all([sh('cat; read -r x; echo "end ${x-}"'), sh('echo next')]);
    expect([first.stdout, second.stdout]).toEqual(['end \n', 'next\n']);
  });

  test('output that looks like a mark, and bytes of every value, come through whole', async () => {
    const fake = await sh(
      `printf '%s:0;' 0123456789abcdef0123456789abcdef; printf '%s:0;' 0123456789abcdef0123456789abcdef >&2; exit 5`,
    );
    expect([fake.exitStatus, fake.stdout, fake.stderr]).toEqual([
      5,
      '0123456789abcdef0123456789abcdef:0;',
      '0123456789abcdef0123456789abcdef:0;',
    ]);
    const bytes = await sh('i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done');
    expect(Buffer.from(bytes.stdout).subarray(0, 128)).toEqual(Buffer.from(Array.from({ length: 128 }, (_v, i) => i)));
    expect((await sh('printf "ä日本🖧"')).stdout).toBe('ä日本🖧');
  });

  test('a status is told as the shell tells it, 128 + the number of a signal', async () => {
    expect((await sh("kill -KILL $(sh -c 'echo $PPID')")).exitStatus).toBe(137);
    expect((await sh('exit 255')).exitStatus).toBe(255);
  });

  test('eight megabytes come through, and more than was asked for ends the command, not the connection', async () => {
    const big = await sh('head -c 8388608 /dev/zero | tr "\\0" x');
    expect(big.stdout.length).toBe(8_388_608);
    const problem = await problemFrom(
      shell.run({ script: 'yes', privilege: 'none' }, { ...soon, maxOutputBytes: 100_000 }),
    );
    expect(problem.code).toBe('output-too-large');
    expect((await sh('echo again')).stdout).toBe('again\n');
    expect(pool.stats().connections).toBe(1);
  });

  test('a shell that was killed is opened again for the next command, and the one under way is told', async () => {
    expect((await problemFrom(sh('kill -KILL $$'))).code).toBe('connection-lost');
    expect((await sh('echo again')).stdout).toBe('again\n');
  });

  test('what a login shell prints at its start is in no answer', async () => {
    const noisy = await startSshd({
      config: ['ForceCommand echo noise; echo noise >&2; eval "$SSH_ORIGINAL_COMMAND"'],
    });
    onTestFinished(() => noisy.close());
    const other = poolFor([noisy]);
    onTestFinished(() => other.close());
    const held = await other.acquire(targetOf(noisy), {});
    const { stdout, stderr } = await held.run({ script: 'echo clean', privilege: 'none' }, soon);
    expect([stdout, stderr]).toEqual(['clean\n', '']);
  });

  test('a followed command tells its lines as they come, until it ends or is closed', async () => {
    const lines: string[] = [];
    const ended = Promise.withResolvers<Error | undefined>();
    await connection.follow(
      { script: 'echo one; sleep 0.1; printf "two\\nthr"; sleep 0.1; echo "ee $1"', args: ['x'], privilege: 'none' },
      (line) => lines.push(line),
      ended.resolve,
    );
    expect([await ended.promise, lines]).toEqual([undefined, ['one', 'two', 'three x']]);

    const endless: string[] = [];
    let ends = 0;
    const following = await connection.follow(
      { script: 'while :; do echo tick; sleep 0.05; done', privilege: 'none' },
      (line) => endless.push(line),
      () => (ends += 1),
    );
    await expect.poll(() => endless.length).toBeGreaterThan(2);
    following.close();
    await expect.poll(() => pool.stats().channels).toBe(1);
    expect(ends).toBe(1);
  });

  test('what is followed, or under way in a shell that is closed, ends with it even when it is silent', async () => {
    const following = await connection.follow(
      { script: `sleep ${unlikelySeconds}`, privilege: 'none' },
      () => undefined,
      () => undefined,
    );
    const second = await connection.openShell();
    const running = problemFrom(
      second.run({ script: `sleep ${unlikelySeconds}`, privilege: 'none' }, { deadlineMs: 60_000 }),
    );
    await expect.poll(async () => (await sh(`pgrep -fc "^sleep ${unlikelySeconds}"`)).stdout).toBe('2\n');
    following.close();
    second.close();
    expect((await running).code).toBe('connection-lost');
    await expect
      .poll(async () => (await sh(`pgrep -fc "^sleep ${unlikelySeconds}"`)).stdout, { timeout: 5_000 })
      .toBe('0\n');
    expect(pool.stats().connections).toBe(1);
  });
});
