import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { Operation } from '#shared/model/operation.ts';
import { useNodes } from '../../state/nodes.ts';

/** The status of an operation's node as the table has it; `undefined`: it does not, or nobody knows it now. */
export function useStatusOf(operation: Operation | undefined): NodeStatus | undefined {
  return useNodes((state) => {
    if (operation === undefined || state.regionId !== operation.regionId) return undefined;
    const status = state.rows.get(operation.nodeId)?.status;
    return status?.unknownSince === null ? status.status : undefined;
  });
}
