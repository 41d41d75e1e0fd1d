import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '#shared/problems.ts';
import { ensurePrivateFile, ensurePrivateFolder, syncFile, syncFolder } from './data-folder.ts';
import { databaseHandle, withRelief } from './handle.ts';
import type { DatabaseHandle, Relief } from './handle.ts';
import { backUp, migrate, versionOf } from './migrate.ts';
import { setAside } from './quarantine.ts';
import { salvage } from './salvage.ts';
import { isObserved, latestVersion } from './schema.ts';
import type { Schema } from './schema.ts';
import { connect, failOn, isDamage } from './sqlite.ts';
import type { Connection } from './sqlite.ts';
import type { NewNotice } from './notices.ts';

export interface OpenOptions {
  readonly file: string;
  readonly schema: Schema;
  /** What its backups and quarantined copies are called: `app`, `REGION-inventory`. */
  readonly name: string;
  readonly backups: string;
  readonly quarantine: string;
  readonly now: () => number;
  readonly relief: Relief;
  /** Told loudly: what was damaged, where the copy stands, what was lost. */
  readonly onNotice: (notice: NewNotice) => void;
  /** Whoever read the file found it damaged: it is rebuilt without another look. */
  readonly presumedDamaged?: string;
  /** Puts back rows that the damaged file has lost, from another copy, and answers a sentence that says which; empty: none. */
  readonly restore?: (target: Connection) => string;
}

/**
 * Opens one of our files, whatever state it is in: a missing one is made, an older one is backed up and migrated, a damaged one
 * is copied aside and rebuilt with the recorded rows that could be read.
 * Throws `data-from-the-future`, `data-folder-unwritable` and `disk-full`.
 */
export function openDatabase(options: OpenOptions): DatabaseHandle {
  try {
    return databaseHandle(
      withRelief(() => open(options), options.relief),
      options.file,
      options.relief,
    );
  } catch (error) {
    return failOn(error, options.file);
  }
}

function open(options: OpenOptions): Connection {
  ensurePrivateFolder(dirname(options.file));
  if (!existsSync(options.file)) {
    // The log of a file that is gone would be replayed into its successor.
    if (existsSync(`${options.file}-wal`)) {
      const copy = setAside(options, isObserved(options.schema) ? 'move' : 'copy');
      options.onNotice({
        level: 'danger',
        message: `The file of ${options.schema.title} was missing and had to be made anew; what stood in it is lost.`,
        advice: `What was left of it is kept as ${copy}.`,
      });
      removeLog(options.file);
    }
    build(options, latestVersion(options.schema), () => undefined);
  }
  if (options.presumedDamaged !== undefined) return rebuild(options, options.presumedDamaged);
  const attempt = tryOpen(options);
  return attempt.kind === 'open' ? attempt.connection : rebuild(options, attempt.why);
}

type Attempt =
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'damaged'; readonly why: string };

function tryOpen(options: OpenOptions): Attempt {
  const { file, schema } = options;
  // Files get their name only when they are complete, so an empty one is a damaged one.
  if (statSync(file).size === 0 && !existsSync(`${file}-wal`)) return { kind: 'damaged', why: 'it is empty' };
  ensurePrivateFile(file);
  const connection = connect(file);
  try {
    // The data folder has one user, so the WAL needs no shared memory: it works on every file system, and on a full disk.
    connection.pragma('locking_mode = EXCLUSIVE');
    const version = versionOf(connection);
    if (version > latestVersion(schema)) {
      fail({
        code: 'data-from-the-future',
        message: `${file} was written by a newer Rackside (version ${version} of ${schema.title}; this one knows ${latestVersion(schema)}).`,
        advice: 'Start the newer Rackside, or start this one with another folder: --data-dir. Nothing was changed.',
      });
    }
    const why = version === 0 ? 'its tables are gone' : findDamage(connection, schema);
    if (why !== undefined) {
      connection.close();
      return { kind: 'damaged', why };
    }
    prepareConnection(connection, schema);
    if (version < latestVersion(schema)) {
      backUp(connection, { folder: options.backups, name: options.name, now: options.now() });
      migrate(connection, schema);
    }
    return { kind: 'open', connection };
  } catch (error) {
    connection.close();
    if (isDamage(error)) return { kind: 'damaged', why: error instanceof Error ? error.message : 'unreadable' };
    throw error;
  }
}

function findDamage(connection: Connection, schema: Schema): string | undefined {
  if (schema.check === 'none') return undefined;
  const answer = String(connection.pragma('integrity_check(1)', { simple: true }));
  return answer === 'ok' ? undefined : answer.replaceAll('\n', ' ');
}

function prepareConnection(connection: Connection, schema: Schema): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  // What is deleted is overwritten: a forgotten secret leaves no trace in a free page.
  connection.pragma(`secure_delete = ${isObserved(schema) ? 'OFF' : 'ON'}`);
  connection.pragma('fullfsync = ON');
  connection.pragma('synchronous = FULL');
}

/** Makes a complete file under another name and gives it the real one at the end: a kill leaves the old state or the new one. */
function build(options: OpenOptions, version: number, fill: (connection: Connection) => void): void {
  const next = `${options.file}.new`;
  rmSync(next, { force: true });
  removeLog(next);
  ensurePrivateFile(next);
  const connection = connect(next);
  try {
    connection.pragma('journal_mode = OFF');
    migrate(connection, options.schema, version);
    connection.transaction(() => {
      fill(connection);
    })();
    connection.pragma('journal_mode = WAL');
  } finally {
    connection.close();
  }
  syncFile(next);
  removeLog(options.file);
  renameSync(next, options.file);
  syncFolder(dirname(options.file));
}

function rebuild(options: OpenOptions, why: string): Connection {
  const { schema } = options;
  const copy = setAside(options, isObserved(options.schema) ? 'move' : 'copy');
  const losses: string[] = [];
  const kept: string[] = [];
  let restored = '';
  // Built at the damaged file's own version, so that its rows fit; opening it afterwards migrates it as any older file.
  build(options, damagedVersion(options), (target) => {
    for (const { label, rows, isComplete } of salvage(options.file, schema, target)) {
      if (rows > 0) kept.push(`${rows} ${label}`);
      if (!isComplete) losses.push(label);
    }
    if (losses.length > 0) restored = options.restore?.(target) ?? '';
  });
  options.onNotice({
    level: losses.length > 0 ? 'danger' : 'warning',
    message:
      `The file of ${schema.title} was damaged (${why}) and was rebuilt. ` +
      (losses.length > 0
        ? `LOST in whole or in part: ${losses.join(', ')}. Saved: ${kept.length > 0 ? kept.join(', ') : 'nothing'}.${restored}`
        : `Nothing recorded was lost${kept.length > 0 ? ` (saved: ${kept.join(', ')})` : ''}; what was observed is read again.`),
    advice: `The damaged file is kept as ${copy}. Check this laptop's disk.`,
  });
  const attempt = tryOpen(options);
  if (attempt.kind === 'open') return attempt.connection;
  return fail({
    code: 'data-damaged',
    message: `${options.file} was rebuilt and is damaged again (${attempt.why}).`,
    advice: `Check this laptop's disk, or start with another folder: --data-dir. The damaged file is kept as ${copy}.`,
  });
}

function damagedVersion({ file, schema }: OpenOptions): number {
  const latest = latestVersion(schema);
  let connection: Connection | undefined;
  try {
    connection = connect(file);
    connection.pragma('locking_mode = EXCLUSIVE');
    const version = versionOf(connection);
    return version > 0 && version <= latest ? version : latest;
  } catch {
    return latest;
  } finally {
    connection?.close();
  }
}

function removeLog(file: string): void {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}
