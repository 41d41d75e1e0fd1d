import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '#shared/problems.ts';
import { ensurePrivateFile, ensurePrivateFolder } from './data-folder.ts';
import { databaseHandle, withRelief } from './handle.ts';
import type { DatabaseHandle, Relief } from './handle.ts';
import { backUp, migrate, versionOf } from './migrate.ts';
import { build, rebuild } from './rebuild.ts';
import type { RebuildOptions } from './rebuild.ts';
import { latestVersion } from './schema.ts';
import type { Schema } from './schema.ts';
import { connect, failOn, isDamage } from './sqlite.ts';
import type { Connection } from './sqlite.ts';

export interface OpenOptions extends RebuildOptions {
  readonly backups: string;
  readonly relief: Relief;
  /** Whoever read the file found it damaged: it is rebuilt without another look. */
  readonly presumedDamaged?: string;
  /** It was there before: a missing file is a loss, not a beginning. */
  readonly isExpected?: boolean;
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
  const { file, spare, presumedDamaged } = options;
  ensurePrivateFolder(dirname(file));
  if (presumedDamaged !== undefined) {
    rebuild(options, presumedDamaged);
  } else if (!existsSync(file)) {
    const isLoss =
      options.isExpected === true || existsSync(`${file}-wal`) || (spare !== undefined && existsSync(spare));
    if (isLoss) rebuild(options, 'it was missing');
    else build(options);
  }
  const attempt = tryOpen(options);
  if (attempt.kind === 'open') return attempt.connection;
  rebuild(options, attempt.why);
  const again = tryOpen(options);
  if (again.kind === 'open') return again.connection;
  return fail({
    code: 'data-damaged',
    message: `${file} was rebuilt and is damaged again (${again.why}).`,
    advice: `Check this laptop's disk, or start with another folder: --data-dir. Damaged files are kept in ${options.quarantine}.`,
  });
}

type Attempt =
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'damaged'; readonly why: string };

function tryOpen(options: OpenOptions): Attempt {
  const { file, schema } = options;
  // Files get their name only when they are complete, so an empty one is a damaged one.
  if (statSync(file).size === 0) return { kind: 'damaged', why: 'it is empty' };
  ensurePrivateFile(file);
  const connection = connect(file);
  try {
    // The data folder has one user, so the WAL needs no shared memory: it works on every file system, and on a full disk.
    connection.pragma('locking_mode = EXCLUSIVE');
    const version = versionOf(connection);
    if (version > latestVersion(schema)) refuseFuture(file, schema, version);
    const why = version === 0 ? 'its tables are gone' : findDamage(connection, schema);
    if (why !== undefined) {
      connection.close();
      return { kind: 'damaged', why };
    }
    configure(connection, schema);
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

function refuseFuture(file: string, schema: Schema, version: number): never {
  return fail({
    code: 'data-from-the-future',
    message:
      `${file} was written by a newer Rackside ` +
      `(version ${version} of ${schema.title}; this one knows ${latestVersion(schema)}).`,
    advice: 'Start the newer Rackside, or start this one with another folder: --data-dir. Nothing was changed.',
  });
}

function findDamage(connection: Connection, schema: Schema): string | undefined {
  if (schema.check === 'none') return undefined;
  const answer = String(connection.pragma('integrity_check(1)', { simple: true }));
  return answer === 'ok' ? undefined : answer.replaceAll('\n', ' ');
}

function configure(connection: Connection, schema: Schema): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  connection.pragma(`secure_delete = ${schema.isErased ? 'ON' : 'OFF'}`);
  // A thousand rows are a thousand pages: checkpointed after each save they take 26 ms instead of 9.
  connection.pragma('wal_autocheckpoint = 4000');
  connection.pragma('fullfsync = ON');
  connection.pragma('synchronous = FULL');
}
