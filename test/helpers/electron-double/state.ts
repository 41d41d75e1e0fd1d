import { EventEmitter } from 'node:events';
import type { Browser, BrowserContext } from 'playwright-core';

/** What a test may want to know, told over the process's own channel. */
export interface Recorded {
  readonly dialogs: { readonly message: string; readonly buttons: readonly string[] }[];
  readonly errorBoxes: { readonly title: string; readonly content: string }[];
  readonly notifications: { readonly title: string; readonly body: string }[];
  readonly openedUrls: string[];
  readonly deniedRequests: string[];
  /** What the page's console called an error, violations of the policy among it. */
  readonly pageErrors: string[];
  /** Calls of rules of order, e.g. `setPath userData`, `lock`, `ready`. */
  readonly order: string[];
  menu: readonly string[];
}

export interface Display {
  readonly id: number;
  readonly workArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The state all parts of the double share; one process, one app. */
export const state = {
  isReady: false,
  isQuitting: false,
  readyListeners: new EventEmitter(),
  paths: new Map<string, string>(),
  hasLockBeenAsked: false,
  schemes: undefined as readonly string[] | undefined,
  handlers: new Map<string, (request: Request) => Response | Promise<Response>>(),
  ipcHandlers: new Map<string, (event: unknown, ...args: unknown[]) => unknown>(),
  permissionRequest: undefined as
    | ((contents: unknown, permission: string, answer: (is: boolean) => void) => void)
    | undefined,
  permissionCheck: undefined as ((contents: unknown, permission: string, origin: string) => boolean) | undefined,
  devicePermission: undefined as (() => boolean) | undefined,
  /** What the next message boxes answer; without one a box stays open. */
  dialogAnswers: [] as number[],
  /** What keeps the system awake now: id and type. */
  powerBlockers: new Map<number, string>(),
  displays: [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] as readonly Display[],
  browser: undefined as Promise<{ readonly browser: Browser; readonly context: BrowserContext }> | undefined,
  recorded: {
    dialogs: [],
    errorBoxes: [],
    notifications: [],
    openedUrls: [],
    deniedRequests: [],
    pageErrors: [],
    order: [],
    menu: [],
  } as Recorded,
};

export function requireReady(what: string): void {
  if (!state.isReady) throw new Error(`${what} cannot be used before the app is ready.`);
}

export function requireNotReady(what: string): void {
  if (state.isReady) throw new Error(`${what} has to be called before the app is ready.`);
}
