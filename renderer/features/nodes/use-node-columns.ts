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
/** *Entering maintenance* with its glyph and *14 m old* behind it. */
const agedStatusWidth = 230;

/** The columns that are shown. Names and addresses are never cut, so theirs are as wide as the longest of them. */
export function useNodeColumns(): readonly NodeColumn[] {
  const hidden = useView((state) => state.hiddenColumns);
  const settled = useSettledRows();
  const fonts = useSyncExternalStore(onFonts, () => fontLoads);
  const texts = useMemo(() => longest(settled.rows), [settled]);
  const nameWidth = useMemo(() => columnWidth(measureNames(texts.names, fonts)), [texts, fonts]);
  const addressWidth = useMemo(() => columnWidth(measureAddresses(texts.addresses, fonts)), [texts, fonts]);
  return useMemo(
    () =>
      nodeColumns
        .filter(({ id }) => !hidden.includes(id))
        .map((column) => {
          if (column.id === 'name') return { ...column, width: Math.max(column.width, nameWidth) };
          if (column.id === 'status' && texts.hasAged) return { ...column, width: agedStatusWidth };
          if (column.id === 'address') return { ...column, width: Math.max(column.width, addressWidth) };
          return column;
        }),
    [hidden, nameWidth, addressWidth, texts.hasAged],
  );
}

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

/** The width of the longest texts, px; what was measured is kept until another font has come (`fonts` has risen). */
function createRuler(weight: number): (texts: readonly string[], fonts: number) => number {
  let kept = new Map<string, number>();
  let keptFor = -1;
  return (texts, fonts) => {
    canvas ??= document.createElement('canvas').getContext('2d');
    if (!canvas) return 0;
    if (keptFor !== fonts) kept = new Map();
    keptFor = fonts;
    // Setting it is dearer than measuring a text.
    canvas.font = `${String(weight)} 13px "Red Hat Text", system-ui, sans-serif`;
    let widest = 0;
    const measured = new Map<string, number>();
    // The first text in a font takes tens of ms: before the rows are there is time for it.
    for (const text of texts.length === 0 ? ['0'] : texts) {
      const width = kept.get(text) ?? canvas.measureText(text).width;
      measured.set(text, width);
      widest = Math.max(widest, width);
    }
    kept = measured;
    return widest;
  };
}

const measureNames = createRuler(500);
const measureAddresses = createRuler(400);

const enough = 64;

/** Only the longest texts can be the widest, and a handful of those is enough. */
function keepLonger(): { readonly texts: () => readonly string[]; readonly see: (text: string) => void } {
  let length = 0;
  let found: string[] = [];
  return {
    texts: () => found,
    see: (text) => {
      if (text.length > length) {
        length = text.length;
        found = [text, ...found.filter((other) => other.length >= length - 2)];
      } else if (text.length >= length - 2 && found.length < enough) found.push(text);
    },
  };
}

/** Of all names and addresses, and whether single statuses have an age; one walk over 20,000 rows is dear enough. */
function longest(rows: ReadonlyMap<NodeId, NodeRow>) {
  const [names, addresses] = [keepLonger(), keepLonger()];
  let hasAged = false;
  for (const row of rows.values()) {
    names.see(row.name);
    addresses.see(valueOf(row.address) ?? '');
    hasAged ||= row.status.unknownSince !== null;
  }
  return { names: names.texts(), addresses: addresses.texts(), hasAged };
}

const columnWidth = (textWidth: number): number => Math.min(maxWidth, Math.ceil(textWidth) + cellPadding);
