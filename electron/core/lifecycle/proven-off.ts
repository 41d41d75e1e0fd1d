import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { isConnecting } from './connecting.ts';
import { fencedAt } from './fencing.ts';
import type { StatusMemory } from './memory.ts';

/** Until when fencings of the node are over, because this laptop saw it up after them; UTC ms, 0: it saw none end. */
export function fencingsOverAt(memory: StatusMemory | undefined): number {
  if (memory === undefined) return 0;
  const { fencingOverAt, fenced } = memory;
  return fenced?.cameBack === true ? Math.max(fencingOverAt, fenced.at) : fencingOverAt;
}

/**
 * Off as a quorate cluster proves it (R11): offline and clean, and fenced after it was last known to be up. It was up when this laptop saw
 * it so, when the cluster last recorded an action there, and when its maintenance was recorded, unless it was proven off by then. A Worker whose connection is only being opened is not up.
 * @param overAt `fencingsOverAt`.
 */
export function isProvenOff(
  answer: Pick<ClusterAnswer, 'nodes' | 'members' | 'resources' | 'fencing' | 'records'>,
  node: string,
  overAt: number,
): boolean {
  const { nodes, resources, records } = answer;
  const member = nodes.find(({ name }) => name === node);
  if (member === undefined || member.isUnclean || member.isPending) return false;
  const connection = resources.find(({ id }) => id === node);
  if (member.isOnline && !isConnecting(member, connection)) return false;
  const maintenance = records.nodes[node]?.maintenance ?? null;
  // By the cluster's clock alone; a record of an earlier version has its laptop's time only.
  const beforeIt = maintenance === null || maintenance.wasOff === true ? 0 : (maintenance.fencedAt ?? maintenance.at);
  return fencedAt(answer, node) > beforeIt && !isFencingOver(answer, node, overAt);
}

/**
 * Whether a node was up after its newest fencing: as this laptop saw it, or by what the cluster recorded of it since.
 * @param overAt `fencingsOverAt`.
 */
export function isFencingOver(
  answer: Pick<ClusterAnswer, 'fencing' | 'members'>,
  node: string,
  overAt: number,
): boolean {
  const actedAt = answer.members.find(({ name }) => name === node)?.actedAt ?? 0;
  return fencedAt(answer, node) <= Math.max(overAt, actedAt);
}
