import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensurePrivateFile, syncFile, syncFolder } from './data-folder.ts';
import { migrate, versionOf } from './migrate.ts';
import type { NewNotice } from './notices.ts';
import { setAside } from './quarantine.ts';
import { salvage } from './salvage.ts';
import { isObserved, latestVersion } from './schema.ts';
import type { Schema } from './schema.ts';
import { connect, connectToDamaged } from './sqlite.ts';
import type { Connection } from './sqlite.ts';

export interface RebuildOptions {
  readonly file: string;
  readonly schema: Schema;
  /** What its backups and quarantined copies are called: `app`, `REGION-inventory`. */
  readonly name: string;
  readonly quarantine: string;
  readonly now: () => number;
  /** A copy of the file that is kept beside it (`spare-copy.ts`): rows that cannot be read any more are taken from there. */
  readonly spare?: string;
  /** Told loudly: what was damaged, where the copy stands, what was lost. */
  readonly onNotice: (notice: NewNotice) => void;
}

/** Makes a complete file under another name and gives it the real one at the end: a kill leaves the old state or the new one. */
export function build(
  { file, schema }: Pick<RebuildOptions, 'file' | 'schema'>,
  version = latestVersion(schema),
  fill: (connection: Connection) => void = () => undefined,
): void {
  const next = `${file}.new`;
  rmSync(next, { force: true });
  removeLog(next);
  ensurePrivateFile(next);
  const connection = connect(next);
  try {
    connection.pragma('journal_mode = OFF');
    migrate(connection, schema, version);
    connection.transaction(() => {
      fill(connection);
    })();
    connection.pragma('journal_mode = WAL');
  } finally {
    connection.close();
  }
  syncFile(next);
  // The log of a file that is gone would be replayed into its successor.
  removeLog(file);
  renameSync(next, file);
  syncFolder(dirname(file));
}

/** Sets the damaged file aside and puts a new one in its place, with every recorded row that can be read; says what was lost. */
export function rebuild(options: RebuildOptions, why: string): void {
  const { schema, spare } = options;
  const copy = setAside(options, isObserved(schema) ? 'move' : 'copy');
  const kept: string[] = [];
  const restored: string[] = [];
  let lost: Schema['recorded'] = [];
  // Built at the damaged file's own version, so that its rows fit; opening it afterwards migrates it as any older file.
  build(options, damagedVersion(options), (target) => {
    const saved = salvage(options.file, schema, target);
    for (const { label, rows } of saved) if (rows > 0) kept.push(`${rows} ${label}`);
    const incomplete = new Set(saved.filter(({ isComplete }) => !isComplete).map(({ table }) => table));
    lost = schema.recorded.filter(({ table }) => incomplete.has(table));
    if (spare === undefined || !existsSync(spare)) return;
    for (const { label, rows } of salvage(spare, { ...schema, recorded: lost }, target)) {
      if (rows > 0) restored.push(`${rows} ${label}`);
    }
  });
  const spareTime = restored.length > 0 && spare !== undefined ? new Date(statSync(spare).mtimeMs).toISOString() : '';
  const words = [
    `The file of ${schema.title} was damaged (${why}) and was rebuilt.`,
    ...(lost.length > 0
      ? [
          `LOST in whole or in part: ${lost.map(({ label }) => label).join(', ')}.`,
          `Saved: ${kept.length > 0 ? kept.join(', ') : 'nothing'}.`,
          ...(restored.length > 0 ? [`Put back from the copy of ${spareTime}: ${restored.join(', ')}.`] : []),
        ]
      : [
          isObserved(schema)
            ? 'What was measured before is lost.'
            : `Nothing recorded was lost${kept.length > 0 ? ` (saved: ${kept.join(', ')})` : ''}.`,
        ]),
  ];
  options.onNotice({
    level: lost.length > 0 ? 'danger' : 'warning',
    message: words.join(' '),
    advice: `What was left of the file is kept as ${copy}. Check this laptop's disk.`,
  });
}

function damagedVersion({ file, schema }: RebuildOptions): number {
  const latest = latestVersion(schema);
  let connection: Connection | undefined;
  try {
    connection = connectToDamaged(file);
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
