import { candidateStatuses, statusLabels } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { regionWords } from '#shared/model/region-words.ts';
import type { Reading } from '#shared/model/reading.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';
import { formatReason } from '../../ui/format.ts';
import { columnNames } from './columns.tsx';

/** Bare numbers in base units of the head, so that a spreadsheet can count with them. */
const heads: Partial<Record<NodeColumnId, string>> = {
  cpu: 'CPU (used, %)',
  memory: 'Memory (installed, GiB)',
  vmMemoryTotal: 'VM Memory (Total, GiB)',
  vmMemoryAvailable: 'VM Memory (Available, GiB)',
  networkRx: 'Network Rx (Gbit/s)',
  networkTx: 'Network Tx (Gbit/s)',
  storage: 'Storage (TB)',
  uptime: 'Uptime (s)',
};

const gib = 2 ** 30;

function number(reading: Reading<number>, unit: number, decimals: number): string {
  if (reading.kind === 'none') return '';
  if (reading.kind === 'unknown') return 'not known';
  return String(Number((reading.value / unit).toFixed(decimals)));
}

function valueOfCell(row: NodeRow, column: NodeColumnId): string {
  switch (column) {
    case 'name':
      return row.name;
    case 'status':
      return statusLabels[row.status.status];
    case 'candidate':
      return candidateStatuses.has(row.status.status) ? 'Yes' : 'No';
    case 'address':
      return row.address.kind === 'known' ? row.address.value : row.address.kind === 'none' ? '' : 'not known';
    case 'cpu':
      return number(row.cpuPercent, 1, 1);
    case 'vcpus':
      return number(row.vcpus, 1, 0);
    case 'memory':
      return number(row.memoryBytes, gib, 2);
    case 'vmMemoryTotal':
      return number(row.vmMemoryTotalBytes, gib, 2);
    case 'vmMemoryAvailable':
      return number(row.vmMemoryAvailableBytes, gib, 2);
    case 'networkRx':
      return number(row.networkRxBitsPerSecond, 1e9, 4);
    case 'networkTx':
      return number(row.networkTxBitsPerSecond, 1e9, 4);
    case 'storage':
      return number(row.storageBytes, 1e12, 3);
    case 'uptime':
      return number(row.uptimeSeconds, 1, 0);
    case 'tags':
      return row.tags.join(', ');
  }
}

/**
 * One field. What a spreadsheet would take for a formula is made text by a leading apostrophe
 * (OWASP, CSV Injection: `=`, `+`, `-`, `@`, tab, carriage return).
 */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * What the list shows, as CSV (RFC 4180). After the columns come the reason of the status with its warnings, the moment the status was read and
 * the moment the oldest measured value of the row was read (ISO 8601, UTC), because neither a status nor a number is worth much
 * without its age once it has left the app. Of a demo region the first line says that it is one.
 */
export function nodesToCsv(
  rows: readonly NodeRow[],
  columns: readonly NodeColumnId[],
  region: Pick<RegionProfile, 'name' | 'demoLabel'>,
): string {
  const head = [
    ...columns.map((column) => heads[column] ?? columnNames[column]),
    'Reason',
    'Status read at',
    'Oldest value read at',
  ];
  const lines = rows.map((row) => [
    ...columns.map((column) => valueOfCell(row, column)),
    row.status.unknownSince === null ? reasonOf(row) : `unknown; last known. ${reasonOf(row)}`.trim(),
    row.status.readAt === null ? '' : new Date(row.status.readAt).toISOString(),
    oldestRead(row),
  ]);
  const label = region.demoLabel === null ? [] : [[regionWords(region)]];
  return [...label, head, ...lines].map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

const reasonOf = ({ status }: NodeRow): string =>
  [status.reason, ...status.warnings.filter((warning) => warning !== status.reason)]
    .filter((words) => words !== '')
    .map((words) => formatReason(words, 0, 'iso'))
    .join('; ');

function oldestRead(row: NodeRow): string {
  const measured = [row.cpuPercent, row.memoryUsedPercent, row.networkRxBitsPerSecond, row.networkTxBitsPerSecond];
  const times = measured.flatMap((reading) => (reading.kind === 'known' ? [reading.readAt] : []));
  return times.length === 0 ? '' : new Date(Math.min(...times)).toISOString();
}
