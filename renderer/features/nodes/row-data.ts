import { useMemo } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow, NodeTrends } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { isOld } from '#shared/model/reading.ts';
import { useClock } from '../../state/clock.ts';
import { useNodes } from '../../state/nodes.ts';
import { useView } from '../../state/view.ts';
import { formatAge } from '../../ui/format.ts';

/** What a row of the list needs to be painted. */
export interface RowData {
  readonly row: NodeRow;
  readonly trends: NodeTrends | undefined;
  /** The moment its ages are told for; it moves on only when an age would read differently. */
  readonly now: number;
}

const readings = (row: NodeRow): readonly Reading<unknown>[] => [
  row.address,
  row.cpuPercent,
  row.vcpus,
  row.memoryBytes,
  row.memoryUsedPercent,
  row.vmMemoryTotalBytes,
  row.vmMemoryAvailableBytes,
  row.networkRxBitsPerSecond,
  row.networkTxBitsPerSecond,
  row.storageBytes,
  row.uptimeSeconds,
];

/** The ages a row shows, as text: while it stays the same, the row need not be painted again. */
function agesOf(row: NodeRow, now: number): string {
  let text = row.status.unknownSince === null ? '' : formatAge(now - (row.status.readAt ?? row.status.unknownSince));
  for (const reading of readings(row)) {
    text += reading.kind === 'known' && isOld(reading, now) ? `,${formatAge(now - reading.readAt)}` : ',';
  }
  return text;
}

export function useRowData(id: NodeId): RowData | undefined {
  const row = useNodes((state) => state.rows.get(id));
  const trends = useNodes((state) => state.trends.get(id));
  const ages = useClock(({ now }) => (row ? agesOf(row, now) : ''));
  // `ages` stands for the moment: a new text means that the present moment has to be taken.
  // oxlint-disable-next-line react/exhaustive-deps
  return useMemo(() => (row ? { row, trends, now: useClock.getState().now } : undefined), [row, trends, ages]);
}

export function rowDataOf(id: NodeId): RowData | undefined {
  const { rows, trends } = useNodes.getState();
  const row = rows.get(id);
  return row ? { row, trends: trends.get(id), now: Date.now() } : undefined;
}

export const useIsSelected = (id: NodeId): boolean => useView(({ selection }) => selection.has(id));
