import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { ServerMessage } from '#shared/contract/contract.ts';
import { secretProtocolPrefix, socketClose, socketPath, socketProtocol } from '#shared/contract/socket.ts';
import type { Dispatcher, Peer } from '../../ipc/dispatcher.ts';
import type { EventHub } from '../../ipc/event-hub.ts';
import { idOf, readRequest } from '../../ipc/request.ts';
import type { Refusal } from './request-checks.ts';
import { refuseForeign } from './request-checks.ts';
import type { BrowserSession } from './session.ts';

export interface SocketLimits {
  /** Longest message a page may send, bytes. The largest of the contract is a list of 5,000 host keys. */
  readonly maxMessageBytes: number;
  /** Bytes waiting for a page beyond which it misses events. */
  readonly slowBytes: number;
  /** Bytes waiting beyond which the page is given up: it asks and does not read. */
  readonly lostBytes: number;
  readonly maxSockets: number;
  /** Sockets of those who have not proven themselves: they only wait to hear so, and take no page's place. */
  readonly maxStrangers: number;
  /** How long such a one may take to go, milliseconds. */
  readonly strangerMs: number;
}

export const defaultSocketLimits: SocketLimits = {
  maxMessageBytes: 4 * 1024 * 1024,
  slowBytes: 4 * 1024 * 1024,
  lostBytes: 256 * 1024 * 1024,
  maxSockets: 64,
  maxStrangers: 8,
  strangerMs: 5000,
};

export interface SocketsOptions {
  readonly session: BrowserSession;
  readonly host: string;
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  readonly limits: SocketLimits;
}

export interface Sockets {
  /** Takes over a connection that asked to be upgraded. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  count(): number;
  close(): void;
}

function refuseUpgrade(stream: Duplex, { status, problem }: Refusal): void {
  const body = JSON.stringify({ problem });
  stream.end(
    `HTTP/1.1 ${String(status)} Refused\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  );
}

/** The message in a frame; `undefined` where it is no JSON. A `ws` socket gives Buffers unless told otherwise. */
function parse(data: RawData): { readonly message: unknown } | undefined {
  if (!Buffer.isBuffer(data)) return undefined;
  try {
    return { message: JSON.parse(data.toString('utf8')) };
  } catch {
    return undefined;
  }
}

/** The sockets of the pages: the same contract as the desktop's, one JSON text a frame (see shared/contract/socket.ts). */
export function createSockets({ session, host, dispatcher, events, limits }: SocketsOptions): Sockets {
  const listen = (maxPayload: number): WebSocketServer =>
    new WebSocketServer({
      noServer: true,
      maxPayload,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false),
    });
  const server = listen(limits.maxMessageBytes);
  const strangers = listen(1024);
  let opened = 0;

  function serve(socket: WebSocket): void {
    opened += 1;
    const peer: Peer = { id: `socket-${String(opened)}`, isAuthenticated: true };
    let wasSlow = false;

    const send = (message: ServerMessage): void => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > limits.lostBytes) {
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message), () => {
        if (!wasSlow || socket.bufferedAmount > limits.slowBytes / 2) return;
        wasSlow = false;
        subscription.drained();
      });
    };
    const answer = async (message: unknown): Promise<void> => {
      const envelope = await dispatcher.invoke(peer, message);
      if (readRequest(message)?.kind === 'cancel') return;
      send({ kind: 'answer', id: idOf(message), envelope });
    };

    const subscription = events.subscribe(
      (event) => {
        send({ kind: 'event', event });
      },
      {
        canTake: () => {
          wasSlow ||= socket.bufferedAmount > limits.slowBytes;
          return !wasSlow;
        },
      },
    );
    socket.on('message', (data) => {
      const parsed = parse(data);
      if (parsed === undefined) socket.close(socketClose.malformed, 'not JSON');
      else void answer(parsed.message);
    });
    // What broke is told by `close`, which always follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      subscription.close();
      dispatcher.dropPeer(peer);
    });
  }

  /** A page is told nothing of a refused upgrade; a closed socket says why. Who does not close in turn is hung up on. */
  function sendAway(socket: WebSocket): void {
    socket.on('error', () => undefined);
    socket.close(socketClose.unauthenticated, 'unauthenticated');
    const timer = setTimeout(() => {
      socket.terminate();
    }, limits.strangerMs);
    socket.on('close', () => {
      clearTimeout(timer);
    });
  }

  return {
    upgrade(request, stream, head) {
      stream.on('error', () => {
        stream.destroy();
      });
      const foreign = refuseForeign(request.headers, host);
      if (foreign !== undefined) {
        refuseUpgrade(stream, foreign);
        return;
      }
      // A page always names its origin when it opens a socket; whoever does not is no page of ours.
      const refuse = (): void => {
        stream.end('HTTP/1.1 400 Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      };
      if (request.headers.origin === undefined || request.url !== socketPath) {
        refuse();
        return;
      }
      const secrets = (request.headers['sec-websocket-protocol'] ?? '')
        .split(',')
        .map((text) => text.trim())
        .filter((text) => text.startsWith(secretProtocolPrefix))
        .map((text) => text.slice(secretProtocolPrefix.length));
      const isAuthenticated = session.hasCookie(request.headers.cookie) && session.hasSecret(secrets);
      const [place, most] = isAuthenticated ? [server, limits.maxSockets] : [strangers, limits.maxStrangers];
      if (place.clients.size >= most) refuse();
      else place.handleUpgrade(request, stream, head, isAuthenticated ? serve : sendAway);
    },
    count: () => server.clients.size,
    close() {
      for (const socket of server.clients) socket.close(1001, 'Rackside has ended.');
      for (const socket of strangers.clients) socket.terminate();
      server.close();
      strangers.close();
    },
  };
}
