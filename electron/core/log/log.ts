import { join } from 'node:path';
import { openLogFile } from './log-file.ts';
import { createRedactor } from './redaction.ts';
import type { Redactor } from './redaction.ts';
import { sanitise } from './sanitise.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];
export type LogDetails = Readonly<Record<string, unknown>>;

/** The program's log: one JSON object a line (`at` ISO time, `level`, `scope`, `message`, `details`). Calls never throw. */
export interface Log {
  readonly path: string;
  readonly redactor: Redactor;
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  /** The same log with another `scope`: the part of the program that speaks. */
  scoped(scope: string): Log;
  setLevel(level: LogLevel): void;
  /** Tells why nothing can be written, once until it can be again; at once where that is so already. */
  onLost(listener: (because: string) => void): void;
  /** Everything said so far is handed to the operating system. */
  flush(): void;
  close(): void;
}

export interface LogOptions {
  /** The folder of the log files; `rackside.log` is the current one. */
  readonly folder: string;
  readonly now: () => number;
  readonly level?: LogLevel;
  readonly redactor?: Redactor;
  /** Of one file; default 4 MB. */
  readonly maxBytes?: number;
  /** Older files that are kept; default 4. */
  readonly olderFiles?: number;
}

export function createLog(options: LogOptions): Log {
  const redactor = options.redactor ?? createRedactor();
  const file = openLogFile({
    path: join(options.folder, 'rackside.log'),
    maxBytes: options.maxBytes ?? 4 * 1024 * 1024,
    olderFiles: options.olderFiles ?? 4,
  });
  let threshold = levels.indexOf(options.level ?? 'info');

  const say = (level: LogLevel, scope: string, message: string, details: LogDetails | undefined): void => {
    if (levels.indexOf(level) < threshold) return;
    const at = new Date(options.now()).toISOString();
    let shown: unknown;
    try {
      shown = details === undefined ? undefined : sanitise(details, redactor);
    } catch {
      // A getter that throws is a bug of the one who logs, not a reason to stop.
      shown = '[could not be read]';
    }
    file.append(JSON.stringify({ at, level, scope, message: redactor.redact(message), details: shown }));
    // What is wrong may be the last thing this program says.
    if (level === 'warn' || level === 'error') file.flush();
  };
  const scoped = (scope: string): Log => ({
    path: file.path,
    redactor,
    debug: (message, details) => {
      say('debug', scope, message, details);
    },
    info: (message, details) => {
      say('info', scope, message, details);
    },
    warn: (message, details) => {
      say('warn', scope, message, details);
    },
    error: (message, details) => {
      say('error', scope, message, details);
    },
    scoped,
    setLevel: (level) => {
      threshold = levels.indexOf(level);
    },
    onLost: (listener) => {
      file.onLost(listener);
    },
    flush: () => {
      file.flush();
    },
    close: () => {
      file.close();
    },
  });
  return scoped('app');
}
