import { candidateStatuses, nodeStatuses } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { valueOf } from '#shared/model/reading.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';

/** What a row is sorted by. `null`: not known or not applicable, which stands last in both directions. */
export type SortKey = string | number | null;

const attention = new Map(nodeStatuses.map((status, index) => [status, index]));

const naturalKeys = new Map<string, string>();
const maxKeptKeys = 100_000;

/** Text in which numbers compare as numbers and letters without case or accents: `n2` stands before `n10`, `Über` beside `uber`. */
export function naturalKey(text: string): string {
  const kept = naturalKeys.get(text);
  if (kept !== undefined) return kept;
  // oxlint-disable-next-line no-control-regex -- The printable ASCII range, where nothing has to be decomposed.
  const plain = /^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKD').replaceAll(/\p{Mn}/gu, '');
  const key = plain.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'));
  if (naturalKeys.size >= maxKeptKeys) naturalKeys.clear();
  naturalKeys.set(text, key);
  return key;
}

/** What a row is sorted by in a column. */
export function sortKey(row: NodeRow, column: NodeColumnId): SortKey {
  switch (column) {
    case 'name':
      return naturalKey(row.name);
    case 'status':
      return attention.get(row.status.status) ?? null;
    case 'candidate':
      return candidateStatuses.has(row.status.status) ? 0 : 1;
    case 'address': {
      const address = valueOf(row.address);
      return address === undefined ? null : naturalKey(address);
    }
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
      return row.tags.length === 0 ? null : naturalKey(row.tags.join(', '));
  }
}
