import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Problem, ProblemError } from '#shared/problems.ts';
import { memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, makeKey, type Sshd, startSshd } from '../../helpers/sshd.ts';
import { makeTestUser, type TestUser, whyNoTestUser } from '../../helpers/test-user.ts';

describe.skipIf(findSshd() === undefined)('logging in with a key', () => {
  let daemon: Sshd;
  let folder: string;
  beforeAll(async () => {
    daemon = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'rackside-keys-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await daemon.close();
  });

  /** A copy of the daemon's key under a passphrase. */
  function lockedKey(passphrase: string): string {
    const file = join(folder, `locked-${Math.random().toString(36).slice(2)}`);
    execFileSync('cp', [daemon.keyFile, file]);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', file]);
    return file;
  }

  test('a key with a passphrase is opened once for many connections', async () => {
    const keyFile = lockedKey('open sesame');
    const secrets = memorySecrets({ passphrase: 'open sesame' });
    const pool = poolFor([daemon], { secrets });
    onTestFinished(() => pool.close());
    const targets = ['a', 'b', 'c', 'd'].map((secretScope) =>
      targetOf(daemon, { methods: [{ kind: 'private-key', keyFile }], secretScope }),
    );
    const held = await Promise.all(targets.map((target) => pool.acquire(target, {})));
    expect([pool.stats().connections, secrets.asked]).toEqual([4, ['passphrase']]);
    for (const connection of held) connection.release();
  });

  test('R25: a passphrase that the keychain keeps and does not give is asked for', async () => {
    const locked = new ProblemError({ code: 'keychain-unavailable', message: 'It is locked.', advice: 'Unlock it.' });
    const pool = poolFor([daemon], { secrets: { get: () => Promise.reject(locked) } });
    onTestFinished(() => pool.close());
    const target = targetOf(daemon, { methods: [{ kind: 'private-key', keyFile: lockedKey('open sesame') }] });
    expect((await problemFrom(pool.acquire(target, {}))).code).toBe('passphrase-needed');
  });

  test.each([
    ['an unknown passphrase is asked for, with the file it opens', {}, 'passphrase-needed'],
    ['a wrong passphrase has its own words', { passphrase: 'guess' }, 'passphrase-wrong'],
  ] as const)('%s', async (_name, known, code) => {
    const keyFile = lockedKey('open sesame');
    const pool = poolFor([daemon], { secrets: memorySecrets(known) });
    onTestFinished(() => pool.close());
    const problem = await problemFrom(
      pool.acquire(targetOf(daemon, { methods: [{ kind: 'private-key', keyFile }] }), {}),
    );
    expect([problem.code, problem.evidence]).toEqual([
      code,
      { kind: 'secret', secret: 'passphrase', scope: 'test', user: daemon.user, host: daemon.address, keyFile },
    ]);
  });

  test.each([
    ['a missing key file', () => join(folder, 'none')],
    ['a file that is no key', () => garbage()],
    ['a public key', () => `${daemon.keyFile}.pub`],
  ] as const)('%s is named as unreadable', async (_name, keyFile) => {
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const target = targetOf(daemon, { methods: [{ kind: 'private-key', keyFile: keyFile() }] });
    const problem = await problemFrom(pool.acquire(target, {}));
    expect(problem.code).toBe('private-key-unreadable');
  });

  function garbage(): string {
    const file = join(folder, 'garbage');
    writeFileSync(file, 'this is not a key\n');
    return file;
  }

  test('a refused key says what was tried and what the server offers', async () => {
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const keyFile = makeKey(folder, 'stranger');
    const problem = await problemFrom(
      pool.acquire(targetOf(daemon, { methods: [{ kind: 'private-key', keyFile }] }), {}),
    );
    expect(problem.code).toBe('authentication-failed');
    expect(problem.message).toContain(`Tried: private key ${keyFile}. The server offers: publickey.`);
  });

  test('a method that fails gives way to the next one in its order', async () => {
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const methods = [
      { kind: 'agent', socketPath: join(folder, 'no-agent') },
      { kind: 'private-key', keyFile: join(folder, 'none') },
      { kind: 'password' },
      { kind: 'private-key', keyFile: daemon.keyFile },
    ] as const;
    const connection = await pool.acquire(targetOf(daemon, { methods }), {});
    connection.release();
  });

  test('every usual kind of key logs in', async () => {
    for (const type of ['ed25519', 'ecdsa', 'rsa']) {
      const keyFile = makeKey(folder, `own-${type}`, type);
      execFileSync('sh', ['-c', 'cat "$1.pub" >>"$2"', 'sh', keyFile, join(daemon.folder, 'authorized_keys')]);
      const pool = poolFor([daemon]);
      const connection = await pool.acquire(targetOf(daemon, { methods: [{ kind: 'private-key', keyFile }] }), {});
      expect(connection.hostKey.type).toBe('ssh-ed25519');
      pool.close();
    }
  });
});

const cannot = findSshd() === undefined ? 'there is no sshd' : whyNoTestUser();

describe.skipIf(cannot !== undefined)(
  `logging in as an account with a password${cannot === undefined ? '' : ` (skipped: ${cannot})`}`,
  () => {
    let user: TestUser;
    let byPassword: Sshd;
    let byConversation: Sshd;
    beforeAll(async () => {
      user = makeTestUser();
      byPassword = await startSshd({ config: ['UsePAM yes', 'PasswordAuthentication yes'] });
      byConversation = await startSshd({ config: ['UsePAM yes', 'KbdInteractiveAuthentication yes'] });
    });
    afterAll(async () => {
      await byPassword.close();
      await byConversation.close();
      user.remove();
    });
    const asUser = (daemon: Sshd, kind: 'password' | 'keyboard-interactive') =>
      targetOf(daemon, { user: user.name, methods: [{ kind }] });

    test('a password logs in', async () => {
      const pool = poolFor([byPassword], { secrets: memorySecrets({ password: user.password }) });
      onTestFinished(() => pool.close());
      const connection = await pool.acquire(asUser(byPassword, 'password'), {});
      const { stdout } = await connection.run({ script: 'id -un', privilege: 'none' }, { deadlineMs: 10_000 });
      expect(stdout).toBe(`${user.name}\n`);
    });

    test('a password that is not known is asked for', async () => {
      const pool = poolFor([byPassword]);
      onTestFinished(() => pool.close());
      const problem = await problemFrom(pool.acquire(asUser(byPassword, 'password'), {}));
      expect([problem.code, problem.evidence]).toEqual([
        'secret-needed',
        { kind: 'secret', secret: 'password', scope: 'test', user: user.name, host: byPassword.address },
      ]);
    });

    test('R25: a password that is kept, and that the keychain does not give, is asked for with that reason', async () => {
      const message = 'The keychain of this computer does not answer.';
      const locked = () =>
        Promise.reject(new ProblemError({ code: 'keychain-unavailable', message, advice: 'Unlock it.' }));
      const pool = poolFor([byPassword], { secrets: { get: locked } });
      onTestFinished(() => pool.close());
      const problem = await problemFrom(pool.acquire(asUser(byPassword, 'password'), {}));
      expect([problem.code, problem.evidence]).toEqual([
        'secret-needed',
        { kind: 'secret', secret: 'password', scope: 'test', user: user.name, host: byPassword.address },
      ]);
      expect(problem.message).toContain(`the one that is kept cannot be read. ${message}`);
    });

    test('R22: a wrong password is tried exactly once, and told as such', async () => {
      const pool = poolFor([byPassword], { secrets: memorySecrets({ password: 'wrong' }) });
      onTestFinished(() => pool.close());
      const problem = await problemFrom(pool.acquire(asUser(byPassword, 'password'), {}));
      expect(problem.code).toBe('authentication-failed');
      expect(problem.message).toContain('Tried: password.');
      expect(byPassword.log().match(/Failed password for/g)).toHaveLength(1);
    });

    test('keyboard-interactive: a lone password prompt is answered from the secrets', async () => {
      const pool = poolFor([byConversation], { secrets: memorySecrets({ password: user.password }) });
      onTestFinished(() => pool.close());
      (await pool.acquire(asUser(byConversation, 'keyboard-interactive'), {})).release();
    });

    test('R22: a password that was refused as such is not given a second time as an answer', async () => {
      const daemon = await startSshd({
        config: ['UsePAM yes', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication yes'],
      });
      onTestFinished(() => daemon.close());
      const pool = poolFor([daemon], { secrets: memorySecrets({ password: 'wrong' }) });
      onTestFinished(() => pool.close());
      const methods = [{ kind: 'password' }, { kind: 'keyboard-interactive' }] as const;
      const problem = await problemFrom(pool.acquire(targetOf(daemon, { user: user.name, methods }), {}));
      expect([problem.code, problem.message.includes('Tried: password, keyboard-interactive.')]).toEqual([
        'authentication-failed',
        true,
      ]);
      // PAM counts each wrong answer, and locks the account after a few.
      expect(
        daemon.log().match(/Failed password for|PAM: Authentication failure|Failed keyboard-interactive/g),
      ).toEqual(['Failed password for']);
    });

    /** The question of a server, which the pool could not answer from its secrets. */
    async function asked(daemon: Sshd, pool: ReturnType<typeof poolFor>) {
      const problem: Problem = await problemFrom(pool.acquire(asUser(daemon, 'keyboard-interactive'), {}));
      if (problem.evidence?.kind !== 'conversation') throw new Error(`no conversation: ${problem.code}`);
      return problem.evidence;
    }

    test('keyboard-interactive: a question ends the attempt, keeps no handshake waiting, and the answer continues it', async () => {
      const pool = poolFor([byConversation]);
      onTestFinished(() => pool.close());
      const question = await asked(byConversation, pool);
      expect(question.prompts).toEqual([{ prompt: 'Password: ', isEchoed: false }]);
      expect(pool.stats().handshakes).toBe(0);
      // Whoever connects meanwhile gets the same question, not a second login.
      expect((await asked(byConversation, pool)).conversationId).toBe(question.conversationId);
      await pool.answer(question.conversationId, [user.password]);
      expect(pool.stats().connections).toBe(1);
      const connection = await pool.acquire(asUser(byConversation, 'keyboard-interactive'), {});
      expect(pool.stats().connections).toBe(1);
      connection.release();
    });

    test('keyboard-interactive: a wrong answer ends with a problem or the same question again', async () => {
      const pool = poolFor([byConversation]);
      onTestFinished(() => pool.close());
      const question = await asked(byConversation, pool);
      const problem = await problemFrom(pool.answer(question.conversationId, ['wrong']));
      expect(['answers-needed', 'authentication-failed']).toContain(problem.code);
    });

    test('keyboard-interactive: a question that nobody answers in time is over', async () => {
      const pool = poolFor([byConversation], { timings: { conversationMs: 200 } });
      onTestFinished(() => pool.close());
      const question = await asked(byConversation, pool);
      await sleep(400);
      expect((await problemFrom(pool.answer(question.conversationId, ['x']))).code).toBe('connection-timed-out');
    });
  },
);
