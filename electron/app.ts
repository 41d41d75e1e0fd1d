import { join } from 'node:path';
import type { AppInfo } from '#shared/contract/app.ts';
import { ProblemError, fail } from '#shared/problems.ts';
import { lockDataFolder } from './core/db/lock.ts';
import type { SecretVault } from './core/region/secret-keeper.ts';
import { createDispatcher } from './ipc/dispatcher.ts';
import type { Dispatcher } from './ipc/dispatcher.ts';
import { createEventHub } from './ipc/event-hub.ts';
import type { EventHub } from './ipc/event-hub.ts';
import type { Handlers } from './ipc/handlers/call.ts';

export type { SecretVault };

/** What the composition needs of its shell. */
export interface Ports {
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  readonly vault: SecretVault;
  readonly power: { onSuspend(listener: () => void): () => void; onResume(listener: () => void): () => void };
  readonly notify: (title: string, body: string) => void;
  /** The built worker that owns the metrics files. */
  readonly metricsWorker: URL;
  readonly homeFolder: string;
  /** Where a second start on the same data folder asks this instance for a window or a URL; told to whoever finds the lock held. */
  readonly instanceEndpoint: string;
}

export interface App {
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  /** Operations that would be left behind if the program ended now. */
  runningOperations(): number;
  /** Bugs that no caller hears of go to the log. */
  logError(error: unknown): void;
  close(): Promise<void>;
}

/** Another instance has the data folder. `endpoint` is where to ask it; `null` for the moment in which it has not told yet. */
export class DataFolderHeld extends ProblemError {
  readonly endpoint: string | null;

  constructor(dataFolder: string, endpoint: string | null) {
    super({
      code: 'data-folder-in-use',
      message: `Another Rackside uses the data folder ${dataFolder}.`,
      advice: 'Use that one, close it, or start this one with another folder: --data-dir DIR.',
    });
    this.endpoint = endpoint;
  }
}

/**
 * Builds the core and its door for one shell.
 * @throws DataFolderHeld where another instance runs on the same folder.
 */
export function startApp(ports: Ports): Promise<App> {
  const attempt = lockDataFolder(ports.dataFolder, { now: () => Date.now() });
  if (attempt.kind === 'held') {
    return Promise.reject(new DataFolderHeld(ports.dataFolder, attempt.holder?.endpoint ?? null));
  }
  attempt.lock.setEndpoint(ports.instanceEndpoint);
  const logError = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  const events = createEventHub({ onError: logError });
  const notBuilt = (): never =>
    fail({ code: 'unknown-call', message: 'This request is not served yet.', advice: 'Update Rackside.' });
  const info: AppInfo = {
    version: ports.version,
    shell: ports.shell,
    dataFolder: ports.dataFolder,
    logFile: join(ports.dataFolder, 'logs', 'rackside.log'),
    secretStorage:
      ports.vault.kind === 'keychain' ? { kind: 'keychain' } : { kind: 'session-only', because: ports.vault.because },
    notices: [],
  };
  const handlers: Handlers = {
    'app.info': () => info,
    'app.dismissNotice': () => null,
    'settings.get': notBuilt,
    'settings.set': notBuilt,
    'views.get': notBuilt,
    'views.set': notBuilt,
    'regions.list': () => [],
    'regions.add': notBuilt,
    'regions.update': notBuilt,
    'regions.remove': notBuilt,
    'regions.open': notBuilt,
    'regions.close': notBuilt,
    'regions.snapshot': notBuilt,
    'regions.retry': notBuilt,
    'regions.importHost': notBuilt,
    'nodes.detail': notBuilt,
    'nodes.refresh': notBuilt,
    'knownHosts.list': notBuilt,
    'knownHosts.trust': notBuilt,
    'knownHosts.forget': notBuilt,
    'secrets.supply': notBuilt,
    'secrets.answer': notBuilt,
    'secrets.forget': notBuilt,
  };
  const dispatcher = createDispatcher(handlers, {
    onInternalError: ({ id, call, error }) => {
      process.stderr.write(`error ${id} in ${call}\n`);
      logError(error);
    },
  });
  return Promise.resolve({
    dispatcher,
    events,
    runningOperations: () => 0,
    logError,
    close() {
      attempt.lock.release();
      return Promise.resolve();
    },
  });
}
