import { app, session } from 'electron';
import type { WebContents } from 'electron';
import { isAppUrl } from './app-scheme.ts';

/** A page goes nowhere but to itself, opens no window and embeds nothing. */
function lockContents(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Copying what is shown is the one thing of the system a page may use; Chromium asks for it under this name. */
const allowed = 'clipboard-sanitized-write';

/** Denies pages everything they need not have, before the first one is made. After `ready`. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    lockContents(contents);
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === allowed && isAppUrl(contents.getURL()));
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === allowed && isAppUrl(origin),
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
