import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { newestFencing } from './fencing.ts';
import type { StatusMemory } from './memory.ts';

/** A forced maintenance records itself so long after its fencing at most, by whichever laptop's clock. */
const recordedAfterMs = 20 * 60_000;

/** Until when fencings of the node are over, because this laptop saw it up after them; UTC ms, 0: it saw none end. */
export function fencingsOverAt(memory: StatusMemory | undefined): number {
  if (memory === undefined) return 0;
  const { fencingOverAt, fenced } = memory;
  return fenced?.cameBack === true ? Math.max(fencingOverAt, fenced.at) : fencingOverAt;
}

/**
 * Off as a quorate cluster proves it (R11): offline and clean, and fenced after it was last known to be up. It was up when this laptop saw
 * it so, when its services were stopped on purpose, and when its maintenance was recorded, unless that followed upon the fencing itself.
 * @param overAt `fencingsOverAt`.
 */
export function isProvenOff(
  { nodes, fencing, records }: Pick<ClusterAnswer, 'nodes' | 'fencing' | 'records'>,
  node: string,
  overAt: number,
): boolean {
  const member = nodes.find(({ name }) => name === node);
  if (member === undefined || member.isOnline || member.isUnclean || member.isPending) return false;
  const newest = newestFencing(fencing.filter(({ target }) => target === node));
  if (newest === undefined) return false;
  const maintenance = records.nodes[node]?.maintenance ?? null;
  const upAt = maintenance === null ? 0 : maintenance.at - (maintenance.isStopped ? 0 : recordedAfterMs);
  return newest.completedAt > Math.max(overAt, upAt);
}
