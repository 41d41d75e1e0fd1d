import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file of lines that is never larger than `maxBytes`; the older ones are `FILE.1` (the newest of them) to `FILE.N`. */
export interface LogFile {
  readonly path: string;
  /** Takes a line; it is on its way to the disk within `flushMs`. Never throws: a log that fails must not be what fails. */
  append(line: string): void;
  /** Tells why lines cannot be written, once until one can be again; at once where that is so already. */
  onLost(listener: (because: string) => void): void;
  flush(): void;
  close(): void;
}

const flushMs = 100;

export function openLogFile(options: {
  readonly path: string;
  readonly maxBytes: number;
  /** How many older files are kept. */
  readonly olderFiles: number;
}): LogFile {
  const { path, maxBytes, olderFiles } = options;
  let handle: number | undefined;
  let size = 0;
  let pending: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lost = 0;
  let lostBecause: string | undefined;
  let tellLost: (because: string) => void = () => undefined;

  const open = (): number => {
    if (handle === undefined) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      handle = openSync(path, 'a', 0o600);
      chmodSync(path, 0o600);
      ({ size } = fstatSync(handle));
    }
    return handle;
  };
  const shut = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  const rotate = (): void => {
    shut();
    rmSync(`${path}.${olderFiles}`, { force: true });
    for (let number = olderFiles - 1; number >= 0; number--) {
      try {
        renameSync(number === 0 ? path : `${path}.${number}`, `${path}.${number + 1}`);
      } catch {
        // Not there yet.
      }
    }
  };
  const write = (lines: readonly string[]): void => {
    let batch = '';
    const put = (): void => {
      if (batch === '') return;
      size += writeSync(open(), batch);
      batch = '';
    };
    open();
    for (const line of lines) {
      if (size + Buffer.byteLength(batch) + Buffer.byteLength(line) + 1 > maxBytes && size + batch.length > 0) {
        put();
        rotate();
        open();
      }
      batch += `${line}\n`;
    }
    put();
  };
  let isClosed = false;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0) return;
    const lines = pending;
    pending = [];
    try {
      if (lost > 0)
        write([JSON.stringify({ level: 'warn', message: `${lost} lines before this one could not be written` })]);
      lost = 0;
      write(lines);
      lostBecause = undefined;
    } catch (error) {
      lost += lines.length;
      shut();
      const isNews = lostBecause === undefined;
      lostBecause = error instanceof Error ? error.message : String(error);
      if (isNews) tellLost(lostBecause);
    }
  };
  return {
    path,
    append: (line) => {
      // After the end the data folder may be another program's, or gone: what is only now told of what was cancelled stays untold.
      if (isClosed) return;
      pending.push(line);
      timer ??= setTimeout(flush, flushMs).unref();
    },
    onLost: (listener) => {
      tellLost = listener;
      if (lostBecause !== undefined) listener(lostBecause);
    },
    flush,
    close: () => {
      flush();
      shut();
      isClosed = true;
    },
  };
}
