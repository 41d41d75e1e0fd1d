import { ipcMain } from 'electron';
import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import { desktopChannels } from '#shared/contract/desktop.ts';
import type { Dispatcher, Peer } from '../../ipc/dispatcher.ts';
import type { EventHub } from '../../ipc/event-hub.ts';
import { isAppUrl } from './app-scheme.ts';

/** Our own page, in its top frame: nothing else may ask. A frame that is gone has no URL. */
function isOwnPage(event: IpcMainInvokeEvent): boolean {
  const { senderFrame } = event;
  return senderFrame !== null && senderFrame.parent === null && isAppUrl(senderFrame.url);
}

export interface Channels {
  /** Lets a window ask and be told. Ends with the window. */
  connect(window: BrowserWindow): void;
  close(): void;
}

/** The desktop's side of the contract: one channel of calls, one of events. */
export function openChannels(dispatcher: Dispatcher, events: EventHub): Channels {
  /** The peer a page is now; a reload makes another one of it. */
  const peers = new Map<number, Peer>();
  let loaded = 0;
  const stranger: Peer = { id: 'stranger', isAuthenticated: false };

  ipcMain.handle(desktopChannels.invoke, (event, message: unknown) => {
    const peer = isOwnPage(event) ? peers.get(event.sender.id) : undefined;
    return dispatcher.invoke(peer ?? stranger, message);
  });

  return {
    connect(window) {
      const contents = window.webContents;
      const { id } = contents;
      const drop = (): void => {
        const peer = peers.get(id);
        peers.delete(id);
        if (peer !== undefined) dispatcher.dropPeer(peer);
      };
      const renew = (): void => {
        drop();
        loaded += 1;
        peers.set(id, { id: `page-${String(loaded)}`, isAuthenticated: true });
      };
      renew();
      contents.on('did-start-navigation', (details) => {
        // What the page before had asked for is waited for by nobody any more.
        if (details.isMainFrame && !details.isSameDocument) renew();
      });
      const subscription = events.subscribe((envelope) => {
        if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(desktopChannels.event, envelope);
      });
      contents.once('destroyed', () => {
        subscription.close();
        drop();
      });
    },
    close() {
      ipcMain.removeHandler(desktopChannels.invoke);
    },
  };
}
