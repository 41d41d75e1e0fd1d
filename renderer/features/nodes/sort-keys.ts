import { candidateStatuses, nodeStatuses } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { valueOf } from '#shared/model/reading.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';
import { foldText } from '../../ui/natural-order.ts';

/** What a row is sorted by; text is folded, and compared naturally. `null`: not known or not applicable, which stands last in both directions. */
export type SortKey = string | number | null;

const attention = new Map(nodeStatuses.map((status, index) => [status, index]));

/** What a row is sorted by in a column. */
export function sortKey(row: NodeRow, column: NodeColumnId): SortKey {
  switch (column) {
    case 'name':
      return foldText(row.name);
    case 'status':
      return attention.get(row.status.status) ?? null;
    case 'candidate':
      return candidateStatuses.has(row.status.status) ? 0 : 1;
    case 'address':
      return foldText(valueOf(row.address) ?? '') || null;
    case 'cpu':
      return valueOf(row.cpuPercent) ?? null;
    case 'vcpus':
      return valueOf(row.vcpus) ?? null;
    case 'memory':
      return valueOf(row.memoryBytes) ?? null;
    case 'vmMemoryTotal':
      return valueOf(row.vmMemoryTotalBytes) ?? null;
    case 'vmMemoryAvailable':
      return valueOf(row.vmMemoryAvailableBytes) ?? null;
    case 'networkRx':
      return valueOf(row.networkRxBitsPerSecond) ?? null;
    case 'networkTx':
      return valueOf(row.networkTxBitsPerSecond) ?? null;
    case 'storage':
      return valueOf(row.storageBytes) ?? null;
    case 'uptime':
      return valueOf(row.uptimeSeconds) ?? null;
    case 'tags':
      return row.tags.length === 0 ? null : foldText(row.tags.join(', '));
  }
}
