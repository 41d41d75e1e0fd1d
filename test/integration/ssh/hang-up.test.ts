import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import ssh2 from 'ssh2';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, startSshd } from '../../helpers/sshd.ts';
import { makeTestUser, whyNoTestUser } from '../../helpers/test-user.ts';

const { Server } = ssh2;

describe.skipIf(findSshd() === undefined || whyNoTestUser() !== undefined)('a machine that hangs up at a login', () => {
  test('an account that has expired: who was logging in, how, and where to look', async () => {
    const user = makeTestUser();
    onTestFinished(() => user.remove());
    execFileSync('chage', ['-E', '0', user.name]);
    const daemon = await startSshd({ config: ['UsePAM yes', 'PasswordAuthentication yes'] });
    onTestFinished(() => daemon.close());
    const pool = poolFor([daemon], { secrets: memorySecrets({ password: user.password }) });
    onTestFinished(() => pool.close());
    const problem = await problemFrom(
      pool.acquire(targetOf(daemon, { user: user.name, methods: [{ kind: 'password' }] }), {}),
    );
    expect(problem.message).toContain(`while ${user.name} was logging in (tried: password)`);
    expect(problem.advice).toContain(`chage -l ${user.name}`);
  });

  test('R22: a password at which it hangs up each time is sent three times at most, until it is entered anew', async () => {
    const daemon = await startSshd();
    onTestFinished(() => daemon.close());
    const passwords: string[] = [];
    const server = new Server({ hostKeys: [readFileSync(daemon.keyFile)] }, (client) => {
      const { _sock: socket } = client as unknown as { readonly _sock: Socket };
      client.on('error', () => undefined);
      client.on('authentication', (attempt) => {
        if (attempt.method === 'password') {
          passwords.push(attempt.password);
          socket.destroy();
        } else attempt.reject(['password']);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const [type = '', keyBase64 = ''] = readFileSync(`${daemon.keyFile}.pub`, 'utf8').split(' ');
    const pool = poolFor([{ ...daemon, address: '127.0.0.1', port, hostKeys: [{ type, keyBase64 }] }], {
      secrets: memorySecrets({ password: 'wrong' }),
    });
    onTestFinished(() => pool.close());
    const target = targetOf(daemon, { host: '127.0.0.1', port, methods: [{ kind: 'password' }] });
    const codes: string[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) codes.push((await problemFrom(pool.acquire(target, {}))).code);
    expect(passwords).toEqual(['wrong', 'wrong', 'wrong']);
    expect(codes.slice(-2)).toEqual(['authentication-failed', 'authentication-failed']);
  });
});
