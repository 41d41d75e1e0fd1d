import type { NodeId } from '#shared/model/ids.ts';
import type { NodeColumnId } from '../../state/node-columns.ts';
import { useNodes } from '../../state/nodes.ts';
import { currentProfile, useRegions } from '../../state/regions.ts';
import { nodesToCsv } from './csv.ts';

/** Hands the shown rows and columns to the person as a file. */
export function exportNodes(ids: readonly NodeId[], columns: readonly NodeColumnId[]): void {
  const { rows } = useNodes.getState();
  const region = currentProfile(useRegions.getState());
  if (region === undefined) return;
  const shown = ids.flatMap((id) => rows.get(id) ?? []);
  const text = nodesToCsv(shown, columns, region);
  // The mark tells spreadsheets that the names are UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${fileName(region.name)}-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

function fileName(region: string): string {
  return `rackside-${region.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-nodes`;
}
