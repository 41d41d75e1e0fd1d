import type { ClusterNode } from '#shared/model/cluster.ts';
import { momentToken } from '#shared/model/moment.ts';
import { commandWords } from '#shared/model/operation.ts';
import { isOld } from '#shared/model/reading.ts';
import type { BelievedFacts, HostFacts } from './facts.ts';
import { failedAttempts, fenceLoop } from './fencing.ts';

/** "3 VMs: vm1, vm2, vm3", at most three of them named. */
export function listed(noun: string, names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'}: ${shown}${rest}`;
}

/** "once", "3 times". */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** Who put it there and why, or how the standby came about that we did not write. */
export function standbyReason(cluster: BelievedFacts, node: ClusterNode): string {
  const maintenance = cluster.record?.maintenance ?? null;
  if (maintenance !== null)
    return maintenance.reason === '' ? `by ${maintenance.by}` : `${maintenance.reason}, by ${maintenance.by}`;
  if (node.isStandbyOnFail) return 'put in standby by Pacemaker, because a resource failed there (on-fail=standby)';
  if (cluster.member?.standby === 'reboot')
    return 'put in standby outside Rackside, until its cluster services restart';
  return 'put in standby outside Rackside';
}

/** Why it is unclean, and how its fencing goes. */
export function uncleanReason(cluster: BelievedFacts): string {
  const attempts = failedAttempts(cluster.fencing);
  const isPending = cluster.fencing.some((event) => event.status === 'pending');
  const because = attempts[0]?.exitReason || attempts[0]?.delegate;
  if (attempts.length > 0) {
    const detail = attempts[0]?.exitReason ? `: ${because}` : because ? `, last by ${because}` : '';
    return `fencing failed ${times(attempts.length)}${detail}${isPending ? '; tried again now' : ''}`;
  }
  return isPending ? 'fencing in progress' : 'unclean: the cluster has lost it and waits for its fencing';
}

/** What crm_mon said, in its own words: the flags that are set. */
export function nodeEvidence(node: ClusterNode, cluster: BelievedFacts): readonly string[] {
  const flags = Object.entries({
    unclean: node.isUnclean,
    pending: node.isPending,
    standby: node.isStandby,
    standby_onfail: node.isStandbyOnFail,
    maintenance: node.isInPacemakerMaintenance,
    shutdown: node.isShuttingDown,
  }).flatMap(([name, isSet]) => (isSet ? [`${name}=true`] : []));
  const [event] = cluster.fencing;
  return [
    `crm_mon: ${node.name} ${[`online=${node.isOnline}`, ...flags].join(' ')} resources_running=${node.resourcesRunning}`,
    ...(event === undefined
      ? []
      : [`fencing: ${event.action} by ${event.delegate || 'nobody yet'} ${event.status}${at(event.completedAt)}`]),
  ];
}

function at(moment: number | null): string {
  return moment === null ? '' : ` at ${momentToken(moment)}`;
}

/** What is worth a look though the status stands. */
export function warnings(cluster: BelievedFacts, host: HostFacts, now: number): readonly string[] {
  const loop = fenceLoop(cluster.fencing, now + (cluster.clusterAheadMs ?? 0));
  const pools = host.pools.kind === 'known' && !isOld(host.pools, now) ? host.pools.value : [];
  const degraded = pools.filter(({ state }) => state === 'degraded');
  const { operation } = cluster;
  return [
    loop > 0 ? `fence loop: fenced ${loop} times within an hour` : undefined,
    cluster.node !== null && cluster.isUnmanaged ? "unmanaged: Pacemaker's maintenance mode is on" : undefined,
    host.reachability.kind === 'unreachable' ? 'not reachable from this laptop' : undefined,
    ...degraded.map(({ name, detail }) => `data pool ${name} is degraded: ${detail}`),
    operation !== null && operation.failure !== null && operation.command !== 'maintenance'
      ? `${commandWords[operation.command]} failed: ${operation.failure}`
      : undefined,
  ].filter((warning) => warning !== undefined);
}
