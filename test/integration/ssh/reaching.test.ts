import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSshPool } from '../../../electron/core/ssh/ssh-pool.ts';
import type { SshTarget } from '../../../electron/core/ssh/transport.ts';
import { memoryKnownHosts, memorySecrets, poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, freePort, type Sshd, startSshd } from '../../helpers/sshd.ts';

const timings = { connectMs: 700, handshakeMs: 3_000 };

/** A server that treats each connection as told, and its port. */
async function peer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function reach(host: string, port: number) {
  const pool = createSshPool({
    secrets: memorySecrets(),
    knownHosts: memoryKnownHosts(),
    knownHostsFiles: [],
    timings,
  });
  onTestFinished(() => pool.close());
  const target: SshTarget = { host, port, user: 'nobody', methods: [{ kind: 'password' }], jumps: [], secretScope: '' };
  return problemFrom(pool.acquire(target, {}));
}

describe('a machine that cannot be reached', () => {
  test('a name without an address', async () => {
    const problem = await reach('no-such-host.invalid', 22);
    expect(problem.code).toBe('address-not-found');
    expect(problem.message).toContain('no-such-host.invalid');
  });

  test('a port where nothing listens', async () => {
    const port = await freePort();
    const problem = await reach('127.0.0.1', port);
    expect([problem.code, problem.message.includes(`port ${port}`)]).toEqual(['connection-refused', true]);
  });

  test('an address no route leads to', async () => {
    expect((await reach('255.255.255.255', 22)).code).toBe('address-unreachable');
  });

  test('a machine that accepts and then says nothing', async () => {
    const port = await peer(() => undefined);
    const { code, message } = await reach('127.0.0.1', port);
    expect([code, message]).toEqual([
      'connection-timed-out',
      `127.0.0.1 port ${String(port)} did not answer on port ${String(port)}.`,
    ]);
  });

  test('a machine that greets and then says nothing is told as hung, not as switched off', async () => {
    const port = await peer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    const { code, message, advice } = await reach('127.0.0.1', port);
    expect([code, message]).toEqual([
      'connection-timed-out',
      `127.0.0.1 port ${String(port)} greeted (SSH-2.0-OpenSSH_9.2) and then hung: nothing more came in time.`,
    ]);
    expect(advice).not.toMatch(/powered on|firewall/);
  });

  test('a server of another kind that waits to be spoken to, with what it said', async () => {
    const port = await peer((socket) => socket.write('220 mail.example.org ESMTP\r\n'));
    const { code, message } = await reach('127.0.0.1', port);
    expect([code, message.includes('220 mail.example.org')]).toEqual(['not-an-ssh-server', true]);
  });

  test.skipIf(findSshd() === undefined)('a machine that hangs in the middle of the login is told as that', async () => {
    const daemon = await startSshd({ config: ['PasswordAuthentication yes'] });
    onTestFinished(() => daemon.close());
    const get = () => {
      // The host key is proven by then, and the password is about to be sent.
      daemon.freeze();
      return Promise.resolve('anything');
    };
    const pool = poolFor([daemon], { timings, secrets: { get } });
    onTestFinished(() => pool.close());
    const { code, message } = await problemFrom(
      pool.acquire(targetOf(daemon, { methods: [{ kind: 'password' }] }), {}),
    );
    expect([code, message]).toEqual([
      'connection-timed-out',
      expect.stringMatching(
        /greeted \(SSH-2\.0-OpenSSH_.*\) and then hung: the login did not come to an end in time\.$/,
      ),
    ]);
  });

  test('a server of another kind, with what it said', async () => {
    const port = await peer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const problem = await reach('127.0.0.1', port);
    expect([problem.code, problem.message.includes('HTTP/1.1 400')]).toEqual(['not-an-ssh-server', true]);
  });

  test('a server that talks without end and is no SSH server', async () => {
    const port = await peer((socket) => {
      socket.write('x'.repeat(300_000));
    });
    expect((await reach('127.0.0.1', port)).code).toMatch(/not-an-ssh-server|connection-timed-out/);
  });

  test('a machine that closes at once', async () => {
    const problem = await reach('127.0.0.1', await peer((socket) => socket.destroy()));
    expect([problem.code, problem.message.includes('without a word')]).toEqual(['connection-lost', true]);
  });

  test('a machine that has too many logins under way', async () => {
    const port = await peer((socket) => socket.end('Exceeded MaxStartups\r\n'));
    expect((await reach('127.0.0.1', port)).code).toBe('too-many-sessions');
  });

  test.skipIf(findSshd() === undefined)('a server with no secure method in common', async () => {
    const old = await startSshd({ config: ['KexAlgorithms diffie-hellman-group14-sha1'] });
    onTestFinished(() => old.close());
    const problem = await problemFrom(poolFor([old]).acquire(targetOf(old), {}));
    expect([problem.code, problem.message.includes('key exchange')]).toEqual(['no-common-algorithm', true]);
  });

  test('a connection that is cancelled, or takes longer than its caller waits', async () => {
    const port = await peer(() => undefined);
    const pool = createSshPool({ secrets: memorySecrets(), knownHosts: memoryKnownHosts(), knownHostsFiles: [] });
    onTestFinished(() => pool.close());
    const target: SshTarget = { host: '127.0.0.1', port, user: 'u', methods: [], jumps: [], secretScope: '' };
    const giveUp = new AbortController();
    const cancelled = problemFrom(pool.acquire(target, { signal: giveUp.signal }));
    const late = problemFrom(pool.acquire(target, { deadlineMs: 200 }));
    giveUp.abort();
    expect((await cancelled).code).toBe('cancelled');
    expect((await late).code).toBe('connection-timed-out');
    await expect.poll(() => pool.stats()).toEqual({ connections: 0, channels: 0, handshakes: 0 });
  });
});

describe.skipIf(findSshd() === undefined)('jump hosts', () => {
  let first: Sshd;
  let second: Sshd;
  let inner: Sshd;
  beforeAll(async () => {
    first = await startSshd({ addresses: ['127.0.0.2'] });
    second = await startSshd({ addresses: ['127.0.0.3'] });
    inner = await startSshd({ addresses: ['127.0.0.4'] });
  });
  afterAll(async () => {
    for (const daemon of [inner, second, first]) await daemon.close();
  });

  test('through two hops, whose connections are shared by all that go the same way and closed with the last', async () => {
    const pool = poolFor([first, second, inner]);
    onTestFinished(() => pool.close());
    const jumps = [targetOf(first), targetOf(second)];
    const held = await Promise.all(
      ['a', 'b', 'c'].map((secretScope) => pool.acquire(targetOf(inner, { jumps, secretScope }), {})),
    );
    expect(pool.stats()).toEqual({ connections: 5, channels: 0, handshakes: 0 });
    const { stdout } = await (held[0] ?? expect.unreachable()).run(
      { script: 'echo "$SSH_CONNECTION"', privilege: 'none' },
      { deadlineMs: 5_000 },
    );
    // The inner machine was spoken to by a hop: its address is the server's.
    expect(stdout).toContain(`127.0.0.4 ${inner.port}`);
    for (const connection of held) connection.release();
    await expect.poll(() => pool.stats().connections).toBe(0);
  });

  test('a hop that is gone is named, and so is a target that the hop cannot reach', async () => {
    const pool = poolFor([first, second, inner], { timings });
    onTestFinished(() => pool.close());
    const nothing = targetOf(second, { port: await freePort('127.0.0.3') });
    const gone = await problemFrom(pool.acquire(targetOf(inner, { jumps: [targetOf(first), nothing] }), {}));
    expect(gone.code).toBe('jump-host-failed');
    expect(gone.message).toMatch(/^Jump host 127\.0\.0\.3 port \d+ \(hop 2 of 2 on the way to 127\.0\.0\.4/);
    const behind = targetOf(inner, { port: await freePort('127.0.0.4'), jumps: [targetOf(first)] });
    const refused = await problemFrom(pool.acquire(behind, {}));
    expect([refused.code, refused.message.includes(`through the jump host 127.0.0.2 port ${first.port}`)]).toEqual([
      'connection-refused',
      true,
    ]);
    const unknown = await problemFrom(
      pool.acquire(targetOf(inner, { host: 'no-such-host.invalid', jumps: [targetOf(first)] }), {}),
    );
    expect(unknown.code).toBe('address-not-found');
    const nowhere = await problemFrom(
      pool.acquire(targetOf(inner, { host: '255.255.255.255', jumps: [targetOf(first)] }), {}),
    );
    expect([nowhere.code, nowhere.message.endsWith(' from there.')]).toEqual(['address-unreachable', true]);
  });

  test('a hop that forbids forwarding is named', async () => {
    const strict = await startSshd({ config: ['AllowTcpForwarding no'] });
    onTestFinished(() => strict.close());
    const pool = poolFor([strict, inner]);
    onTestFinished(() => pool.close());
    const problem = await problemFrom(pool.acquire(targetOf(inner, { jumps: [targetOf(strict)] }), {}));
    expect([problem.code, problem.message.includes('does not forward')]).toEqual(['jump-host-failed', true]);
  });

  test('when a hop is lost, what went through it is lost too, and comes back by a new connection', async () => {
    const hop = await startSshd({ addresses: ['127.0.0.5'] });
    const pool = poolFor([hop, inner]);
    onTestFinished(() => pool.close());
    const target = targetOf(inner, { jumps: [targetOf(hop)] });
    const connection = await pool.acquire(target, {});
    const closed = Promise.withResolvers<Error | undefined>();
    connection.onClosed(closed.resolve);
    await hop.close();
    expect(await closed.promise).toBeInstanceOf(Error);
    await expect.poll(() => pool.stats().connections).toBe(0);
    expect((await problemFrom(pool.acquire(target, {}))).code).toBe('jump-host-failed');
  });
});
