import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { canHidePrograms, findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';
import { makeTestUser, type TestUser, whyNoTestUser } from '../../helpers/test-user.ts';

/** Told apart from the sleeps of any other run: `pgrep` sees the whole machine. */
const unlikelySeconds = 4_000 + Math.floor(Math.random() * 1_000_000);

const cannot =
  findSshd() === undefined
    ? 'there is no sshd'
    : (whyNoTestUser() ?? (existsSync('/usr/bin/sudo') ? undefined : 'there is no sudo'));
const soon = { deadlineMs: 20_000 };
const asRoot = { script: 'id -u; echo "$PATH $LC_ALL $1"', args: ["it's"], privilege: 'root' } as const;
const rootsAnswer = "0\n/usr/sbin:/usr/bin:/sbin:/bin C it's\n";

describe.skipIf(cannot !== undefined)(
  `root rights for a login that is not root${cannot === undefined ? '' : ` (skipped: ${cannot})`}`,
  () => {
    let user: TestUser;
    let daemon: Sshd;
    beforeAll(async () => {
      user = makeTestUser();
      daemon = await startSshd({ config: ['UsePAM yes', 'PasswordAuthentication yes'] });
    });
    afterAll(async () => {
      await daemon.close();
      user.remove();
    });
    beforeEach(() => user.allowSudo(undefined));

    function open(known: Parameters<typeof memorySecrets>[0] = {}, log?: (line: string) => void) {
      const secrets = memorySecrets(known);
      const pool = poolFor([daemon], { secrets, ...(log === undefined ? {} : { log }) });
      onTestFinished(() => pool.close());
      return { pool, secrets, connect: () => pool.acquire(targetOf(daemon, { user: user.name }), {}) };
    }

    test('where sudo asks for no password, none is asked for', async () => {
      user.allowSudo('USER ALL=(ALL) NOPASSWD: ALL');
      const { connect, secrets } = open();
      const connection = await connect();
      expect((await connection.run(asRoot, soon)).stdout).toBe(rootsAnswer);
      const shell = await connection.openShell();
      expect((await shell.run(asRoot, soon)).stdout).toBe(rootsAnswer);
      expect((await shell.run({ script: 'id -un', privilege: 'none' }, soon)).stdout).toBe(`${user.name}\n`);
      expect((await shell.run({ script: 'exit 4', privilege: 'root' }, soon)).exitStatus).toBe(4);
      expect(secrets.asked).toEqual([]);
    });

    test('with sudo’s password, which is written only after sudo’s own prompt', async () => {
      user.allowSudo('USER ALL=(ALL) ALL');
      const { connect } = open({ 'sudo-password': user.password });
      const connection = await connect();
      expect((await connection.run(asRoot, soon)).stdout).toBe(rootsAnswer);
      // The second time too: rights that sudo remembers must not leave the password to the shell as a command.
      expect((await connection.run({ script: 'cat', privilege: 'root' }, soon)).stdout).toBe('');
      const shell = await connection.openShell();
      for (let time = 0; time < 3; time += 1) expect((await shell.run(asRoot, soon)).stdout).toBe(rootsAnswer);
    });

    test('the login’s own password serves where no other is kept for sudo', async () => {
      user.allowSudo('USER ALL=(ALL) ALL');
      const { connect } = open({ password: user.password });
      expect((await (await connect()).run(asRoot, soon)).stdout).toBe(rootsAnswer);
    });

    test('a password that is not known is asked for, with whose it is', async () => {
      user.allowSudo('USER ALL=(ALL) ALL');
      const { connect } = open();
      const problem = await problemFrom((await connect()).run(asRoot, soon));
      expect([problem.code, problem.evidence]).toEqual([
        'sudo-password-needed',
        { kind: 'secret', secret: 'sudo-password', scope: 'test', user: user.name, host: daemon.address },
      ]);
    });

    test('R22: a wrong password is told, and not given a second time', async () => {
      user.allowSudo('USER ALL=(ALL) ALL');
      const { connect, pool } = open({ 'sudo-password': 'wrong' });
      const connection = await connect();
      expect((await problemFrom(connection.run(asRoot, soon))).code).toBe('sudo-password-wrong');
      const began = performance.now();
      expect((await problemFrom(connection.run(asRoot, soon))).code).toBe('sudo-password-wrong');
      // PAM answers a wrong password slowly; an answer at once is one that never asked.
      expect(performance.now() - began).toBeLessThan(500);
      await expect
        .poll(() => pool.stats(), { timeout: 10_000 })
        .toEqual({ connections: 1, channels: 0, handshakes: 0 });
    });

    test('a login that is not in sudoers is told so, whether a password is known or not', async () => {
      const withPassword = await problemFrom(
        (await open({ 'sudo-password': user.password }).connect()).run(asRoot, soon),
      );
      expect(withPassword.code).toBe('sudo-not-permitted');
      // sudo -n says the same for both cases, so without a password the question comes first.
      const without = await problemFrom((await open().connect()).run(asRoot, soon));
      expect(without.code).toBe('sudo-password-needed');
    });

    test('a login that may run only some commands is told that a root shell is not permitted', async () => {
      user.allowSudo('USER ALL=(ALL) NOPASSWD: /usr/bin/true');
      const problem = await problemFrom((await open({ 'sudo-password': user.password }).connect()).run(asRoot, soon));
      expect(problem.code).toBe('sudo-not-permitted');
    });

    test('R21: a root command that hangs is ended at its deadline, and the connection lives on', async () => {
      user.allowSudo('USER ALL=(ALL) NOPASSWD: ALL');
      const { connect, pool } = open();
      const connection = await connect();
      const hung = await problemFrom(
        connection.run({ script: `sleep ${unlikelySeconds}`, privilege: 'root' }, { deadlineMs: 1_000 }),
      );
      expect(hung.code).toBe('command-timed-out');
      await expect.poll(() => pool.stats().channels, { timeout: 6_000 }).toBe(0);
      const gone = await connection.run(
        { script: `pgrep -f "^sleep ${unlikelySeconds}" || echo gone`, privilege: 'none' },
        soon,
      );
      expect([gone.stdout, pool.stats().connections]).toEqual(['gone\n', 1]);
    });

    test('R26: the secrets are in no log of ours, in no process’s arguments and in no word of a problem', async () => {
      user.allowSudo('USER ALL=(ALL) ALL');
      const seen: string[] = [];
      const watching = setInterval(() => seen.push(allArguments()), 5);
      const lines: string[] = [];
      const secrets = memorySecrets({ password: user.password, 'sudo-password': user.password });
      const pool = poolFor([daemon], { secrets, log: (line) => lines.push(line) });
      onTestFinished(() => pool.close());
      const target = targetOf(daemon, { user: user.name, methods: [{ kind: 'password' }] });
      const connection = await pool.acquire(target, {});
      await connection.run(asRoot, soon);
      const shell = await connection.openShell();
      await shell.run({ script: 'sleep 0.2', privilege: 'root' }, soon);
      user.allowSudo(undefined);
      const refused = await problemFrom((await open({ 'sudo-password': user.password }).connect()).run(asRoot, soon));
      clearInterval(watching);
      expect(lines.join('\n')).toContain(`connected to ${user.name}@`);
      expect(seen.join('\n')).toContain('sudo -k -S -p');
      for (const text of [lines.join('\n'), seen.join('\n'), JSON.stringify(refused), daemon.log()])
        expect(text.includes(user.password)).toBe(false);
    });
  },
);

/** The arguments of every process of this machine, as `ps` would show them to anybody. */
function allArguments(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .join('\n');
}

describe.skipIf(cannot !== undefined || !canHidePrograms())('a machine without sudo', () => {
  test('is told apart from one that refuses it', async () => {
    const user = makeTestUser();
    onTestFinished(() => user.remove());
    // In a mount namespace of its own this sshd sees a /usr/bin whose sudo was taken away.
    const daemon = await startSshd({ without: ['/usr/bin/sudo'] });
    onTestFinished(() => daemon.close());
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon, { user: user.name }), {});
    expect((await problemFrom(connection.run(asRoot, soon))).code).toBe('sudo-missing');
  });
});
