import { existsSync, renameSync, rmSync } from 'node:fs';
import { ensurePrivateFile, ensurePrivateFolder, syncFile } from './data-folder.ts';
import { dirname } from 'node:path';
import type { DatabaseHandle } from './handle.ts';

/** Keeps a second copy of a small file up to date, for the day on which a page of the first cannot be read. */
export interface SpareCopy {
  /** Copies soon; many calls make one copy. */
  renew(): void;
  /** Copies now what is waiting, and ends. */
  close(): void;
}

const renewAfterMs = 250;
/** A start has more urgent things to do than to copy what was copied before: the table is painted by then. */
const firstRenewalAfterMs = 3000;

export function spareCopy(database: DatabaseHandle, file: string, onFailed: (error: unknown) => void): SpareCopy {
  let timer: NodeJS.Timeout | undefined;
  const copy = (): void => {
    timer = undefined;
    const next = `${file}.new`;
    try {
      ensurePrivateFolder(dirname(file));
      rmSync(next, { force: true });
      // VACUUM INTO accepts a file that is empty, and this one is private from its first byte.
      ensurePrivateFile(next);
      database.copyTo(next);
      syncFile(next);
      renameSync(next, file);
    } catch (error) {
      // The copy of before is still there; a spare is no reason to fail.
      onFailed(error);
    }
  };
  const copyAfter = (delayMs: number): NodeJS.Timeout => setTimeout(copy, delayMs).unref();
  let first: NodeJS.Timeout | undefined;
  if (existsSync(file)) timer = first = copyAfter(firstRenewalAfterMs);
  else copy();
  return {
    renew: () => {
      if (timer === first) clearTimeout(timer);
      else if (timer !== undefined) return;
      first = undefined;
      timer = copyAfter(renewAfterMs);
    },
    close: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      copy();
    },
  };
}
