import { chmodSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrivateFolder } from './data-folder.ts';
import { fileTime } from './migrate.ts';

/**
 * Sets a damaged file and its log aside in the quarantine folder, named with the time, and answers the copy's name.
 * `copy`: for files with recorded rows; the copies are never removed. `move`: for large files of measurements; the last one stays.
 */
export function setAside(
  options: {
    readonly file: string;
    readonly name: string;
    readonly quarantine: string;
    readonly now: () => number;
  },
  how: 'copy' | 'move',
): string {
  ensurePrivateFolder(options.quarantine);
  if (how === 'move') {
    const before = readdirSync(options.quarantine).filter((name) => name.startsWith(`${options.name}-`));
    for (const name of before) rmSync(join(options.quarantine, name), { force: true });
  }
  const copy = join(options.quarantine, `${options.name}-${fileTime(options.now())}.sqlite`);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(options.file + suffix)) continue;
    if (how === 'move') {
      renameSync(options.file + suffix, copy + suffix);
    } else {
      copyFileSync(options.file + suffix, copy + suffix);
      chmodSync(copy + suffix, 0o600);
    }
  }
  return copy;
}
