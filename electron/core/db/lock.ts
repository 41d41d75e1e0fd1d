import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { fail } from '#shared/problems.ts';
import { dataPaths, ensurePrivateFile, ensurePrivateFolder, replaceFile } from './data-folder.ts';
import { codeOf, connect, failOn, isDamage, isFull } from './sqlite.ts';
import type { Connection } from './sqlite.ts';

/** Who holds a data folder, in its own words. `endpoint` is where a second start can ask it for a window or a fresh URL. */
export interface LockHolder {
  readonly pid: number;
  /** UTC ms. */
  readonly startedAt: number;
  readonly endpoint: string | null;
}

export interface DataFolderLock {
  /** Tells a second start how to reach this instance. The text stands in a file only the owner may read. */
  setEndpoint(endpoint: string): void;
  release(): void;
}

export type LockAttempt =
  | { readonly kind: 'acquired'; readonly lock: DataFolderLock }
  /** `holder` is `undefined` for the moment in which the other instance has not said yet who it is. */
  | { readonly kind: 'held'; readonly holder: LockHolder | undefined };

/**
 * Takes the one lock of a data folder, for both shells. It is the operating system's lock on `lock.sqlite` (SQLite takes it on
 * every system alike), so it ends with the process however that dies, and nobody judges by a pid whether an instance lives.
 *
 * On POSIX such a lock is lost when its own process opens and closes the file in any other way: nothing may read
 * `lock.sqlite`, nor a database that is open, through `node:fs`.
 */
export function lockDataFolder(folder: string, options: { readonly now: () => number }): LockAttempt {
  const paths = dataPaths(folder);
  ensurePrivateFolder(folder);
  let connection: Connection | undefined;
  try {
    ensurePrivateFile(paths.lock);
    connection = connect(paths.lock, { timeoutMs: 0 });
    connection.pragma('journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (codeOf(error).startsWith('SQLITE_BUSY')) return { kind: 'held', holder: readHolder(paths.holder) };
    if (!isDamage(error)) failOn(error, paths.lock);
    // Whoever sees its content holds no lock and met no holder: the content means nothing.
    truncateSync(paths.lock);
    return lockDataFolder(folder, options);
  }
  const held = connection;
  const startedAt = options.now();
  const tell = (endpoint: string | null): void => {
    try {
      replaceFile(paths.holder, JSON.stringify({ pid: process.pid, startedAt, endpoint }));
    } catch (error) {
      // On a full disk the app still starts and reads; a second start then learns only that the folder is held.
      if (!isFull(error)) failOn(error, paths.holder);
    }
  };
  try {
    tell(null);
  } catch (error) {
    held.close();
    throw error;
  }
  return {
    kind: 'acquired',
    lock: {
      setEndpoint: tell,
      release: () => {
        if (!held.open) return;
        rmSync(paths.holder, { force: true });
        held.close();
      },
    },
  };
}

/** The lock, or `data-folder-in-use` in the words of who has it. */
export function requireLock(folder: string, options: { readonly now: () => number }): DataFolderLock {
  const attempt = lockDataFolder(folder, options);
  if (attempt.kind === 'acquired') return attempt.lock;
  const who = attempt.holder === undefined ? 'Another Rackside' : `Another Rackside (process ${attempt.holder.pid})`;
  return fail({
    code: 'data-folder-in-use',
    message: `${who} uses the data folder ${folder}.`,
    advice: 'Use that one, close it, or start this one with another folder: --data-dir.',
  });
}

function readHolder(file: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('pid' in value) || !('startedAt' in value) || !('endpoint' in value)) return undefined;
    const { pid, startedAt, endpoint } = value;
    if (typeof pid !== 'number' || typeof startedAt !== 'number') return undefined;
    return { pid, startedAt, endpoint: typeof endpoint === 'string' ? endpoint : null };
  } catch {
    // Not there yet, or half gone: the lock itself has already said that somebody holds the folder.
    return undefined;
  }
}
