import type { FastSample } from '#shared/model/hardware.ts';
import type { SlowReadings } from '#shared/model/node.ts';
import { isOld, known, unknown, valueOf, type Reading } from '#shared/model/reading.ts';
import type { Problem } from '#shared/problems.ts';
import { rates } from '../probes/fast-rates.ts';
import type { Parsed } from '../probes/probe.ts';
import type { SlowProbeId } from '../probes/slow-probes.ts';
import { withSeen, type ShownIdentity } from './node-identity.ts';
import { allSlow, type Observation } from './observation.ts';

/** A probe's answer as a reading of now. */
function readingOf<T>(parsed: Parsed<T>, now: number, intervalMs: number): Reading<T> {
  return parsed.kind === 'value' ? known(parsed.value, now, intervalMs) : unknown(parsed.because);
}

/** The node answered a login. "Reachable" itself waits for a command that went there and back (R29): `withFast`. */
export function withConnection(
  observation: Observation,
  connection: {
    readonly host: string;
    readonly hostKey: { readonly type: string; readonly fingerprint: string };
    readonly at: number;
    readonly intervalMs: number;
  },
): Observation {
  const { host, hostKey, at, intervalMs } = connection;
  return { ...observation, address: host, hostKey: known(hostKey, at, intervalMs) };
}

/** A fast sample came: rates against the one before it, and the clock's distance less half the round trip. */
export function withFast(
  observation: Observation,
  parsed: Parsed<FastSample>,
  at: { readonly now: number; readonly roundTripMs: number; readonly intervalMs: number },
): Observation {
  const { now, roundTripMs, intervalMs } = at;
  const reachability = { kind: 'reachable', at: now } as const;
  if (parsed.kind === 'unknown') return { ...withOldFast(observation, parsed.because), reachability };
  // A sample from before a gap (a cut network, the last session) would give the average of the gap, and it would stand there as now.
  const previous = isOld(observation.sample, now) ? undefined : valueOf(observation.sample);
  const between =
    previous === undefined
      ? ({ kind: 'unknown', because: 'a rate needs two samples, and this is the first' } as const)
      : rates(previous, parsed.value);
  return {
    ...observation,
    reachability,
    sample: known(parsed.value, now, intervalMs),
    rates: readingOf(between, now, intervalMs),
    clockOffsetMs: known(parsed.value.clockMs - (now - roundTripMs / 2), now, intervalMs),
  };
}

/** A slow fact came, or the reason why it cannot be known. */
export function withSlow(
  observation: Observation,
  id: SlowProbeId,
  parsed: Parsed<unknown>,
  at: { readonly now: number; readonly intervalMs: number },
): Observation {
  return { ...observation, slow: { ...observation.slow, [id]: readingOf(parsed, at.now, at.intervalMs) } };
}

/** The node cannot be reached: what was read stays, with its age and the reason why nothing newer came. */
export function withProblem(observation: Observation, problem: Problem, now: number): Observation {
  const { reachability, slow } = observation;
  const because = problem.message;
  // Told before: facts that stay the same object are neither summarised nor saved again at each try.
  const isTold = reachability.kind === 'unreachable' && reachability.problem.message === because;
  return {
    ...withOldFast(observation, because),
    reachability: {
      kind: 'unreachable',
      since: reachability.kind === 'unreachable' ? reachability.since : now,
      problem,
    },
    slow: isTold ? slow : withOldSlow(slow, because),
  };
}

function withOldSlow(slow: SlowReadings, because: string): SlowReadings {
  return {
    system: keepOld(slow.system, because),
    cpu: keepOld(slow.cpu, because),
    memory: keepOld(slow.memory, because),
    links: keepOld(slow.links, because),
    disks: keepOld(slow.disks, because),
    filesystems: keepOld(slow.filesystems, because),
    pciDevices: keepOld(slow.pciDevices, because),
    services: keepOld(slow.services, because),
    domains: keepOld(slow.domains, because),
    pools: keepOld(slow.pools, because),
  };
}

/** The machine that answers is the node, as far as it shows who it is (R12). */
export function withIdentity(observation: Observation, shown: ShownIdentity): Observation {
  return { ...observation, firstSeen: withSeen(observation.firstSeen, shown), frozenBecause: null };
}

/**
 * Another machine answers under the node's name (R12): nothing of it is taken for the node's, and what was read of the node
 * itself may be of either, so nothing is known until the node is back. Who it is stays known.
 */
export function withAnotherMachine(observation: Observation, problem: Problem, now: number): Observation {
  const because = problem.message;
  return {
    ...withProblem(observation, problem, now),
    frozenBecause: because,
    address: null,
    hostKey: unknown(because),
    sample: unknown(because),
    rates: unknown(because),
    clockOffsetMs: unknown(because),
    slow: allSlow(unknown(because)),
  };
}

function withOldFast(observation: Observation, because: string): Observation {
  const { sample, rates: oldRates, clockOffsetMs } = observation;
  return {
    ...observation,
    sample: keepOld(sample, because),
    rates: keepOld(oldRates, because),
    clockOffsetMs: keepOld(clockOffsetMs, because),
  };
}

function keepOld<T>(reading: Reading<T>, because: string): Reading<T> {
  if (reading.kind === 'none') return reading;
  return reading.kind === 'known' ? { ...reading, because } : unknown(because);
}
