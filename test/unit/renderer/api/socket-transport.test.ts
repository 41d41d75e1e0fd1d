import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket as ServerSocket } from 'ws';
import type { RequestMessage, ServerMessage } from '#shared/contract/contract.ts';
import { secretProtocolPrefix, socketClose } from '#shared/contract/socket.ts';
import { problemOf } from '#shared/problems.ts';
import { createClient } from '../../../../renderer/api/client.ts';
import { socketTransport } from '../../../../renderer/api/socket-transport.ts';
import type { LinkState } from '../../../../renderer/api/transport.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real WebSocket server that answers `regions.list` with `[]` and nothing else. */
async function serve(port = 0) {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await once(server, 'listening');
  const sockets = new Set<ServerSocket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as RequestMessage;
      if (message.kind !== 'call' || message.name !== 'regions.list') return;
      const answer: ServerMessage = { kind: 'answer', id: message.id, envelope: { ok: true, value: [] } };
      socket.send(JSON.stringify(answer));
    });
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.terminate();
      server.close(() => {
        resolve();
      });
    });
  closers.push(stop);
  return { port: (server.address() as AddressInfo).port, sockets, stop };
}

function connect(port: number, protocols = ['rackside', `${secretProtocolPrefix}s3`]) {
  const links: LinkState['kind'][] = [];
  const client = createClient(socketTransport({ url: `ws://127.0.0.1:${String(port)}/socket`, protocols }));
  client.onLink(({ kind }) => links.push(kind));
  closers.unshift(() => {
    client.close();
    return Promise.resolve();
  });
  return { client, links };
}

const until = async (isTrue: () => boolean): Promise<void> => {
  const end = Date.now() + 5000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('it did not become true in 5 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
};

test('a call made before the socket is open is answered once it is', async () => {
  const { port } = await serve();
  expect(await connect(port).client.call('regions.list', {})).toEqual([]);
});

test('a request under way when the socket breaks fails with connection-lost, and later ones wait for the next socket', async () => {
  const { port, sockets } = await serve();
  const { client, links } = connect(port);
  await client.call('regions.list', {});
  const hanging = client.call('settings.get', {}).catch((error: unknown) => problemOf(error)?.code);
  for (const socket of sockets) socket.terminate();
  expect(await hanging).toBe('connection-lost');
  expect(await client.call('regions.list', {})).toEqual([]);
  expect(links).toEqual(['lost', 'connected']);
});

test('a core that was started anew on the same port is found again', async () => {
  const first = await serve();
  const { client, links } = connect(first.port);
  await client.call('regions.list', {});
  await first.stop();
  await until(() => links.includes('lost'));
  await serve(first.port);
  await until(() => links.includes('connected'));
  expect(await client.call('regions.list', {})).toEqual([]);
});

test('a refused page tries no more and says so', async () => {
  const { port, sockets } = await serve();
  const { client, links } = connect(port);
  await client.call('regions.list', {});
  for (const socket of sockets) socket.close(socketClose.unauthenticated, 'unauthenticated');
  await until(() => links.includes('refused'));
  const code = await client.call('regions.list', {}).catch((error: unknown) => problemOf(error)?.code);
  expect({ code, links }).toEqual({ code: 'unauthenticated', links: ['refused'] });
});

test.each([
  ['that has the secret of another instance belongs to that one', undefined, 'Rackside was started anew, and this'],
  [
    'without a secret was never let in, as a tab that a link was opened in',
    ['rackside'],
    'This tab has not been let in',
  ],
])('a refused page %s', async (_, protocols, words) => {
  const { port, sockets } = await serve();
  const { client, links } = connect(port, protocols);
  await client.call('regions.list', {});
  for (const socket of sockets) socket.close(socketClose.unauthenticated, 'unauthenticated');
  await until(() => links.includes('refused'));
  const message = await client.call('regions.list', {}).catch((error: unknown) => problemOf(error)?.message);
  expect(message).toContain(words);
});

test('events reach every subscriber', async () => {
  const { port, sockets } = await serve();
  const { client } = connect(port);
  const seen: number[] = [];
  client.subscribe(({ sequence }) => seen.push(sequence));
  await client.call('regions.list', {});
  const event: ServerMessage = { kind: 'event', event: { sequence: 7, name: 'regions.changed', payload: [] } };
  for (const socket of sockets) socket.send(JSON.stringify(event));
  await until(() => seen.length > 0);
  expect(seen).toEqual([7]);
});
