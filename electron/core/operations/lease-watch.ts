import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { parseLeaseValue, type LeaseValue } from '../cluster/writes/leases.ts';

/** A lease as this laptop has seen it. */
export interface SeenLease {
  readonly value: string;
  /** `undefined` where the value is none of ours to read. */
  readonly lease: LeaseValue | undefined;
  /** For how long it was seen unchanged, on this laptop's monotonic clock, in quorate answers. */
  readonly unchangedMs: number;
}

/** What this laptop has seen of the leases: no other laptop's clock decides that one ran out (R20). */
export interface LeaseWatch {
  /** Takes over what a quorate partition says now. */
  onAnswer(answer: Pick<ClusterAnswer, 'records'>): void;
  /** `undefined`: nobody holds it, as far as was read. */
  seen(name: string): SeenLease | undefined;
  /** Whether whoever holds it has had its whole term to renew it, and has not. */
  hasRunOut(name: string): boolean;
}

/** A value that tells no term is held to the longest that Rackside gives. */
const longestTermMs = 60_000;

/**
 * What passes between two answers counts so long at most: while no quorate partition answers nobody can renew, and who holds a lease has his
 * whole term in a quorate cluster.
 */
const longestGapMs = 15_000;

/** Begins to watch; nothing is known before the first answer. */
export function createLeaseWatch(monotonic: () => number): LeaseWatch {
  const since = new Map<string, { readonly value: string; readonly at: number }>();
  /** Time in a quorate cluster till the last answer, and when that came. */
  let last: { readonly quorateMs: number; readonly at: number } | undefined;
  const quorateNow = (): number =>
    last === undefined ? 0 : last.quorateMs + Math.min(monotonic() - last.at, longestGapMs);
  const seen = (name: string): SeenLease | undefined => {
    const mark = since.get(name);
    if (mark === undefined) return undefined;
    return { value: mark.value, lease: parseLeaseValue(mark.value), unchangedMs: quorateNow() - mark.at };
  };
  return {
    onAnswer({ records }) {
      const now = quorateNow();
      last = { quorateMs: now, at: monotonic() };
      const present = new Set(records.marks.map(({ name }) => name));
      for (const name of since.keys()) if (!present.has(name)) since.delete(name);
      for (const { name, value } of records.marks) {
        if (since.get(name)?.value !== value) since.set(name, { value, at: now });
      }
    },
    seen,
    hasRunOut(name) {
      const lease = seen(name);
      if (lease === undefined) return false;
      const termMs = lease.lease?.info?.termMs ?? longestTermMs;
      return lease.unchangedMs >= Math.max(termMs, 1000);
    },
  };
}
