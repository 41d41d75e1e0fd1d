import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fail } from '#shared/problems.ts';
import type { Dispatcher } from '../../ipc/dispatcher.ts';
import type { EventHub } from '../../ipc/event-hub.ts';
import { openRendererFiles } from '../renderer-files.ts';
import { createPages } from './pages.ts';
import { createBrowserSession } from './session.ts';
import { createSockets, defaultSocketLimits } from './socket.ts';
import type { SocketLimits } from './socket.ts';

export interface BrowserShellOptions {
  /** On 127.0.0.1; 0 = any that is free. */
  readonly port: number;
  /** The built renderer. */
  readonly rendererFolder: string;
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  /** A person's page is being sent. */
  readonly onPage?: () => void;
  /** Told of a request that could not be answered because of a bug. */
  readonly onError: (error: unknown) => void;
  readonly limits?: Partial<SocketLimits>;
  readonly maxFailedTokens?: number;
}

export interface BrowserShell {
  readonly port: number;
  /** A new address, good for one use: `http://127.0.0.1:PORT/?t=TOKEN`. */
  freshUrl(): string;
  /** Pages that are connected. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Serves the renderer and the contract to browsers on 127.0.0.1, and to nobody else.
 * @throws ProblemError `invalid-input` where the port is taken or not ours to take.
 */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const session = createBrowserSession();
  const files = await openRendererFiles(options.rendererFolder);
  const server = createServer({ maxHeaderSize: 16_384 });
  const { port } = await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
    });
  }).catch((error: unknown) =>
    fail(
      {
        code: 'invalid-input',
        message: `Port ${String(options.port)} of 127.0.0.1 cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
        advice: 'Choose another with --port N, or leave the flag out for any that is free.',
      },
      error,
    ),
  );
  const host = `127.0.0.1:${String(port)}`;
  const limits = { ...defaultSocketLimits, ...options.limits };
  const sockets = createSockets({ session, host, dispatcher: options.dispatcher, events: options.events, limits });
  const pages = createPages({
    files,
    session,
    host,
    onPage: options.onPage ?? (() => undefined),
    now: () => performance.now(),
    maxFailedTokens: options.maxFailedTokens ?? 10,
  });
  server.on('error', options.onError);
  server.on('request', (request, response) => {
    pages(request, response).catch((error: unknown) => {
      options.onError(error);
      if (!response.headersSent) response.writeHead(500, { 'Cache-Control': 'no-store' });
      response.end();
    });
  });
  server.on('upgrade', (request, stream, head) => {
    sockets.upgrade(request, stream, head);
  });

  return {
    port,
    freshUrl: () => `http://${host}/?t=${session.freshToken()}`,
    connections: () => sockets.count(),
    async close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      // Keep-alive connections would hold the server for as long as a browser likes.
      server.closeIdleConnections();
      const forced = setTimeout(() => {
        server.closeAllConnections();
      }, 500);
      await closed;
      clearTimeout(forced);
    },
  };
}
