import type Sqlite from 'better-sqlite3';
import { failOn, isFull } from './sqlite.ts';
import type { Connection } from './sqlite.ts';

/** A value SQLite binds. */
export type Bindable = string | number | null | Uint8Array;

/** An open database of ours. All of it is synchronous; every failure it can have comes out as a `ProblemError`. */
export interface DatabaseHandle {
  readonly file: string;
  /** `Row` is trusted: the tables are STRICT and written by this program only. */
  prepare<Row>(sql: string): Sqlite.Statement<Bindable[], Row>;
  read<T>(work: () => T): T;
  /** One transaction of what was observed: whole or not at all after a kill, perhaps gone after a power cut. */
  write<T>(work: () => T): T;
  /** One transaction of what is recorded: on the disk, in the main file, when it returns. */
  record<T>(work: () => T): T;
  /** Tells after each `record`; returns what ends it. */
  onRecorded(listener: () => void): () => void;
  /** A complete copy in `file`, which is there and empty. */
  copyTo(file: string): void;
  close(): void;
}

/** Gives space back on a full disk; true where trying again makes sense. */
export type Relief = () => boolean;

/** Runs `work`; on a full disk once more after the relief. */
export function withRelief<T>(work: () => T, relief: Relief): T {
  try {
    return work();
  } catch (error) {
    if (!isFull(error) || !relief()) throw error;
    return work();
  }
}

export function databaseHandle(connection: Connection, file: string, relief: Relief): DatabaseHandle {
  const guarded = <T>(work: () => T): T => {
    try {
      return withRelief(work, relief);
    } catch (error) {
      return failOn(error, file);
    }
  };
  const listeners = new Set<() => void>();
  let level: 'NORMAL' | 'FULL' | undefined;
  const transact = <T>(work: () => T, wanted: 'NORMAL' | 'FULL'): T => {
    if (level !== wanted) {
      connection.pragma(`synchronous = ${wanted}`);
      level = wanted;
    }
    return connection.transaction(work).immediate();
  };
  return {
    file,
    prepare: <Row>(sql: string) => connection.prepare<Bindable[], Row>(sql),
    read: guarded,
    write: (work) => guarded(() => transact(work, 'NORMAL')),
    record: (work) => {
      const result = guarded(() => transact(work, 'FULL'));
      // A WAL that is cut off later loses nothing that stands in the main file. The commit above is durable either way,
      // so a full disk here is no failure.
      try {
        connection.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        if (!isFull(error)) failOn(error, file);
      }
      for (const listener of listeners) listener();
      return result;
    },
    onRecorded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    copyTo: (target) => {
      guarded(() => connection.prepare('VACUUM INTO ?').run(target));
    },
    close: () => {
      if (connection.open) connection.close();
    },
  };
}
