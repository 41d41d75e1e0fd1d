import type { DemoClock } from './clock.ts';

/** One pass over the memory that is still to be sent. */
interface Pass {
  readonly startSeconds: number;
  readonly seconds: number;
  readonly mib: number;
}

/** A live migration under way, as QEMU's pre-copy does it: what was written meanwhile is sent again, until little is left. */
export interface MigrationJob {
  readonly vm: string;
  readonly source: string;
  readonly target: string;
  /** Cancels it; the VM goes on where it is. */
  abort(): void;
  /** It fails at once, for a reason of its own. */
  fail(because: string): void;
  /** No byte passes any more, or again: it stands still, and nobody is told. */
  setStalled(isStalled: boolean): void;
  progress(): MigrationProgress;
}

export interface MigrationProgress {
  readonly elapsedMs: number;
  readonly totalBytes: number;
  readonly processedBytes: number;
  readonly remainingBytes: number;
  readonly bytesPerSecond: number;
  readonly dirtyPagesPerSecond: number;
  readonly iteration: number;
}

export type MigrationEnd =
  | { readonly kind: 'moved' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly because: string };

const mib = 1_048_576;
/** QEMU stops the guest for the rest once that takes no longer. */
const downtimeSeconds = 0.3;
/** What a link of 10 Gbit/s gives. */
export const linkMibPerSecond = 1_100;

export function startMigration(
  clock: DemoClock,
  move: {
    readonly vm: string;
    readonly source: string;
    readonly target: string;
    readonly memoryMib: number;
    readonly dirtyMibPerSecond: number;
    /** `null`: as much as the link gives. */
    readonly mibPerSecond: number | null;
  },
  onEnd: (end: MigrationEnd) => void,
): MigrationJob {
  const rate = Math.min(move.mibPerSecond ?? linkMibPerSecond, linkMibPerSecond);
  const passes = passesOf(move.memoryMib, move.dirtyMibPerSecond, rate);
  const last = passes.at(-1);
  const isEndless = last === undefined || last.seconds === Number.POSITIVE_INFINITY;
  const neededSeconds = isEndless ? 0 : last.startSeconds + last.seconds + downtimeSeconds;
  let [startedAt, stalledAt] = [clock.now(), null as number | null];
  /** For so long bytes have passed. */
  const seconds = () => (((stalledAt ?? clock.now()) - startedAt) / 1000) * clock.speed;
  let isOver = false;
  const end = (how: MigrationEnd): void => {
    if (isOver) return;
    isOver = true;
    cancel();
    onEnd(how);
  };
  const waitForEnd = (): (() => void) =>
    isEndless
      ? () => undefined
      : clock.after(Math.max(0, neededSeconds - seconds()) * 1000, () => end({ kind: 'moved' }));
  let cancel = waitForEnd();
  return {
    vm: move.vm,
    source: move.source,
    target: move.target,
    abort: () => end({ kind: 'aborted' }),
    fail: (because) => end({ kind: 'failed', because }),
    setStalled(isStalled) {
      if (isOver || isStalled === (stalledAt !== null)) return;
      if (isStalled) {
        stalledAt = clock.now();
        cancel();
      } else {
        startedAt += clock.now() - (stalledAt ?? 0);
        stalledAt = null;
        cancel = waitForEnd();
      }
    },
    progress() {
      const now = seconds();
      const index = Math.max(
        0,
        passes.findLastIndex(({ startSeconds }) => startSeconds <= now),
      );
      const pass = passes[index];
      const sent = Math.min((now - (pass?.startSeconds ?? 0)) * rate, pass?.mib ?? 0);
      const isStuck = pass?.seconds === Number.POSITIVE_INFINITY;
      return {
        elapsedMs: Math.round(now * 1000),
        totalBytes: move.memoryMib * mib,
        processedBytes: Math.round(now * rate * mib),
        remainingBytes: Math.round(((pass?.mib ?? 0) - (isStuck ? 0 : sent)) * mib),
        bytesPerSecond: Math.round(rate * mib),
        dirtyPagesPerSecond: index === 0 ? 0 : Math.round((move.dirtyMibPerSecond * mib) / 4096),
        iteration: isStuck ? index + 1 + Math.floor(now / 5) : index + 1,
      };
    },
  };
}

function passesOf(memoryMib: number, dirtyMibPerSecond: number, rate: number): readonly Pass[] {
  const passes: Pass[] = [];
  let [left, at] = [memoryMib, 0];
  while (passes.length === 0 || left / rate > downtimeSeconds) {
    const isStalled = passes.length > 0 && dirtyMibPerSecond >= rate;
    const seconds = isStalled ? Number.POSITIVE_INFINITY : left / rate;
    passes.push({ startSeconds: at, seconds, mib: left });
    if (isStalled || passes.length > 60) break;
    at += seconds;
    left = Math.min(memoryMib, seconds * dirtyMibPerSecond);
  }
  return passes;
}
