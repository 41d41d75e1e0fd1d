import { useMemo, useSyncExternalStore } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { valueOf } from '#shared/model/reading.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
import { nodeColumns } from './columns.tsx';
import type { NodeColumn } from './columns.tsx';

const cellPadding = 18;
const maxWidth = 340;

/** The columns that are shown. Names and addresses are never cut, so theirs are as wide as the longest of them. */
export function useNodeColumns(): readonly NodeColumn[] {
  const hidden = useView((state) => state.hiddenColumns);
  const settled = useSettledRows();
  const fonts = useSyncExternalStore(onFonts, () => fontLoads);
  const nameWidth = useMemo(() => widest(settled.rows, ({ name }) => name, 500, fonts), [settled, fonts]);
  const addressWidth = useMemo(
    () => widest(settled.rows, ({ address }) => valueOf(address) ?? '', 400, fonts),
    [settled, fonts],
  );
  return useMemo(
    () =>
      nodeColumns
        .filter(({ id }) => !hidden.includes(id))
        .map((column) => {
          if (column.id === 'name') return { ...column, width: Math.max(column.width, nameWidth) };
          if (column.id === 'address') return { ...column, width: Math.max(column.width, addressWidth) };
          return column;
        }),
    [hidden, nameWidth, addressWidth],
  );
}

const widths = new Map<string, number>();
let fontLoads = 0;

/** What was measured before a font had come was measured in another one. */
function onFonts(listener: () => void): () => void {
  const onLoaded = (): void => {
    fontLoads += 1;
    listener();
  };
  document.fonts.addEventListener('loadingdone', onLoaded);
  return () => {
    document.fonts.removeEventListener('loadingdone', onLoaded);
  };
}
let canvas: CanvasRenderingContext2D | null = null;

function measure(text: string, weight: number, fonts: number): number {
  const key = `${String(fonts)} ${String(weight)} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    canvas ??= document.createElement('canvas').getContext('2d');
    if (!canvas) return 0;
    canvas.font = `${String(weight)} 13px "Red Hat Text", system-ui, sans-serif`;
    width = canvas.measureText(text).width;
    if (widths.size > 5000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** Only the longest texts can be the widest; measuring a handful is enough. `fonts`: how often fonts have come since the start. */
function widest(
  rows: ReadonlyMap<NodeId, NodeRow>,
  textOf: (row: NodeRow) => string,
  weight: number,
  fonts: number,
): number {
  let length = 0;
  for (const row of rows.values()) length = Math.max(length, textOf(row).length);
  let width = 0;
  let measured = 0;
  for (const row of rows.values()) {
    const text = textOf(row);
    if (text.length < length - 2) continue;
    width = Math.max(width, measure(text, weight, fonts));
    measured += 1;
    if (measured >= 64) break;
  }
  return Math.min(maxWidth, Math.ceil(width) + cellPadding);
}
