import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensurePrivateFile, syncFile } from './data-folder.ts';
import { latestVersion } from './schema.ts';
import type { Schema } from './schema.ts';
import type { Connection } from './sqlite.ts';

const backupsKept = 3;

export function versionOf(connection: Connection): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

/** Brings a file to a version (the latest), all pending steps in one transaction: it is at the old version or the new one. */
export function migrate(connection: Connection, schema: Schema, to = latestVersion(schema)): void {
  const from = versionOf(connection);
  const pending = schema.migrations.filter(({ version }) => version > from && version <= to);
  if (pending.length === 0) return;
  connection
    .transaction(() => {
      for (const { sql } of pending) connection.exec(sql);
      connection.pragma(`user_version = ${to}`);
    })
    .immediate();
}

/** Keeps the file as it is before it is migrated, as `NAME-vVERSION-TIME.sqlite`; the newest three of each name stay. */
export function backUp(connection: Connection, options: { folder: string; name: string; now: number }): string {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const file = join(options.folder, `${options.name}-v${versionOf(connection)}-${fileTime(options.now)}.sqlite`);
  rmSync(file, { force: true });
  // VACUUM INTO accepts a file that is empty, and this one is private from its first byte.
  ensurePrivateFile(file);
  connection.prepare('VACUUM INTO ?').run(file);
  syncFile(file);
  const older = readdirSync(options.folder)
    .filter((name) => name.startsWith(`${options.name}-v`) && name !== basename(file))
    .toSorted();
  for (const name of older.slice(0, Math.max(0, older.length - backupsKept + 1))) rmSync(join(options.folder, name));
  return file;
}

/** A time that every file system accepts in a name and that sorts: `2026-11-23T15-54-01-123Z`. */
export function fileTime(at: number): string {
  return new Date(at).toISOString().replaceAll(/[:.]/g, '-');
}
