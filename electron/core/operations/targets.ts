import { valueOf } from '#shared/model/reading.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeRow } from '#shared/model/node.ts';

/** Why a node is no target for a VM of this size now (R4), in words; `undefined`: it is one. */
export function whyNoTarget(
  rows: readonly NodeRow[],
  answer: ClusterAnswer,
  target: string,
  memoryBytes: number | null,
): string | undefined {
  const node = answer.nodes.find(({ name }) => name === target);
  const row = rows.find(({ hostname, id }) => hostname === target || id === `member:${target}`);
  if (node === undefined || row === undefined) return `${target} is not a member any more`;
  if (!node.isOnline || node.isUnclean || node.isPending) return `${target} is not online`;
  if (node.isStandby || node.isStandbyOnFail) return `${target} is in standby`;
  if (node.isShuttingDown) return `${target} is shutting down`;
  if (row.status.status !== 'active' || row.status.unknownSince !== null) return `${target} is not Active`;
  if (row.operation !== null) return `an operation is under way on ${target}`;
  if (row.frozenBecause !== null) return `${target} is frozen: ${row.frozenBecause}`;
  const free = valueOf(row.vmMemoryAvailableBytes);
  if (memoryBytes === null) return 'its memory is not known';
  if (free === undefined) return `the free memory of ${target} is not known`;
  if (free < memoryBytes) return `${target} lacks the memory now`;
  return undefined;
}
