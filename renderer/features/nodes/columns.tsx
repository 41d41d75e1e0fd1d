import { candidateStatuses } from '#shared/lifecycle/statuses.ts';
import type { Reading } from '#shared/model/reading.ts';
import { mapReading, valueOf } from '#shared/model/reading.ts';
import { nodeHref } from '../../state/nodes.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';
import { commandWords } from '#shared/model/operation.ts';
import { operationHref } from '../../state/operations.ts';
import { formatCount, formatDuration, formatGbit, formatGib, formatPercent, formatTb } from '../../ui/format.ts';
import { ReadingCell, readingTip } from '../../ui/reading-cell.tsx';
import { StatusLabel, statusTip } from '../../ui/status-label.tsx';
import type { Column } from '../../ui/table/types.ts';
import type { RowData } from './row-data.ts';
import { TagList } from './tag-list.tsx';
import { isCpuHot, isVmMemoryHot } from '../../ui/thresholds.ts';

export type NodeColumn = Column<RowData, NodeColumnId>;

/** A numeric column that shows one reading. */
function numberColumn(
  about: Pick<NodeColumn, 'id' | 'label' | 'width'> & { readonly unit?: string },
  readingOf: (data: RowData) => Reading<number>,
  format: (value: number) => string,
  more: {
    readonly isHot?: (value: number, data: RowData) => boolean;
    readonly trend?: (data: RowData) => {
      readonly series: readonly (number | null)[] | undefined;
      readonly top: number | undefined;
    };
    readonly trendReading?: (data: RowData) => Reading<unknown>;
    readonly trendLabel?: string;
  } = {},
): NodeColumn {
  const { isHot, trend, trendReading, trendLabel } = more;
  const name = about.unit === undefined ? about.label : `${about.label}, ${about.unit}`;
  return {
    ...about,
    align: 'end',
    render: (data) => (
      <ReadingCell
        reading={readingOf(data)}
        now={data.now}
        format={format}
        {...(isHot ? { isHot: (value: number) => isHot(value, data) } : {})}
        {...(trend ? { trend: trend(data) } : {})}
        {...(trendReading ? { trendReading: trendReading(data) } : {})}
      />
    ),
    tip: (data) => {
      const own = readingTip(name, readingOf(data), data.now);
      if (!own || !trendReading || trendLabel === undefined) return own;
      const second = readingTip(trendLabel, trendReading(data), data.now);
      return second ? { ...own, lines: [...own.lines, [second.title, ...second.lines].join(': ')] } : own;
    },
  };
}

const percentScale = 100;

/** What stands behind a status that gives no reason itself: the operation on the node, or that it is the DC. */
function statusReason({ status, operation, isDc }: RowData['row']): string {
  if (status.reason !== '') return status.reason;
  return operation ? commandWords[operation.command] : isDc ? 'DC' : '';
}

/** The columns in the words of the specification. Name and Status are pinned; the others keep its order. */
export const nodeColumns: readonly NodeColumn[] = [
  {
    id: 'name',
    label: 'Name',
    width: 90,
    isPinned: true,
    render: ({ row }) => (
      <a href={nodeHref(row.id)} tabIndex={-1}>
        {row.name}
      </a>
    ),
    tip: ({ row, now }) => {
      const machineId = valueOf(row.machineId);
      const id =
        machineId === undefined ? (readingTip('ID', row.machineId, now)?.lines ?? []) : [`Machine-id ${machineId}`];
      return {
        title: row.name,
        lines: [`Hostname ${row.hostname}`, ...id, ...(row.isDc ? ['Designated controller (DC)'] : [])],
      };
    },
  },
  {
    id: 'status',
    label: 'Status',
    unit: 'attention first',
    width: 200,
    grow: 3,
    isPinned: true,
    render: ({ row, now }) => (
      <StatusLabel
        status={row.status}
        now={now}
        reason={statusReason(row)}
        href={row.operation === null ? undefined : operationHref(row.operation.id)}
      />
    ),
    tip: ({ row, now }) => statusTip(row.status, now),
  },
  {
    id: 'candidate',
    label: 'Candidate',
    width: 72,
    render: ({ row }) => (candidateStatuses.has(row.status.status) ? 'Yes' : <span className="rk-na">No</span>),
  },
  {
    id: 'address',
    label: 'IP',
    width: 88,
    render: ({ row, now }) => <ReadingCell reading={row.address} now={now} format={(address) => address} />,
    tip: ({ row, now }) => readingTip('IP', row.address, now),
  },
  numberColumn({ id: 'cpu', label: 'CPU', unit: 'used, %', width: 82 }, ({ row }) => row.cpuPercent, formatPercent, {
    isHot: isCpuHot,
    trend: ({ trends }) => ({ series: trends?.cpuPercent, top: percentScale }),
  }),
  numberColumn({ id: 'vcpus', label: 'vCPUs', width: 52 }, ({ row }) => row.vcpus, formatCount),
  numberColumn(
    { id: 'memory', label: 'Memory', unit: 'installed, GiB', width: 94 },
    ({ row }) => row.memoryBytes,
    formatGib,
    {
      trend: ({ trends }) => ({ series: trends?.memoryUsedPercent, top: percentScale }),
      trendReading: ({ row }) => row.memoryUsedPercent,
      trendLabel: 'Used memory',
    },
  ),
  {
    ...numberColumn(
      { id: 'vmMemoryTotal', label: 'VM Memory', unit: 'total, GiB', width: 84 },
      ({ row }) => row.vmMemoryTotalBytes,
      formatGib,
    ),
    tip: ({ row, now }) => {
      const tip = readingTip('VM Memory (Total)', row.vmMemoryTotalBytes, now);
      const allocated = valueOf(mapReading(row.vmMemoryAllocatedBytes, formatGib));
      if (!tip || allocated === undefined) return tip;
      return { ...tip, lines: [`Allocated to VMs now: ${allocated} GiB.`, ...tip.lines] };
    },
  },
  {
    ...numberColumn(
      { id: 'vmMemoryAvailable', label: 'VM Memory', unit: 'available, GiB', width: 96 },
      ({ row }) => row.vmMemoryAvailableBytes,
      formatGib,
      {
        // A node out of service gives its room to nobody, so its being full is nothing to look at.
        isHot: (available, { row }) =>
          row.status.status === 'active' && isVmMemoryHot(available, valueOf(row.vmMemoryTotalBytes)),
      },
    ),
    tip: ({ row, now }) => readingTip('VM Memory (Available)', row.vmMemoryAvailableBytes, now),
  },
  numberColumn(
    { id: 'networkRx', label: 'Network Rx', unit: 'Gbit/s', width: 94 },
    ({ row }) => row.networkRxBitsPerSecond,
    formatGbit,
    { trend: ({ row, trends }) => ({ series: trends?.networkRxBitsPerSecond, top: valueOf(row.linkBitsPerSecond) }) },
  ),
  numberColumn(
    { id: 'networkTx', label: 'Network Tx', unit: 'Gbit/s', width: 94 },
    ({ row }) => row.networkTxBitsPerSecond,
    formatGbit,
    { trend: ({ row, trends }) => ({ series: trends?.networkTxBitsPerSecond, top: valueOf(row.linkBitsPerSecond) }) },
  ),
  numberColumn({ id: 'storage', label: 'Storage', unit: 'TB', width: 60 }, ({ row }) => row.storageBytes, formatTb),
  numberColumn({ id: 'uptime', label: 'Uptime', width: 84 }, ({ row }) => row.uptimeSeconds, formatDuration),
  {
    id: 'tags',
    label: 'Tags',
    width: 102,
    grow: 2,
    render: ({ row }, width) => <TagList tags={row.tags} width={width} />,
    tip: ({ row }) => (row.tags.length === 0 ? null : { title: 'Tags', lines: row.tags }),
  },
];

/** The name of a column where its head's first line alone does not tell it from another's. */
export const columnNames: Readonly<Record<NodeColumnId, string>> = {
  name: 'Name',
  status: 'Status',
  candidate: 'Candidate',
  address: 'IP',
  cpu: 'CPU',
  vcpus: 'vCPUs',
  memory: 'Memory',
  vmMemoryTotal: 'VM Memory (Total)',
  vmMemoryAvailable: 'VM Memory (Available)',
  networkRx: 'Network Rx',
  networkTx: 'Network Tx',
  storage: 'Storage',
  uptime: 'Uptime',
  tags: 'Tags',
};
