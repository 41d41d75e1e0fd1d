import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { Operation } from '#shared/model/operation.ts';

/**
 * The row whose page an operation's node has now: its own, or of one that was removed the identity that it left behind (*Out*).
 * `null`: the region's list has neither any more.
 */
export function nodePageOf(
  rows: ReadonlyMap<NodeId, NodeRow>,
  { nodeId, node }: Pick<Operation, 'nodeId' | 'node'>,
): NodeId | null {
  if (rows.has(nodeId)) return nodeId;
  return [...rows.values()].find((row) => row.status.status === 'out' && row.hostname === node)?.id ?? null;
}
