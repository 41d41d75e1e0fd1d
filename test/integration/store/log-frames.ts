export const pageBytes = 4096;
export const logHeaderBytes = 32;
export const frameBytes = 24 + pageBytes;

/** One page as a write-ahead log holds it; `number` counts from 1. */
interface Frame {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The committed frames of a log, in the order in which they were written (https://sqlite.org/fileformat2.html#walformat). */
export function framesOf(log: Buffer): readonly Frame[] {
  const salts = log.subarray(16, 24);
  const frames: Frame[] = [];
  let committed = 0;
  for (let at = logHeaderBytes; at + frameBytes <= log.length; at += frameBytes) {
    // What an earlier use of the log has left behind.
    if (!log.subarray(at + 8, at + 16).equals(salts)) break;
    frames.push({ number: log.readUInt32BE(at), bytes: log.subarray(at + 24, at + frameBytes) });
    if (log.readUInt32BE(at + 4) !== 0) committed = frames.length;
  }
  return frames.slice(0, committed);
}

/** The newest content of each page in a log, in the order in which a checkpoint writes them. */
export function newestPages(log: Buffer): readonly Frame[] {
  const newest = new Map(framesOf(log).map((frame) => [frame.number, frame]));
  return [...newest.values()].toSorted((one, other) => one.number - other.number);
}

/** A main file into which these pages were written. */
export function withPages(main: Buffer, pages: readonly Frame[]): Buffer {
  const size = Math.max(main.length, ...pages.map(({ number }) => number * pageBytes));
  const written = Buffer.alloc(size);
  main.copy(written);
  for (const { number, bytes } of pages) bytes.copy(written, (number - 1) * pageBytes);
  return written;
}

/**
 * A checkpoint has written some of the log's pages into the main file. Before the first of them it has synced the log
 * (https://sqlite.org/wal.html#ckpt), so from then on no crash takes a part of the log away.
 */
export function isCheckpointBegun(main: Buffer, log: Buffer): boolean {
  return newestPages(log).some(({ number, bytes }) =>
    main.subarray((number - 1) * pageBytes, number * pageBytes).equals(bytes),
  );
}
