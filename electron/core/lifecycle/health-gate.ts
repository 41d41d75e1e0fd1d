import { isOld } from '#shared/model/reading.ts';
import type { Reading } from '#shared/model/reading.ts';
import type { HostFacts } from './facts.ts';
import type { GateMemory } from './memory.ts';

/** Good observations in a row that open the gate, and the least time between two that count. */
export const gateObservations = 3;
export const gateSpacingMs = 2000;
/** The node's clock may differ by this much from this laptop's, or from the other nodes': a laptop's clock may be the wrong one. */
export const gateClockMs = 1000;

/**
 * What keeps an observation from being a good one, in words; empty when it is good. What was read of the node before it came online
 * (`onlineSince`) is of its life before, and no good news: only links and pools, which are read at a slower pace, may be older.
 */
export function gateObstacles(host: HostFacts, onlineSince: number, now: number): readonly string[] {
  const needs = (reading: Reading<boolean>, bad: string, notBefore = 0): string | undefined => {
    if (reading.kind === 'none') return undefined;
    if (reading.kind === 'unknown' || isOld(reading, now) || reading.readAt < notBefore) return `${bad}: not known`;
    return reading.value ? undefined : bad;
  };
  const judge = <T>(reading: Reading<T>, isGood: (value: T) => boolean): Reading<boolean> =>
    reading.kind === 'known' ? { ...reading, value: isGood(reading.value) } : reading;
  return [
    host.reachability.kind === 'reachable' ? undefined : 'not reachable from this laptop',
    needs(
      judge(host.libvirt, (state) => state !== 'down'),
      'libvirt does not answer',
    ),
    needs(host.clusterServices, 'cluster services do not all run', onlineSince),
    needs(host.carrier, 'a converged link has no carrier'),
    needs(
      judge(host.clockOffsetMs, (offset) => Math.abs(offset) <= gateClockMs),
      'its clock is more than 1 s off, by this laptop and by the other nodes',
    ),
    needs(
      judge(host.pools, (pools) => pools.every(({ state }) => state !== 'failed')),
      'a data pool has failed',
    ),
  ].filter((obstacle) => obstacle !== undefined);
}

/** The gate after this moment: counts a new good observation, forgets all of them at a bad one. */
export function stepGate(
  gate: GateMemory,
  isOnline: boolean,
  host: HostFacts,
  sampleAt: number,
  now: number,
): GateMemory {
  if (!isOnline) return { good: 0, lastAt: gate.lastAt, onlineSince: null };
  const onlineSince = gate.onlineSince ?? sampleAt;
  if (gateObstacles(host, onlineSince, now).length > 0) return { good: 0, lastAt: gate.lastAt, onlineSince };
  const at = host.observedAt;
  const isNew =
    at !== null && at >= onlineSince && (gate.good === 0 ? at > gate.lastAt : at - gate.lastAt >= gateSpacingMs);
  return isNew
    ? { good: Math.min(gate.good + 1, gateObservations), lastAt: at, onlineSince }
    : { ...gate, onlineSince };
}

/** True when the last three observations in a row were good. */
export function isGateOpen(gate: GateMemory): boolean {
  return gate.good >= gateObservations;
}

/** "health check 2 of 3", or what it waits for. */
export function gateReason(gate: GateMemory, host: HostFacts, now: number): string {
  const [obstacle] = gateObstacles(host, gate.onlineSince ?? 0, now);
  const check = `health check ${gate.good + 1} of ${gateObservations}`;
  return obstacle === undefined ? check : `${check}: ${obstacle}`;
}
