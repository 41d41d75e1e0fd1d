import { EventEmitter } from 'node:events';
import { app as theApp } from './app.ts';
import { BrowserWindow as TheWindow } from './browser-window.ts';
import { requireNotReady, requireReady, state } from './state.ts';
import { onlyKnown, strict } from './strict.ts';

export { utilityProcess } from './utility-process.ts';

/**
 * Stands for the module `electron` in the main process. A double: it proves bundles, order, what crosses between the processes,
 * and the content security policy in a real Chromium; not Electron's ABI, sandbox, keychains, menus, locks or packaging.
 */
export const app = strict('app', theApp);
export const BrowserWindow = TheWindow;

const privileges = ['standard', 'secure', 'supportFetchAPI', 'codeCache', 'corsEnabled', 'stream', 'bypassCSP'];

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(
    schemes: readonly { readonly scheme: string; readonly privileges: Record<string, boolean> }[],
  ) {
    requireNotReady('protocol.registerSchemesAsPrivileged');
    if (state.schemes !== undefined) throw new Error('registerSchemesAsPrivileged may be called once only.');
    for (const { privileges: given } of schemes) onlyKnown('privileges', given, privileges);
    state.schemes = schemes.filter((each) => each.privileges['standard'] === true).map(({ scheme }) => scheme);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    requireReady('protocol.handle');
    if (state.handlers.has(scheme)) throw new Error(`The scheme ${scheme} has a handler already.`);
    state.handlers.set(scheme, handler);
  },
});

const defaultSession = strict('session.defaultSession', {
  setPermissionRequestHandler(handler: NonNullable<typeof state.permissionRequest>) {
    state.permissionRequest = handler;
  },
  setPermissionCheckHandler(handler: NonNullable<typeof state.permissionCheck>) {
    state.permissionCheck = handler;
  },
  setDevicePermissionHandler(handler: () => boolean) {
    state.devicePermission = handler;
  },
});

export const session = strict('session', {
  get defaultSession() {
    requireReady('session.defaultSession');
    return defaultSession;
  },
});

export const ipcMain = strict('ipcMain', {
  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) {
    if (state.ipcHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    state.ipcHandlers.set(channel, handler);
  },
  removeHandler(channel: string) {
    state.ipcHandlers.delete(channel);
  },
});

export const dialog = strict('dialog', {
  async showMessageBox(options: { readonly message: string; readonly buttons: readonly string[] }) {
    requireReady('dialog.showMessageBox');
    onlyKnown('showMessageBox', options, ['type', 'message', 'detail', 'buttons', 'defaultId', 'cancelId', 'noLink']);
    state.recorded.dialogs.push({ message: options.message, buttons: options.buttons });
    for (;;) {
      const response = state.dialogAnswers.shift();
      if (response !== undefined) return { response, checkboxChecked: false };
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  },
  showErrorBox(title: string, content: string) {
    state.recorded.errorBoxes.push({ title, content });
    process.stderr.write(`${title}\n${content}\n`);
  },
});

interface MenuItem {
  readonly label?: string;
  readonly role?: string;
}
export const Menu = strict('Menu', {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu(template: readonly MenuItem[]) {
    requireReady('Menu.setApplicationMenu');
    state.recorded.menu = template.map(({ label, role }) => label ?? role ?? '');
  },
});

export class Notification {
  readonly #options: { readonly title: string; readonly body: string };
  constructor(options: { readonly title: string; readonly body: string }) {
    requireReady('Notification');
    this.#options = options;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    state.recorded.notifications.push(this.#options);
  }
}

class PowerMonitor extends EventEmitter {}
export const thePowerMonitor = new PowerMonitor();
export const powerMonitor = strict('powerMonitor', thePowerMonitor);

let blockers = 0;
/** Blockers have ids of their own; one that is not started cannot be stopped, which Electron tells by `false`. */
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start(type: string): number {
    requireReady('powerSaveBlocker');
    if (!['prevent-app-suspension', 'prevent-display-sleep'].includes(type))
      throw new TypeError(`Error processing argument at index 0, conversion failure from ${type}`);
    blockers += 1;
    state.powerBlockers.set(blockers, type);
    return blockers;
  },
  stop: (id: number): boolean => state.powerBlockers.delete(id),
  isStarted: (id: number): boolean => state.powerBlockers.has(id),
});

/** As on a Linux without any desktop session: Chromium would encrypt under the key from its own source. */
export const safeStorage = strict('safeStorage', {
  isAsyncEncryptionAvailable() {
    requireReady('safeStorage');
    return Promise.resolve(true);
  },
  getSelectedStorageBackend: () => (state.isReady ? 'basic_text' : 'unknown'),
  encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`v10${Buffer.from(text).toString('hex')}`)),
  decryptStringAsync: (bytes: Buffer) =>
    Promise.resolve({
      result: Buffer.from(bytes.toString('latin1').slice(3), 'hex').toString(),
      shouldReEncrypt: false,
    }),
});

export const screen = strict('screen', {
  getPrimaryDisplay() {
    requireReady('screen');
    return state.displays[0];
  },
  getAllDisplays() {
    requireReady('screen');
    return state.displays;
  },
});

export const shell = strict('shell', {
  openExternal(url: string) {
    state.recorded.openedUrls.push(url);
    return Promise.resolve();
  },
});

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: false });
