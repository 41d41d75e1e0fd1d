import type { MoveProgress } from '#shared/model/operation.ts';
import type { JobProgress } from './job-info.ts';

/** One read of a move's figures; `readAt`: UTC ms, this laptop's clock. */
export interface JobRead {
  readonly readAt: number;
  readonly progress: JobProgress;
}

/** So many reads in a row must agree before a move is said not to end by itself. */
const stalledReads = 3;

/**
 * How far a move is, of its reads (oldest first, at least one; only those of this move).
 *
 * The time left is what remains by the rate at which it became less since the first of the last few reads, by the node's own count of time: so
 * it holds for a link that is limited and for memory that is written meanwhile. It is stalled when in each of the last reads memory was
 * written at least as fast as it was sent, after the first pass over it: before that there is nothing to repeat.
 */
export function moveProgress(reads: readonly [JobRead, ...JobRead[]]): MoveProgress {
  const last = reads.at(-1) ?? reads[0];
  // In its first tenths of a second libvirt has no figures yet, and nothing remains of nothing.
  const first = reads.filter(({ progress }) => progress.totalBytes > 0).slice(-5)[0] ?? last;
  const lessBytes = first.progress.remainingBytes - last.progress.remainingBytes;
  const betweenMs = last.progress.elapsedMs - first.progress.elapsedMs;
  const isStalled =
    reads.length >= stalledReads && reads.slice(-stalledReads).every(({ progress }) => writesAsFast(progress));
  const leftMs =
    lessBytes > 0 && betweenMs > 0 ? Math.round((last.progress.remainingBytes * betweenMs) / lessBytes) : null;
  return { readAt: last.readAt, ...last.progress, leftMs: isStalled ? null : leftMs, isStalled };
}

function writesAsFast({ iteration, bytesPerSecond, dirtyBytesPerSecond }: JobProgress): boolean {
  return (
    (iteration ?? 0) > 1 &&
    bytesPerSecond !== null &&
    dirtyBytesPerSecond !== null &&
    dirtyBytesPerSecond > 0 &&
    dirtyBytesPerSecond >= bytesPerSecond
  );
}
