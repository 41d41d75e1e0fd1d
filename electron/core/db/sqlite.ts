import Sqlite from 'better-sqlite3';
import { fail } from '#shared/problems.ts';

/** One open SQLite file, as better-sqlite3 gives it. Nobody outside this folder and the metrics worker holds one. */
export type Connection = Sqlite.Database;

/** Opens a file that exists and reads nothing of it yet. */
export function connect(file: string, options: { readonly timeoutMs?: number } = {}): Connection {
  return new Sqlite(file, { fileMustExist: true, timeout: options.timeoutMs ?? 5000 });
}

/**
 * Opens a damaged file for what can be read of it. SQLite refuses as a whole a file that ends before the last page its header
 * counts, unless its schema is writable (`.recover` of its shell sets that too); better-sqlite3 allows it in its unsafe mode only.
 */
export function connectToDamaged(file: string): Connection {
  const connection = connect(file);
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.unsafeMode(true).pragma('writable_schema = ON');
    connection.pragma('query_only = ON');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** SQLite's extended result code (`SQLITE_FULL`, `SQLITE_IOERR_WRITE`), or Node's (`ENOSPC`); empty where the error has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The file is not what SQLite wrote. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));
}

/**
 * Nothing more fits on the disk. The WAL's shared memory and plain writes report it as an I/O error instead of SQLITE_FULL
 * on some file systems, so those count too: giving the ballast back is harmless where it was another cause.
 */
export function isFull(error: unknown): boolean {
  return /^(SQLITE_FULL|SQLITE_IOERR_(WRITE|SHM|TRUNCATE|FSYNC)|ENOSPC|EDQUOT)/.test(codeOf(error));
}

/** Throws the problem behind an error of SQLite or the file system; an error that is a bug is thrown as it is. */
export function failOn(error: unknown, file: string): never {
  const code = codeOf(error);
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    fail(
      {
        code: 'disk-full',
        message: `This laptop's disk is full: ${file} could not be written.`,
        advice: 'Free some space and try again. What is stored already can still be read.',
      },
      error,
    );
  }
  if (isDamage(error)) {
    fail(
      {
        code: 'data-damaged',
        message: `${file} is damaged: ${error instanceof Error ? error.message : code}.`,
        advice: 'Restart Rackside: it sets the damaged file aside, keeps what can be read and says what was lost.',
      },
      error,
    );
  }
  if (
    /^(SQLITE_(READONLY|CANTOPEN|PERM|IOERR|BUSY|AUTH|PROTOCOL)|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|EEXIST|ENOENT|EIO|EBUSY|ENAMETOOLONG|EMFILE)/.test(
      code,
    )
  ) {
    fail(
      {
        code: 'data-folder-unwritable',
        message: `${file} could not be written: ${error instanceof Error ? error.message : code}.`,
        advice: 'Check that the folder is yours and not read-only, or choose another one with --data-dir.',
      },
      error,
    );
  }
  throw error;
}
