import { isOld } from '#shared/model/reading.ts';
import type { ClusterNode } from '#shared/model/cluster.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { BelievedFacts, HostFacts } from './facts.ts';
import type { StatusMemory } from './memory.ts';
import { isSettled } from './settle.ts';

/** A moment, ready to be judged: the facts, and the memory as it stands with them. */
export interface Situation {
  readonly cluster: BelievedFacts;
  readonly host: HostFacts;
  readonly memory: StatusMemory;
  /** The memory before these facts; `undefined` at the first sight of a node. */
  readonly previous: StatusMemory | undefined;
  readonly now: number;
  readonly isUncleanSettled: boolean;
  readonly isOfflineSettled: boolean;
  readonly isEmptySettled: boolean;
  readonly isLibvirtDownSettled: boolean;
}

/** A member: crm_mon lists it. */
export type MemberSituation = Situation & { readonly node: ClusterNode };

/** The last view stands, and why. */
export interface Held {
  readonly kind: 'hold';
  readonly because: string;
  /** What it stands on is old or gone, not only to be confirmed: it is marked at once. */
  readonly isUnproven: boolean;
}

/**
 * What a line of the table says: its status and reason, or `hold`: what is seen is not believed yet, or cannot be told now, and why, so the
 * last view stands. `undefined`: the line does not fit.
 */
export type Verdict =
  | {
      readonly kind: 'status';
      readonly status: NodeStatus;
      readonly reason: string;
      readonly cause: StatusMemory['cause'];
    }
  | Held
  | undefined;

/** One line of the table in status.md. */
export interface Line<S> {
  readonly line: number;
  readonly judge: (situation: S) => Verdict;
}

export const hold: Held = { kind: 'hold', because: 'seen once, being read again', isUnproven: false };

export function status(is: NodeStatus, reason: string, cause: StatusMemory['cause'] = null): Verdict {
  return { kind: 'status', status: is, reason, cause };
}

export function situationOf(
  previous: StatusMemory | undefined,
  memory: StatusMemory,
  cluster: BelievedFacts,
  host: HostFacts,
  now: number,
): Situation {
  const { unclean, offline, empty, libvirtDown } = memory.seen;
  return {
    cluster,
    host,
    memory,
    previous,
    now,
    isUncleanSettled: isSettled(unclean, cluster.readAt),
    isOfflineSettled: isSettled(offline, cluster.readAt),
    isEmptySettled: isSettled(empty, cluster.readAt),
    isLibvirtDownSettled: isSettled(libvirtDown, host.observedAt ?? 0),
  };
}

/** Unclean only because nobody has seen it online yet: the first moments of a bootstrap (21 to 38 s) or of a Worker's join. */
export function isFirstMoment({ memory, cluster }: Situation): boolean {
  const { joining } = memory;
  return joining !== null && !joining.wasOnline && cluster.readAt - joining.since < 60_000;
}

/** A join or an Activate is on its way, and its health gate has not opened yet. */
export function isComing({ memory }: Situation): boolean {
  return memory.joining !== null && !memory.joining.isPassed;
}

/** The resources on it that a maintenance has to move away: everything but fencing and its own connection. */
export function foreignResources(cluster: BelievedFacts): readonly string[] {
  const own = cluster.connection?.id;
  const ids = cluster.resources
    .filter(({ id, agent }) => !agent.startsWith('stonith:') && !(id === own && agent === 'ocf:pacemaker:remote'))
    .map(({ id }) => id);
  return [...new Set(ids)];
}

/** What libvirt says runs there: the domains' names; `unknown` where no fresh read tells. Paused counts: half of a move is paused. */
export function runningDomains(
  host: HostFacts,
  now: number,
  notBefore = 0,
):
  | { readonly kind: 'read'; readonly names: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string } {
  const { libvirt, domains } = host;
  if (libvirt.kind === 'known' && !isOld(libvirt, now) && libvirt.value === 'not-installed')
    return { kind: 'read', names: [] };
  if (domains.kind === 'none') return { kind: 'unknown', because: 'its domains were not read' };
  if (domains.kind === 'unknown') return { kind: 'unknown', because: domains.because };
  if (isOld(domains, now)) return { kind: 'unknown', because: domains.because ?? 'its last answer is old' };
  if (domains.readAt < notBefore) return { kind: 'unknown', because: 'its last answer is from before' };
  const names = domains.value.filter(({ state }) => !/^shut ?off$/u.test(state)).map(({ name }) => name);
  return { kind: 'read', names };
}
