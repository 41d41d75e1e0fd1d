import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Frame, Page, Route } from 'playwright-core';
import { preloadScript } from './page-world.ts';
import { state } from './state.ts';
import { assertPlain, cloned, strict } from './strict.ts';

/** Chromium knows no scheme `app:`, so the double loads this origin instead and speaks of the other to the app. */
const standIn = 'https://app-rackside.test';
const real = 'app://rackside';

const toStandIn = (url: string): string => (url.startsWith(real) ? standIn + url.slice(real.length) : url);
const toReal = (url: string): string => (url.startsWith(standIn) ? real + url.slice(standIn.length) : url);

interface BindingMessage {
  readonly kind: 'invoke' | 'open' | 'preload-error';
  readonly channel?: string;
  readonly args?: readonly unknown[];
  readonly url?: string;
  readonly message?: string;
}

let lastId = 0;

function preventable(fields: object): { readonly event: object; readonly isPrevented: () => boolean } {
  let isPrevented = false;
  const event = {
    ...fields,
    preventDefault() {
      isPrevented = true;
    },
  };
  return { event: strict('Event', event), isPrevented: () => isPrevented };
}

/** A page of a real Chromium behind the face of `webContents`. */
export class WebContents extends EventEmitter {
  readonly id = (lastId += 1);
  readonly mainFrame = this.#frameOf(undefined);
  page: Page | undefined;
  #isDestroyed = false;
  #isOurs = false;
  #openHandler: ((details: object) => { readonly action: string }) | undefined;
  readonly #face: unknown;

  constructor() {
    super();
    this.#face = strict('webContents', this);
  }

  face(): unknown {
    return this.#face;
  }

  #frameOf(frame: Frame | undefined): object {
    const url = (): string => toReal(frame?.url() ?? this.page?.url() ?? '');
    const parent = frame?.parentFrame() ?? null;
    return strict('WebFrameMain', {
      get url() {
        return url();
      },
      parent: parent === null ? null : this.#frameOf(parent),
    });
  }

  async attach(context: BrowserContext, preload: string): Promise<Page> {
    const page = await context.newPage();
    this.page = page;
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    page.on('pageerror', (error) => state.recorded.pageErrors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') state.recorded.pageErrors.push(message.text());
    });
    await page.route('**/*', (route) => this.#serve(route));
    await page.exposeBinding('__electronDouble', ({ frame }, message: BindingMessage) =>
      this.#fromPage(frame, message),
    );
    const options = { binding: '__electronDouble', deliver: '__electronDeliver' };
    await page.addInitScript({ content: preloadScript(options, readFileSync(preload, 'utf8')) });
    return page;
  }

  async #serve(route: Route): Promise<void> {
    const request = route.request();
    const url = toReal(request.url());
    const isNavigation = request.isNavigationRequest();
    if (isNavigation && !this.#mayNavigate(url, request.frame())) {
      state.recorded.deniedRequests.push(url);
      await route.abort('aborted');
      return;
    }
    const handler = state.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) {
      // There is no network here: a desktop app that fetches anything from it is wrong.
      state.recorded.deniedRequests.push(url);
      await route.abort('blockedbyclient');
      return;
    }
    const response = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  /** Electron asks only about navigations that the page began. */
  #mayNavigate(url: string, frame: Frame): boolean {
    const isMainFrame = frame.parentFrame() === null;
    if (isMainFrame && this.#isOurs) this.#isOurs = false;
    else {
      const details = { url, isMainFrame, isSameDocument: false };
      const asked = ['will-frame-navigate', ...(isMainFrame ? ['will-navigate'] : [])].map((name) => {
        const { event, isPrevented } = preventable(details);
        this.emit(name, event);
        return isPrevented();
      });
      if (asked.includes(true)) return false;
    }
    this.emit('did-start-navigation', preventable({ url, isMainFrame, isSameDocument: false }).event);
    return true;
  }

  async #fromPage(
    frame: Frame,
    message: BindingMessage,
  ): Promise<{ readonly error?: string; readonly value?: unknown }> {
    switch (message.kind) {
      case 'preload-error':
        process.stderr.write(`Unable to load preload script: ${message.message ?? ''}\n`);
        return {};
      case 'open': {
        const answer = this.#openHandler?.({ url: message.url }) ?? { action: 'allow' };
        if (answer.action !== 'deny') throw new Error('The Electron double opens no window.');
        state.recorded.deniedRequests.push(message.url ?? '');
        return {};
      }
      case 'invoke': {
        const handler = state.ipcHandlers.get(message.channel ?? '');
        if (handler === undefined) return { error: `Error: No handler registered for '${message.channel ?? ''}'` };
        const event = strict('IpcMainInvokeEvent', { sender: this.#face, senderFrame: this.#frameOf(frame) });
        try {
          const value = cloned(await handler(event, ...(message.args ?? [])));
          assertPlain(value, `answer of ${message.channel ?? ''}`);
          return { value };
        } catch (error) {
          return { error: String(error) };
        }
      }
    }
  }

  send(channel: string, ...args: unknown[]): void {
    const payload = cloned(args);
    assertPlain(payload, `event on ${channel}`);
    this.page
      ?.evaluate(
        ([name, values]) => {
          const deliver = (globalThis as unknown as Record<string, (channel: string, args: unknown[]) => void>)[
            '__electronDeliver'
          ];
          deliver?.(name as string, values as unknown[]);
        },
        [channel, payload],
      )
      .catch(() => undefined);
  }

  async load(url: string): Promise<void> {
    const scheme = new URL(url).protocol.slice(0, -1);
    if (state.schemes?.includes(scheme) !== true)
      throw new Error(`${scheme}: was not registered as a standard scheme.`);
    this.#isOurs = true;
    await this.page?.goto(toStandIn(url));
  }

  reload(): void {
    this.#isOurs = true;
    this.page?.reload().catch(() => undefined);
  }

  getURL(): string {
    return toReal(this.page?.url() ?? '');
  }

  setWindowOpenHandler(handler: (details: object) => { readonly action: string }): void {
    this.#openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isCrashed(): boolean {
    return false;
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.page?.close().catch(() => undefined);
    this.emit('destroyed');
  }
}
