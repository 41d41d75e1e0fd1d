import { momentToken } from '#shared/model/moment.ts';
import { enteringCommands } from '#shared/model/operation.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { gateReason } from './health-gate.ts';
import type { HostFacts } from './facts.ts';
import { listed, standbyReason, times } from './reasons.ts';
import { foreignResources, hold, isComing, runningDomains, status } from './situation.ts';
import type { Line, MemberSituation, Verdict } from './situation.ts';

/** Lines 12 to 17 of status.md: members that are online, or on their way to be. */
export const linesOnline: readonly Line<MemberSituation>[] = [
  {
    line: 12,
    judge: ({ memory, node, host, now }) => {
      if (memory.fenced === null) return undefined;
      return status('unfencing', node.isPending ? 'joining the cluster again' : gateReason(memory.gate, host, now));
    },
  },
  {
    line: 13,
    judge: (situation) => {
      const { node, memory, cluster, host, now } = situation;
      const isActivating = cluster.operation?.command === 'activate' && cluster.operation.failure === null;
      if (!isComing(situation) && !(isActivating && node.isStandby)) return undefined;
      const step = cluster.operation?.failure === null ? cluster.operation.step : undefined;
      if (node.isPending) return status('activating', step ?? 'joining the cluster');
      return status(
        'activating',
        [step, isComing(situation) ? gateReason(memory.gate, host, now) : undefined].filter(Boolean).join('; '),
      );
    },
  },
  {
    // No line of its own: pending wins over standby, and a member that comes or goes says `standby pending` for up to a second.
    line: 14,
    judge: ({ node }) => (node.isPending ? hold : undefined),
  },
  { line: 14, judge: entering },
  {
    line: 15,
    judge: ({ node, cluster }) => {
      if (!node.isStandby) return undefined;
      return status('in-maintenance', standbyReason(cluster, node));
    },
  },
  { line: 16, judge: failedHost },
  {
    line: 17,
    judge: ({ node }) =>
      status('active', node.isShuttingDown ? 'leaving the cluster: its services are being stopped' : ''),
  },
];

/** Line 14. It says everything that keeps line 15 from being true, so that line 15 needs no condition but the standby. */
function entering(situation: MemberSituation): Verdict {
  const { node, cluster, host, now, previous } = situation;
  const { operation } = cluster;
  if (operation !== null && enteringCommands.has(operation.command)) {
    if (operation.failure !== null) return status('entering-maintenance', `failed to enter: ${operation.failure}`);
    const since = unattendedSince(situation);
    if (since === undefined) return status('entering-maintenance', `${operation.step}, by ${operation.owner}`);
    return status(
      'entering-maintenance',
      `unattended, seen since ${momentToken(since)}: ${operation.step}, begun by ${operation.owner}`,
    );
  }
  if (!node.isStandby) return undefined;
  const resources = foreignResources(cluster);
  if (resources.length > 0) return status('entering-maintenance', `${listed('resource', resources)} still there`);
  // At the first sight there is no earlier view to hold: then it is shown as seen once.
  if (!situation.isEmptySettled)
    return (previous?.view ?? null) === null || previous?.line === 15
      ? hold
      : status('entering-maintenance', 'empty, being read again');
  // R1: a list from before the cluster emptied it is no proof; once it was proven, every later list is.
  const domains = runningDomains(host, now, previous?.line === 15 ? 0 : (situation.memory.occupiedAt ?? 0));
  if (domains.kind === 'read')
    return domains.names.length > 0
      ? status('entering-maintenance', `libvirt still runs ${listed('domain', domains.names)}`)
      : undefined;
  // What this laptop cannot reach keeps the status that was proven.
  if (host.reachability.kind === 'unreachable' && previous?.line === 15) return undefined;
  const because = host.reachability.kind === 'unreachable' ? 'not reachable from this laptop' : domains.because;
  return status('entering-maintenance', `libvirt has not confirmed that nothing runs there: ${because}`);
}

/** Longest term of a lock (operations/lease.ts): whoever drives an operation renews it far more often. */
const lockTermMs = 60_000;

/** Since when nobody drives what is recorded: the lock is free, or was not renewed for its whole term. */
function unattendedSince({ memory, cluster }: MemberSituation): number | undefined {
  const { value, since } = memory.lease;
  if (value === null) return since;
  return cluster.readAt - since >= lockTermMs ? since : undefined;
}

/** Line 16. */
function failedHost(situation: MemberSituation): Verdict {
  const { cluster, host, now, previous } = situation;
  const [service] = cluster.failedServices;
  if (service !== undefined) {
    const count = service.failCount >= 1_000_000 ? 'does not start there' : `failed ${times(service.failCount)}`;
    return status('failed', `service ${service.resource} ${count}`);
  }
  const pools = isOld(host.pools, now) ? undefined : valueOf(host.pools);
  const pool = pools?.find(({ state }) => state === 'failed');
  if (pool !== undefined) return status('failed', `data pool ${pool.name} has failed: ${pool.detail}`, 'pools');
  const libvirt = isOld(host.libvirt, now) ? undefined : valueOf(host.libvirt);
  if (libvirt === 'down')
    return situation.isLibvirtDownSettled ? status('failed', 'libvirt does not answer', 'libvirt') : hold;
  // What the machine itself said stands until it says something else: the cluster knows nothing of it.
  if (previous?.line !== 16 || previous.cause === null) return undefined;
  const because = whyUntold(host, previous.cause, now);
  return because === undefined ? undefined : { kind: 'hold', because, isUnproven: true };
}

/** Why nobody can say now whether it still is so; `undefined`: it was read, and is not. */
function whyUntold(host: HostFacts, cause: 'libvirt' | 'pools', now: number): string | undefined {
  const reading = host[cause];
  if (reading.kind !== 'unknown' && !isOld(reading, now)) return undefined;
  if (host.reachability.kind === 'unreachable') return 'not reachable from this laptop';
  return reading.kind === 'unknown' ? reading.because : 'not read again yet';
}
