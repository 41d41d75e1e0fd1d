import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { failOn } from './sqlite.ts';

/** Where everything of the data folder stands. */
export interface DataPaths {
  readonly folder: string;
  readonly app: string;
  /** The second copy of `app.sqlite`. */
  readonly appSpare: string;
  readonly lock: string;
  readonly holder: string;
  readonly ballast: string;
  readonly regions: string;
  readonly quarantine: string;
  readonly backups: string;
  /** The folder of one region; its id is made by us and is a plain file name. */
  region(id: string): string;
}

export function dataPaths(folder: string): DataPaths {
  const regions = join(folder, 'regions');
  return {
    folder,
    app: join(folder, 'app.sqlite'),
    appSpare: join(folder, 'backups', 'app-spare.sqlite'),
    lock: join(folder, 'lock.sqlite'),
    holder: join(folder, 'instance.json'),
    ballast: join(folder, 'ballast'),
    regions,
    quarantine: join(folder, 'quarantine'),
    backups: join(folder, 'backups'),
    region: (id) => join(regions, id),
  };
}

/** Makes a folder that only its owner may enter (0700). `data-folder-unwritable` where that cannot be. */
export function ensurePrivateFolder(folder: string): void {
  try {
    makeFolder(folder);
    chmodSync(folder, 0o700);
  } catch (error) {
    failOn(error, folder);
  }
}

/** One level at a time: where the system denies that a parent exists (below /proc), Node's own `recursive` tries for ever. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/** Makes an empty file that only its owner may read (0600) before SQLite would make it readable by all; its WAL inherits the mode. */
export function ensurePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

/** Makes a rename or a new name durable. Windows opens no folders; NTFS journals names by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Forces a file's content to the disk. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Replaces a small text file as a whole: a reader sees the old or the new text, never a part. */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.${process.pid}.new`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

/** Removes a folder in two steps, so that a kill in the middle leaves only what the next start may remove. */
export function removeFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const leaving = join(dirname(folder), `${basename(folder)}.removed`);
  rmSync(leaving, { recursive: true, force: true, maxRetries: 5 });
  renameSync(folder, leaving);
  rmSync(leaving, { recursive: true, force: true, maxRetries: 5 });
}
