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

interface Kept {
  readonly data: RowData;
  readonly ages: string;
  /** The tick of the clock that the ages were told at last. */
  readonly toldAt: number;
}

const keptData = new WeakMap<NodeRow, Kept>();

/** What a row is painted of: the same object while its picture stays the same. */
export function rowDataOf(id: NodeId): RowData | undefined {
  const { rows, trends } = useNodes.getState();
  const row = rows.get(id);
  if (!row) return undefined;
  const { now } = useClock.getState();
  const trend = trends.get(id);
  const kept = keptData.get(row);
  const isKept = kept?.data.trends === trend;
  if (kept && isKept && kept.toldAt === now) return kept.data;
  const ages = agesOf(row, now);
  const data = kept && isKept && kept.ages === ages ? kept.data : { row, trends: trend, now };
  keptData.set(row, { data, ages, toldAt: now });
  return data;
}

/** The same of this very moment. */
export function presentRowDataOf(id: NodeId): RowData | undefined {
  const { rows, trends } = useNodes.getState();
  const row = rows.get(id);
  return row ? { row, trends: trends.get(id), now: Date.now() } : undefined;
}

/** Tells when rows, ages or the selection may have changed, until it is stopped. */
export function followRows(onChange: () => void): () => void {
  const stops = [
    useNodes.subscribe(onChange),
    useClock.subscribe(onChange),
    useView.subscribe((state, before) => {
      if (state.selection !== before.selection) onChange();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
