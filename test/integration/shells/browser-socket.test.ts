import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { CallEnvelope } from '#shared/contract/contract.ts';
import { socketClose, socketPath, socketProtocol } from '#shared/contract/socket.ts';
import type { BrowserShellOptions } from '../../../electron/shell/browser/start.ts';
import type { Handlers } from '../../../electron/ipc/handlers/call.ts';
import { callNames } from '../../helpers/shells/handlers.ts';
import { connectClient, ending, enter, openSocket } from '../../helpers/shells/page.ts';
import type { LetIn, TestClient } from '../../helpers/shells/page.ts';
import { startTestShell } from '../../helpers/shells/shell.ts';
import type { TestShell } from '../../helpers/shells/shell.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close();
});

async function start(
  handlers: Partial<Handlers>,
  options: Partial<BrowserShellOptions> = {},
): Promise<TestShell & { readonly page: LetIn; readonly client: TestClient }> {
  const shell = await startTestShell(handlers, options);
  opened.push(shell);
  const page = await enter(shell.shell.freshUrl());
  const client = await connectClient(page);
  opened.push(client);
  return { ...shell, page, client };
}

const codeOf = (envelope: CallEnvelope): string => (envelope.ok ? 'ok' : envelope.problem.code);
const notice = (id: string, size = 0) => ({ id, level: 'info', message: 'x'.repeat(size), advice: '', at: 0 }) as const;

/** Somebody of this machine without a cookie, who is upgraded, told to go, and says nothing any more. */
function silentStranger(port: number): { readonly answer: Promise<string>; readonly ended: Promise<unknown> } {
  const own = `127.0.0.1:${String(port)}`;
  const socket = connect(port, '127.0.0.1');
  opened.push({ close: () => socket.destroy() });
  socket.write(
    [
      `GET ${socketPath} HTTP/1.1`,
      `Host: ${own}`,
      `Origin: http://${own}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Sec-WebSocket-Protocol: ${socketProtocol}`,
      '\r\n',
    ].join('\r\n'),
  );
  return {
    answer: once(socket, 'data').then(([chunk]) => String(chunk)),
    ended: once(socket, 'close'),
  };
}

describe('who may open a socket', () => {
  test('a foreign Host or Origin, or none, is refused before the upgrade', async () => {
    const { page } = await start({});
    const own = `127.0.0.1:${String(page.port)}`;
    expect(await ending(openSocket(page, { host: 'evil.example' }))).toMatchObject({ status: 421 });
    expect(await ending(openSocket(page, { origin: 'http://evil.example' }))).toMatchObject({ status: 403 });
    const { body } = await ending(openSocket(page, { origin: `https://${own}` }));
    expect(JSON.parse(body ?? '')).toMatchObject({ problem: { code: 'foreign-origin' } });
    expect(await ending(openSocket(page, { origin: null }))).toMatchObject({ status: 400 });
  });

  test('without the cookie, or without the secret, a socket is closed as unauthenticated and answers nothing', async () => {
    const { page } = await start({});
    const wrongs = [
      { cookie: null },
      { cookie: `${page.cookie.split('=')[0] ?? ''}=wrong` },
      { protocols: [socketProtocol] },
      { protocols: [socketProtocol, 'rackside-secret.wrong'] },
      { protocols: [socketProtocol, page.secret] },
    ];
    for (const wrong of wrongs) {
      const socket = openSocket(page, wrong);
      const messages: unknown[] = [];
      socket.on('message', (data) => messages.push(data));
      socket.on('open', () => {
        socket.send(JSON.stringify({ kind: 'call', id: '1', name: 'app.info', input: {} }));
      });
      expect(await ending(socket)).toEqual({ code: socketClose.unauthenticated });
      expect(messages).toEqual([]);
    }
  });

  test('strangers that do not go take no page’s place: eight at a time, each hung up on', async () => {
    const { page, client } = await start(
      { 'app.info': () => ({}) as never },
      { limits: { maxSockets: 2, strangerMs: 300 } },
    );
    const strangers = Array.from({ length: 8 }, () => silentStranger(page.port));
    for (const { answer } of strangers) expect(await answer).toContain('101 Switching Protocols');
    expect(await silentStranger(page.port).answer).toContain('400 Refused');
    const second = await connectClient(page);
    opened.push(second);
    expect(codeOf(await client.call('app.info', {}))).toBe('ok');
    await Promise.all(strangers.map(({ ended }) => ended));
    expect(await silentStranger(page.port).answer).toContain('101 Switching Protocols');
  });

  test('a second tab with the same cookie and secret is another peer', async () => {
    const { page, shell } = await start({});
    const second = await connectClient(page);
    expect(shell.connections()).toBe(2);
    second.close();
    await expect.poll(() => shell.connections()).toBe(1);
  });
});

describe('what comes over a socket', () => {
  test('every call of the contract gets an envelope, whatever its input, and none hangs', async () => {
    const never = Object.fromEntries(callNames.map((name) => [name, () => null])) as unknown as Partial<Handlers>;
    const { client } = await start(never);
    const answers: CallEnvelope[] = [];
    // One input after the other: all at once are more than a page may ask.
    for (const input of [{}, null, { stray: 1 }]) {
      answers.push(...(await Promise.all(callNames.map((name) => client.call(name, input)))));
    }
    expect(answers).toHaveLength(callNames.length * 3);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['ok', 'invalid-input']));
    expect(callNames.length).toBeGreaterThan(20);
  });

  test('an unknown call, an input that does not fit, and a shape that is none are answered by their codes', async () => {
    const { client } = await start({});
    expect(codeOf(await client.call('no.such.call'))).toBe('unknown-call');
    expect(codeOf(await client.call('views.get', { key: 7 }))).toBe('invalid-input');
    const shapeless = client.send({ kind: 'call', id: 's1', name: 7 as unknown as string, input: {} });
    expect(codeOf(await shapeless)).toBe('invalid-input');
  });

  test('a bug hides its words and its stack', async () => {
    const { client, internal } = await start({
      'settings.get': () => {
        throw new Error('canary-91');
      },
    });
    const envelope = await client.call('settings.get');
    expect(codeOf(envelope)).toBe('internal');
    expect(JSON.stringify(envelope)).not.toMatch(/canary|stack|node:/u);
    expect(internal).toHaveLength(1);
  });

  test('a cancelled call gets one answer, and the cancellation none of its own', async () => {
    const { client } = await start({ 'regions.list': (_input, { signal }) => sleep(60_000, [], { signal }) });
    const answer = client.send({ kind: 'call', id: 'a', name: 'regions.list', input: {} });
    void client.send({ kind: 'cancel', id: 'a' });
    expect(codeOf(await answer)).toBe('cancelled');
    // The client throws at an answer that nobody waits for; one more round shows that none was on its way.
    expect(codeOf(await client.call('no.such.call'))).toBe('unknown-call');
  });

  test('a page that goes takes its calls with it', async () => {
    const aborted: string[] = [];
    const { client } = await start({
      'regions.list': (_input, { signal, peer }) => {
        signal.addEventListener('abort', () => aborted.push(peer.id));
        return sleep(60_000, [], { signal });
      },
    });
    void client.call('regions.list');
    void client.call('regions.list');
    await sleep(50);
    client.close();
    await expect.poll(() => aborted).toEqual(['socket-1', 'socket-1']);
  });

  test('a page has a limit of calls under way', async () => {
    const { client } = await start({ 'regions.list': (_input, { signal }) => sleep(60_000, [], { signal }) });
    const answers = Array.from({ length: 65 }, () => client.call('regions.list'));
    expect(codeOf(await answers[64]!)).toBe('too-many-requests');
  });

  test('an oversized message closes the socket, and the shell lives on', async () => {
    const { client, page } = await start({ 'app.dismissNotice': () => null });
    const closed = ending(client.socket);
    void client.call('app.dismissNotice', { id: 'x'.repeat(5 * 1024 * 1024) });
    expect(await closed).toEqual({ code: 1009 });
    const next = await connectClient(page);
    expect(codeOf(await next.call('app.dismissNotice', { id: 'x' }))).toBe('ok');
    next.close();
  });

  test('what is no JSON closes the socket with its reason', async () => {
    const { client } = await start({});
    const closed = ending(client.socket);
    client.socket.send('{not json');
    expect(await closed).toEqual({ code: socketClose.malformed });
  });
});

describe('events over a socket', () => {
  test('events arrive in order and without a gap', async () => {
    const { client, events } = await start({});
    for (const id of ['a', 'b', 'c']) events.publish('app.notice', notice(id));
    await expect.poll(() => client.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test('a page that reads too slowly loses events and sees a gap, by which it knows to ask for snapshots', async () => {
    const limits = { slowBytes: 256 * 1024 };
    const { client, events } = await start({ 'app.dismissNotice': () => null }, { limits });
    client.socket.pause();
    // Long enough for the kernel's buffers to be full, so that the shell feels that nobody reads.
    const most = 400;
    for (let index = 0; index < most; index += 1) {
      events.publish('app.notice', notice(String(index), 64 * 1024));
      if (index % 20 === 0) await sleep(5);
    }
    client.socket.resume();
    await expect.poll(() => client.events.at(-1)?.sequence, { timeout: 10_000 }).toBe(most);
    expect(client.events.length).toBeLessThan(most);
    events.publish('app.notice', notice('after'));
    await expect.poll(() => client.events.at(-1)?.sequence).toBe(most + 1);
    expect(codeOf(await client.call('app.dismissNotice', { id: 'x' }))).toBe('ok');
  });
});

test('closing the shell closes its sockets, so that nothing keeps the program alive', async () => {
  const { client, shell } = await start({});
  const closed = ending(client.socket);
  await shell.close();
  expect(await closed).toEqual({ code: 1001 });
});
