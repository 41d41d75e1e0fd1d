import { connectToDamaged } from './sqlite.ts';
import type { Connection } from './sqlite.ts';
import type { Schema } from './schema.ts';

export interface Salvaged {
  readonly table: string;
  readonly label: string;
  readonly rows: number;
  /** False where a part of the table could not be read, so that rows may be missing. */
  readonly isComplete: boolean;
}

type Row = readonly unknown[];
interface RawRow {
  readonly id: number;
  readonly values: Row;
}

/**
 * Copies the recorded rows of a damaged file into a fresh one, in rowid order and around whatever cannot be read: up to the hole,
 * then down to it from the other side. `target` is at the latest version; an older file's columns are the first of its table.
 */
export function salvage(damaged: string, schema: Schema, target: Connection): readonly Salvaged[] {
  const source = openForReading(damaged);
  try {
    return schema.recorded.map(({ table, label }) => ({ table, label, ...copyTable(source, target, table) }));
  } finally {
    source?.close();
  }
}

function openForReading(file: string): Connection | undefined {
  try {
    const connection = connectToDamaged(file);
    try {
      connection.prepare('SELECT name FROM sqlite_schema').all();
      return connection;
    } catch {
      connection.close();
    }
  } catch {
    // Without a readable schema nothing can be found in it: every table is reported as lost.
  }
  return undefined;
}

function copyTable(
  source: Connection | undefined,
  target: Connection,
  table: string,
): { rows: number; isComplete: boolean } {
  if (source === undefined) return { rows: 0, isComplete: false };
  const columns = sharedColumns(source, target, table);
  if (columns.length === 0) return { rows: 0, isComplete: false };
  const insert = target.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  let rows = 0;
  let isComplete = true;
  const keep = ({ values }: RawRow): void => {
    try {
      const { changes } = insert.run(...values);
      rows += changes;
      // The ranges that are walked do not overlap, so a row that is ignored breaks a rule of its table.
      if (changes === 0) isComplete = false;
    } catch {
      // A value the STRICT table refuses is not what was written.
      isComplete = false;
    }
  };
  const list = columns.join(', ');
  const walk = (from: number, to: number, order: 'ASC' | 'DESC'): { reached: number; isDone: boolean } => {
    let reached = order === 'ASC' ? from : to;
    try {
      const sql = `SELECT rowid, ${list} FROM ${table} NOT INDEXED WHERE rowid > ? AND rowid < ? ORDER BY rowid ${order}`;
      for (const row of source.prepare<unknown[], Row>(sql).raw().iterate(from, to)) {
        const id = Number(row[0]);
        keep({ id, values: row.slice(1) });
        reached = id;
      }
      return { reached, isDone: true };
    } catch {
      return { reached, isDone: false };
    }
  };
  const beyond = Number.MAX_SAFE_INTEGER;
  let position = -1;
  for (;;) {
    const up = walk(position, beyond, 'ASC');
    if (up.isDone) break;
    isComplete = false;
    const next = firstReadableAfter(source, table, up.reached);
    if (next === undefined) {
      walk(up.reached, beyond, 'DESC');
      break;
    }
    walk(up.reached, next, 'DESC');
    position = next - 1;
  }
  return { rows, isComplete };
}

/**
 * A rowid behind the hole that begins after `from`, found with growing steps; the caller walks back from it. The row right after
 * `from` is never the answer: it has just failed, and each round must get further.
 */
function firstReadableAfter(source: Connection, table: string, from: number): number | undefined {
  const probe = source
    .prepare<unknown[], number>(`SELECT rowid FROM ${table} NOT INDEXED WHERE rowid >= ? ORDER BY rowid LIMIT 1`)
    .pluck();
  for (let step = 1; step < 2 ** 40; step *= 2) {
    try {
      const found = probe.get(from + 1 + step);
      return found === undefined ? undefined : found;
    } catch {
      // Still inside the hole.
    }
  }
  return undefined;
}

function sharedColumns(source: Connection, target: Connection, table: string): readonly string[] {
  const names = (connection: Connection): readonly string[] => {
    try {
      return connection.prepare<unknown[], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    } catch {
      return [];
    }
  };
  const known = new Set(names(target));
  return names(source).filter((name) => known.has(name));
}
