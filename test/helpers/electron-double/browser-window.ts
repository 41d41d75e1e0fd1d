import { EventEmitter } from 'node:events';
import { launchChromium } from '../shells/chromium.ts';
import { app } from './app.ts';
import { requireReady, state } from './state.ts';
import { onlyKnown, strict } from './strict.ts';
import { WebContents } from './web-contents.ts';

const knownOptions =
  'x y width height minWidth minHeight title show autoHideMenuBar backgroundColor webPreferences'.split(' ');
const knownPreferences =
  'preload sandbox contextIsolation nodeIntegration webviewTag navigateOnDragDrop spellcheck'.split(' ');

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Options extends Bounds {
  readonly show?: boolean;
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}

const windows = new Set<Window>();

export const openWindows = (): readonly Window[] => [...windows];

async function chromium(): Promise<Awaited<NonNullable<typeof state.browser>>> {
  state.browser ??= launchChromium().then(async (browser) => ({ browser, context: await browser.newContext() }));
  return state.browser;
}

/** A window whose page is real and whose frame is a record of what was asked of it. */
export class Window extends EventEmitter {
  readonly contents = new WebContents();
  readonly webContents = this.contents.face();
  readonly face: object;
  readonly #preload: string;
  shown = { isVisible: false, isFocused: false, isMinimized: false, isMaximized: false };
  bounds: Bounds;
  #isDestroyed = false;

  constructor(options: Options) {
    super();
    requireReady('BrowserWindow');
    onlyKnown('BrowserWindow', options, knownOptions);
    onlyKnown('webPreferences', options.webPreferences, knownPreferences);
    const { sandbox, contextIsolation, nodeIntegration, preload } = options.webPreferences;
    if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false) {
      throw new Error('The Electron double knows only sandboxed, isolated windows without Node.');
    }
    if (!/\.c?js$/u.test(preload)) throw new Error('A sandboxed preload is one CommonJS file.');
    this.#preload = preload;
    const { x, y, width, height } = options;
    this.bounds = { x, y, width, height };
    this.shown.isVisible = options.show !== false;
    this.face = strict('BrowserWindow', this);
    windows.add(this);
    app.emit('browser-window-created', {}, this.face);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    const { context } = await chromium();
    await this.contents.attach(context, this.#preload);
    await this.contents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {
    this.shown = { ...this.shown, isVisible: true, isFocused: true };
  }
  focus(): void {
    this.shown = { ...this.shown, isFocused: true };
  }
  isMinimized(): boolean {
    return this.shown.isMinimized;
  }
  restore(): void {
    this.shown = { ...this.shown, isMinimized: false };
  }
  maximize(): void {
    this.shown = { ...this.shown, isMaximized: true };
    this.emit('maximize');
  }
  isMaximized(): boolean {
    return this.shown.isMaximized;
  }
  getNormalBounds(): Bounds {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    return this.bounds;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  /** As the person's click on the window's cross: what is prevented stays open. */
  close(): void {
    let isPrevented = false;
    const event = strict('Event', {
      preventDefault() {
        isPrevented = true;
      },
    });
    this.emit('close', event);
    if (!isPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this);
    this.contents.destroy();
    this.emit('closed');
    if (windows.size === 0 && !state.isQuitting) app.allWindowsClosed();
  }
}

app.windows = openWindows;

/** `BrowserWindow` as an app sees it. */
export const BrowserWindow = new Proxy(Window, {
  construct: (target, [options]) => new target(options as Options).face,
  get(_target, property) {
    if (property === 'getAllWindows') return () => openWindows().map(({ face }) => face);
    if (property === 'prototype' || typeof property === 'symbol') return Reflect.get(Window, property) as unknown;
    throw new Error(`The Electron double does not know BrowserWindow.${property}.`);
  },
});
