import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const ballastBytes = 4 * 1024 * 1024;
/** The reserve is laid down again only where it does not itself fill the disk. */
const comfortableBytes = 4 * ballastBytes;

/**
 * A reserve of 4 MB on the disk. On a full disk SQLite can read and roll back, but neither delete nor checkpoint; giving the
 * reserve back lets it finish what was begun, and the person is told.
 */
export interface Ballast {
  /** Frees the reserve; false where it was gone already. */
  release(): boolean;
}

export function openBallast(file: string): Ballast {
  lay(file);
  return {
    release: () => {
      if (!existsSync(file)) return false;
      rmSync(file, { force: true });
      return true;
    },
  };
}

function lay(file: string): void {
  if (existsSync(file)) return;
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    if (bavail * bsize < comfortableBytes) return;
    // Random bytes: a file system that compresses would keep nothing in reserve for zeros.
    writeFileSync(file, randomBytes(ballastBytes), { mode: 0o600 });
  } catch {
    // A reserve that cannot be made is no reason to refuse the start; a half-made one would only take space.
    rmSync(file, { force: true });
  }
}
