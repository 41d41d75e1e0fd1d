import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, makeKey, type Sshd, startSshd } from '../../helpers/sshd.ts';

describe.skipIf(findSshd() === undefined)('logging in by an agent', () => {
  let daemon: Sshd;
  let folder: string;
  beforeAll(async () => {
    daemon = await startSshd();
    folder = mkdtempSync(join(tmpdir(), 'rackside-agents-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await daemon.close();
  });

  /** A real agent of this test alone, without keys. */
  function startAgent() {
    const socketPath = join(mkdtempSync(join(folder, 'agent-')), 'sock');
    const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: 'ignore' });
    onTestFinished(() => void agent.kill());
    const add = (...keyFiles: readonly string[]) =>
      execFileSync('ssh-add', ['-q', ...keyFiles], { env: { ...process.env, SSH_AUTH_SOCK: socketPath } });
    return { socketPath, add };
  }

  /** A real agent that holds eight keys, none of which logs in. */
  async function agentOfStrangers() {
    const agent = startAgent();
    const strangers = mkdtempSync(join(folder, 'strangers-'));
    const keyFiles = Array.from({ length: 8 }, (_, index) => makeKey(strangers, `stranger-${String(index)}`));
    await expect.poll(() => existsSync(agent.socketPath)).toBe(true);
    agent.add(...keyFiles);
    return agent;
  }

  test('a named key file is tried before the agent, whose many keys would use up the attempts of the server', async () => {
    const { socketPath } = await agentOfStrangers();
    const pool = poolFor([daemon], { agentSocket: socketPath });
    onTestFinished(() => pool.close());
    const methods = [{ kind: 'agent' }, { kind: 'private-key', keyFile: daemon.keyFile }] as const;
    (await pool.acquire(targetOf(daemon, { methods }), {})).release();
  });

  test('a named key whose passphrase only the agent knows is the first that the agent offers', async () => {
    const { socketPath, add } = await agentOfStrangers();
    const keyFile = join(folder, 'locked');
    copyFileSync(daemon.keyFile, keyFile);
    add(keyFile);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', keyFile]);
    const methods = [{ kind: 'private-key', keyFile }, { kind: 'agent' }] as const;
    const login = async () => {
      const pool = poolFor([daemon], { agentSocket: socketPath });
      onTestFinished(() => pool.close());
      (await pool.acquire(targetOf(daemon, { methods }), {})).release();
    };
    // The agent's ninth key: without its public half beside the file nobody knows which of them is meant.
    expect((await problemFrom(login())).code).toBe('passphrase-needed');
    copyFileSync(`${daemon.keyFile}.pub`, `${keyFile}.pub`);
    await login();
  });

  test('a key that was refused as a file is the last that the agent offers', async () => {
    const strict = await startSshd({ config: ['MaxAuthTries 2'] });
    onTestFinished(() => strict.close());
    const keyFile = makeKey(mkdtempSync(join(folder, 'refused-')), 'refused');
    const { socketPath, add } = startAgent();
    await expect.poll(() => existsSync(socketPath)).toBe(true);
    add(keyFile, strict.keyFile);
    const pool = poolFor([strict], { agentSocket: socketPath });
    onTestFinished(() => pool.close());
    const methods = [{ kind: 'private-key', keyFile }, { kind: 'agent' }] as const;
    (await pool.acquire(targetOf(strict, { methods }), {})).release();
  });

  test('an agent whose keys use up the attempts of the server is told as that, with what was not tried any more', async () => {
    const open = await startSshd({ config: ['PasswordAuthentication yes'] });
    onTestFinished(() => open.close());
    const { socketPath } = await agentOfStrangers();
    const pool = poolFor([open], { agentSocket: socketPath, secrets: memorySecrets({ password: 'a' }) });
    onTestFinished(() => pool.close());
    const keyFile = makeKey(mkdtempSync(join(folder, 'named-')), 'named');
    const methods = [
      { kind: 'agent' },
      { kind: 'private-key', keyFile: '/no/such/key' },
      { kind: 'private-key', keyFile },
      { kind: 'password' },
    ] as const;
    expect(await problemFrom(pool.acquire(targetOf(open, { methods }), {}))).toEqual({
      code: 'authentication-failed',
      message: `127.0.0.1 port ${String(open.port)} does not let ${open.user} in: the attempts that it allows (MaxAuthTries) were used up. The SSH agent holds 8 keys, and each one that is offered is an attempt. Tried: private key ${keyFile}, agent. Not tried any more: password. The private key /no/such/key cannot be read (ENOENT).`,
      advice:
        'Untick the agent and name the file of the one private key that this account accepts, or take the other keys out of the agent (ssh-add -d). Nothing is tried again by itself.',
    });
  });

  test('key files alone can use up the attempts of the server, too', async () => {
    const strict = await startSshd({ config: ['MaxAuthTries 2'] });
    onTestFinished(() => strict.close());
    const pool = poolFor([strict]);
    onTestFinished(() => pool.close());
    const own = mkdtempSync(join(folder, 'several-'));
    const keyFiles = ['a', 'b'].map((name) => makeKey(own, name));
    const methods = [...keyFiles, strict.keyFile].map((keyFile) => ({ kind: 'private-key' as const, keyFile }));
    const { message, advice } = await problemFrom(pool.acquire(targetOf(strict, { methods }), {}));
    expect(message).toContain(
      `Tried: ${keyFiles.map((file) => `private key ${file}`).join(', ')}. Not tried any more: private key ${strict.keyFile}.`,
    );
    expect(advice).toContain('Name only the private key that this account accepts.');
  });

  test('an agent logs in with the key it holds; without one, or with an empty one, that is said', async () => {
    const { socketPath, add } = startAgent();
    const pool = poolFor([daemon], { agentSocket: socketPath });
    onTestFinished(() => pool.close());
    const target = targetOf(daemon, { methods: [{ kind: 'agent' }] });
    await expect
      .poll(async () => (await problemFrom(pool.acquire(target, {}))).message)
      .toBe(`The SSH agent at ${socketPath} holds no keys.`);
    add(daemon.keyFile);
    (await pool.acquire(target, {})).release();
    const none = targetOf(daemon, { methods: [{ kind: 'agent', socketPath: join(folder, 'no') }] });
    expect((await problemFrom(pool.acquire(none, {}))).code).toBe('agent-unavailable');
  });
});
