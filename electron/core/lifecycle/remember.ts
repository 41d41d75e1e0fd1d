import { isOld, valueOf } from '#shared/model/reading.ts';
import { newestFencing } from './fencing.ts';
import { isConnecting } from './connecting.ts';
import type { BelievedFacts, NodeFacts } from './facts.ts';
import { isGateOpen, stepGate } from './health-gate.ts';
import { closedGate, emptyMemory, nothingSeen } from './memory.ts';
import type { FencedMemory, JoiningMemory, SeenSince, StatusMemory } from './memory.ts';
import { seenSince } from './settle.ts';
import { foreignResources } from './situation.ts';

/** After this long without a read a return that nobody watched is over. */
const unwatchedMs = 600_000;

/**
 * For about a second after the fencing of a Worker that was connected, the cluster calls it online as before, its connection started and its
 * VMs there (captured: fence-connected-worker). No machine is off, up and connected again in this time.
 */
const aftermathMs = 10_000;

/** What was recorded of a node less than this after its fencing may be of a clock that is ahead, and wiped in a moment: it is not kept. */
const closeToFencingMs = 10_000;

/** The memory with these facts taken in; its view is still the previous one. */
export function remember(
  previous: StatusMemory | undefined,
  facts: NodeFacts,
  cluster: BelievedFacts,
  now: number,
): StatusMemory {
  const before = previous ?? emptyMemory;
  const { node } = cluster;
  if (node === null) return { ...before, seen: nothingSeen, fenced: null, joining: null, gate: closedGate };
  const isFirstSight = before.view === null;
  const isUp =
    node.isOnline &&
    !node.isUnclean &&
    !node.isPending &&
    !isConnecting(node, cluster.connection) &&
    !isAftermath(before, cluster);
  // A member that is up at the first sight, or after a long time unwatched, has come back from whatever the history tells.
  const isUnwatched = isFirstSight || cluster.readAt - (before.view?.readAt ?? 0) > unwatchedMs;
  const newest = newestFencing(cluster.fencing)?.completedAt ?? 0;
  // Where this laptop did not look, the cluster has recorded what it did there since. Nothing tells it any more once the node is back.
  const actedAt = cluster.member?.actedAt ?? 0;
  const isOver = (isUnwatched && isUp) || actedAt - newest >= closeToFencingMs;
  const fencingOverAt = isOver ? Math.max(before.fencingOverAt, newest) : before.fencingOverAt;
  const fenced = rememberFencing(before.fenced, cluster, Math.max(fencingOverAt, actedAt), isUp);
  const hasNewFencing = fenced !== null && fenced.at !== before.fenced?.at;
  const joining = rememberJoining(before, cluster, isUp, fenced !== null, hasNewFencing);
  const isWaiting = fenced !== null || (joining !== null && !joining.isPassed);
  const gate = isWaiting
    ? stepGate(hasNewFencing ? closedGate : before.gate, isUp, facts.host, cluster.readAt, now)
    : closedGate;
  const memory = {
    ...before,
    seen: rememberSeen(before.seen, facts, cluster, now),
    occupiedAt: foreignResources(cluster).length > 0 ? cluster.readAt : before.occupiedAt,
    fencingOverAt,
    fenced,
    joining,
    gate,
    lease: rememberLease(before.lease, cluster),
  };
  if (!isWaiting || !isGateOpen(gate)) return memory;
  return {
    ...memory,
    fenced: null,
    fencingOverAt: fenced?.at ?? fencingOverAt,
    // A recorded operation is remembered until its record is gone, so that it does not begin again.
    joining: joining === null || joining.operation === null ? null : { ...joining, isPassed: true },
    gate: closedGate,
  };
}

/** Whether what the cluster says of a Worker is of before its fencing: that was moments ago, or was first told moments ago. */
function isAftermath({ view, fenced, fencingOverAt }: StatusMemory, { node, fencing, readAt }: BelievedFacts): boolean {
  const newest = newestFencing(fencing)?.completedAt ?? 0;
  if (node?.type !== 'remote' || newest <= fencingOverAt) return false;
  if (fenced?.at === newest) return !fenced.cameBack && !fenced.wentDown && readAt - fenced.seenAt < aftermathMs;
  // Where it was not read just before, the laptop's clock has to do: where that is wrong, the node is taken for back, and nothing is believed
  // of it.
  return [newest, view?.readAt ?? newest].some((moment) => Math.abs(readAt - moment) < aftermathMs);
}

function rememberLease(before: StatusMemory['lease'], { lease, readAt }: BelievedFacts): StatusMemory['lease'] {
  const isSame = before.value === lease && before.since !== 0;
  return isSame ? before : { value: lease, since: readAt };
}

function rememberSeen(before: SeenSince, facts: NodeFacts, cluster: BelievedFacts, now: number): SeenSince {
  const { node, readAt } = cluster;
  const { host, ownWriteAt } = facts;
  const sample = (since: number | null, isSeen: boolean): number | null => seenSince(since, isSeen, readAt, ownWriteAt);
  const isDown = !isOld(host.libvirt, now) && valueOf(host.libvirt) === 'down';
  return {
    unclean: sample(before.unclean, node?.isUnclean === true),
    offline: sample(before.offline, node?.isOnline === false),
    empty: sample(before.empty, foreignResources(cluster).length === 0),
    libvirtDown: host.observedAt === null ? null : seenSince(before.libvirtDown, isDown, host.observedAt, null),
  };
}

function rememberFencing(
  before: FencedMemory | null,
  cluster: BelievedFacts,
  overAt: number,
  isUp: boolean,
): FencedMemory | null {
  const newest = newestFencing(cluster.fencing);
  // Completed while it is still called unclean: the next answer will call it clean, or not.
  if (
    newest !== undefined &&
    newest.completedAt > Math.max(overAt, before?.at ?? 0) &&
    cluster.node?.isUnclean === false
  ) {
    return {
      at: newest.completedAt,
      by: newest.delegate,
      client: newest.client,
      seenAt: cluster.readAt,
      whileStandby: cluster.node.isStandby && !cluster.node.isPending,
      wentDown: !cluster.node.isOnline,
      cameBack: isUp,
    };
  }
  if (before === null) return null;
  const wentDown = before.wentDown || cluster.node?.isOnline === false;
  return { ...before, wentDown, cameBack: before.cameBack || isUp || before.at < overAt };
}

function rememberJoining(
  previous: StatusMemory,
  cluster: BelievedFacts,
  isUp: boolean,
  isFenced: boolean,
  hasNewFencing: boolean,
): JoiningMemory | null {
  const before = previous.joining;
  const { operation, node, readAt } = cluster;
  const begun = (id: string | null): JoiningMemory => ({
    since: readAt,
    operation: id,
    wasOnline: isUp,
    isPassed: false,
  });
  const isRecorded =
    operation !== null &&
    operation.failure === null &&
    (operation.command === 'join' || operation.command === 'activate');
  if (isRecorded) {
    if (before?.operation === operation.id) return { ...before, wasOnline: before.wasOnline || isUp };
    // A join seen before its record is the same join.
    return before !== null && before.operation === null
      ? { ...before, operation: operation.id, wasOnline: before.wasOnline || isUp }
      : begun(operation.id);
  }
  if (before !== null && before.operation === null && !hasNewFencing)
    return { ...before, wasOnline: before.wasOnline || isUp };
  const wasApproved = previous.view?.status === 'approved';
  const isUnknownPending = previous.view === null && node?.isPending === true && !isFenced;
  return (cluster.isNewMember || wasApproved || isUnknownPending) && !hasNewFencing ? begun(null) : null;
}
