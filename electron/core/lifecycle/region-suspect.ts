import type { Reachability } from '#shared/model/node.ts';
import type { ProblemCode } from '#shared/problems.ts';

/** Nodes that fall silent within this time of each other fell silent at once. */
const togetherMs = 30_000;

/** Nobody answered. A machine that asks for a password or refuses a key has answered: that is no matter of the network. */
const silenceCodes: ReadonlySet<ProblemCode> = new Set([
  'address-not-found',
  'address-unreachable',
  'connection-timed-out',
  'connection-lost',
  'command-timed-out',
  'jump-host-failed',
]);

/**
 * True when the laptop's own network is the first suspect (R22): no node that was tried answers, at least two of them, and
 * they all fell silent within half a minute. A region whose nodes die one after another is another matter.
 *
 * @param now UTC ms; what lies in the future of it (a clock that was set back) is taken as now.
 */
export function suspectLaptop(reachabilities: readonly Reachability[], now: number): boolean {
  const tried = reachabilities.filter((one) => one.kind !== 'not-tried');
  const silentSince = tried.flatMap((one) =>
    one.kind === 'unreachable' && silenceCodes.has(one.problem.code) ? [Math.min(one.since, now)] : [],
  );
  if (silentSince.length < 2 || silentSince.length < tried.length) return false;
  return Math.max(...silentSince) - Math.min(...silentSince) <= togetherMs;
}
