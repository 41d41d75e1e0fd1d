/* oxlint-disable typescript/no-explicit-any, typescript/no-unsafe-argument, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/prefer-promise-reject-errors -- This function is text for a page: it copies values of which nothing is known. */

/** What the page's side of the double gets from the other side. */
export interface PageWorldOptions {
  readonly binding: string;
  readonly deliver: string;
}

/**
 * Runs in the page before its own scripts, and stands for Electron's sandboxed preload: `require` gives what Electron's
 * documentation lists for it, `contextBridge` copies by the table of its page (functions and promises are proxied, prototypes,
 * symbols and accessors are lost), IPC arguments are structured clones. Electron runs the preload in a world of its own;
 * here it shares the page's, so this proves what crosses, not that nothing else does.
 */
export function pageWorld({ binding, deliver }: PageWorldOptions, preload: (...names: unknown[]) => void): void {
  if (globalThis.top !== globalThis.self) return;
  const page = globalThis as unknown as Record<string, any>;
  const call = page[binding] as (message: object) => Promise<{ error?: string; value?: unknown }>;
  delete page[binding];

  const copy = (value: any, depth = 0): any => {
    if (depth > 1000) throw new TypeError('Electron contextBridge recursion depth exceeded.');
    if (typeof value === 'symbol') return undefined;
    if (typeof value === 'function') {
      return (...args: unknown[]) => {
        try {
          return copy(value(...args.map((item) => copy(item, depth + 1))), depth + 1);
        } catch (error) {
          throw copy(error, depth + 1);
        }
      };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Promise) {
      return new Promise((resolve, reject) => {
        value.then(
          (item) => resolve(copy(item, depth + 1)),
          (error: unknown) => reject(copy(error, depth + 1)),
        );
      });
    }
    if (value instanceof Error) return new Error(value.message);
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
    // Own enumerable string keys: a class's methods, symbols (async iterators) and prototypes stay behind.
    return Object.fromEntries(Object.keys(value).map((key) => [key, copy(value[key], depth + 1)]));
  };
  const freeze = (value: any): any => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  const strict = (name: string, known: object): object =>
    new Proxy(known, {
      get(target: any, property) {
        if (typeof property === 'symbol' || property in target) return target[property];
        throw new Error(`The Electron double does not know ${name}.${property}.`);
      },
    });

  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  page[deliver] = (channel: string, args: unknown[]) => {
    const event = strict('IpcRendererEvent', { ports: [] });
    for (const listener of listeners.get(channel) ?? []) listener(event, ...args);
  };
  const off = (channel: string, listener: any): void => {
    listeners.get(channel)?.delete(listener);
  };
  const ipcRenderer = strict('ipcRenderer', {
    async invoke(channel: string, ...args: unknown[]) {
      let cloned: unknown[];
      try {
        cloned = structuredClone(args);
      } catch {
        throw new Error('An object could not be cloned.');
      }
      const { error, value } = await call({ kind: 'invoke', channel, args: cloned });
      if (error !== undefined) throw new Error(`Error invoking remote method '${channel}': ${error}`);
      return value;
    },
    on(channel: string, listener: any) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
    },
    off,
    removeListener: off,
  });
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(key: string, api: unknown) {
      if (key in page) throw new Error(`Cannot bind an API on top of an existing property on the window object`);
      Object.defineProperty(page, key, { value: freeze(copy(api)), enumerable: true });
    },
  });
  const modules: Record<string, unknown> = {
    electron: strict('electron', { contextBridge, ipcRenderer }),
    events: undefined,
    timers: undefined,
    url: undefined,
  };
  const require = (name: string): unknown => {
    const plain = name.replace(/^node:/u, '');
    if (!(plain in modules)) throw new Error(`module not found: ${name}`);
    if (modules[plain] === undefined) throw new Error(`The Electron double has no ${name} in a preload yet.`);
    return modules[plain];
  };

  page['open'] = (url: string) => {
    void call({ kind: 'open', url });
    return null;
  };
  try {
    const module = { exports: {} };
    preload(require, undefined, undefined, undefined, undefined, undefined, module.exports, module);
  } catch (error) {
    void call({ kind: 'preload-error', message: String(error) });
  }
}

/** The text for the page: the preload is wrapped as Electron wraps it; names that are undefined here throw when they are used. */
export function preloadScript(options: PageWorldOptions, preload: string): string {
  const names = 'require, process, Buffer, global, setImmediate, clearImmediate, exports, module';
  return `(${pageWorld.toString()})(${JSON.stringify(options)}, function (${names}) {\n${preload}\n});`;
}
