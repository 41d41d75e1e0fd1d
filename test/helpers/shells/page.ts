import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { CallEnvelope, EventEnvelope, RequestMessage, ServerMessage } from '#shared/contract/contract.ts';
import { secretProtocolPrefix, socketPath, socketProtocol } from '#shared/contract/socket.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpQuestion {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request whose path and headers are sent as they are: neither `fetch` nor `URL` tidies them up. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {} }: HttpQuestion = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** What a browser has after it was let in. */
export interface LetIn {
  readonly port: number;
  readonly cookie: string;
  readonly secret: string;
}

/** Uses a fresh address as a browser would. */
export async function enter(url: string): Promise<LetIn> {
  const { port, pathname, search } = new URL(url);
  const answer = await ask(Number(port), pathname + search);
  const secret = /<meta name="rackside-secret" content="([^"]+)"/u.exec(answer.body)?.[1];
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (answer.status !== 200 || secret === undefined || cookie === undefined) {
    throw new Error(`Not let in: ${String(answer.status)} ${answer.body}`);
  }
  return { port: Number(port), cookie, secret };
}

export interface SocketQuestion {
  readonly origin?: string | null;
  readonly host?: string;
  readonly cookie?: string | null;
  readonly protocols?: readonly string[];
}

/** A socket as a page would open it, with what a test makes wrong. */
export function openSocket(page: LetIn, wrong: SocketQuestion = {}): WebSocket {
  const own = `127.0.0.1:${String(page.port)}`;
  const origin = wrong.origin === undefined ? `http://${own}` : wrong.origin;
  const cookie = wrong.cookie === undefined ? page.cookie : wrong.cookie;
  return new WebSocket(
    `ws://${own}${socketPath}`,
    [...(wrong.protocols ?? [socketProtocol, secretProtocolPrefix + page.secret])],
    {
      headers: {
        ...(origin === null ? {} : { Origin: origin }),
        ...(cookie === null ? {} : { Cookie: cookie }),
        Host: wrong.host ?? own,
      },
    },
  );
}

export interface TestClient {
  readonly socket: WebSocket;
  readonly events: EventEnvelope[];
  send(message: RequestMessage): Promise<CallEnvelope>;
  call(name: string, input?: unknown): Promise<CallEnvelope>;
  close(): void;
}

/** A page's side of the wire. An answer nobody asked for is an error of the test. */
export async function connectClient(page: LetIn): Promise<TestClient> {
  const socket = openSocket(page);
  const events: EventEnvelope[] = [];
  const waiting = new Map<string, (envelope: CallEnvelope) => void>();
  let count = 0;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as ServerMessage;
    if (message.kind === 'event') {
      events.push(message.event);
      return;
    }
    const settle = waiting.get(message.id);
    if (settle === undefined) throw new Error(`An answer nobody waits for: ${message.id}`);
    waiting.delete(message.id);
    settle(message.envelope);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const client: TestClient = {
    socket,
    events,
    send(message) {
      return new Promise((resolve) => {
        if (message.kind === 'call') waiting.set(message.id, resolve);
        socket.send(JSON.stringify(message));
      });
    },
    call(name, input = {}) {
      count += 1;
      return client.send({ kind: 'call', id: `c${String(count)}`, name, input });
    },
    close() {
      socket.terminate();
    },
  };
  return client;
}

/** How a socket that is not let in ended: the HTTP status of a refused upgrade, or the code it was closed with. */
export function ending(
  socket: WebSocket,
): Promise<{ readonly status?: number; readonly body?: string; readonly code?: number }> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      resolve({ code });
    });
  });
}
