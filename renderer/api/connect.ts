import type { Bridge } from '#shared/contract/contract.ts';
import { secretKey, secretProtocolPrefix, socketPath, socketProtocol } from '#shared/contract/socket.ts';
import { createClient } from './client.ts';
import type { Client } from './client.ts';
import { desktopTransport } from './desktop-transport.ts';
import { socketTransport } from './socket-transport.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload; absent in a browser. */
    readonly rackside?: Bridge;
  }
}

/** The client of the shell this page runs in. */
export function connectToShell(page: Window): Client {
  if (page.rackside) return createClient(desktopTransport(page.rackside));
  const { location, sessionStorage } = page;
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const secret = sessionStorage.getItem(secretKey);
  return createClient(
    socketTransport({
      url: `${scheme}://${location.host}${socketPath}`,
      protocols: secret === null ? [socketProtocol] : [socketProtocol, `${secretProtocolPrefix}${secret}`],
    }),
  );
}
