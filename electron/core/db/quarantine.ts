import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrivateFolder } from './data-folder.ts';
import { fileTime } from './migrate.ts';

/** Copies a damaged file and its log to the quarantine folder, named with the time, and answers the copy's name. It is never removed. */
export function setAside(options: {
  readonly file: string;
  readonly name: string;
  readonly quarantine: string;
  readonly now: () => number;
}): string {
  ensurePrivateFolder(options.quarantine);
  const copy = join(options.quarantine, `${options.name}-${fileTime(options.now())}.sqlite`);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(options.file + suffix)) continue;
    copyFileSync(options.file + suffix, copy + suffix);
    chmodSync(copy + suffix, 0o600);
  }
  return copy;
}
