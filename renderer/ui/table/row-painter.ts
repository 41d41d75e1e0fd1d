import { expand } from './host-tree.ts';
import type { Host } from './host-tree.ts';
import { patchChildren } from './patch-hosts.ts';
import { rowMarkup } from './row-markup.tsx';
import type { RowFace } from './row-markup.tsx';

type Face<Id extends string, Data, ColumnId extends string> = RowFace<Id, Data, ColumnId>;

export interface RowPainter<Id extends string, Data, ColumnId extends string> {
  /** Makes the rows of the section look so; those whose every part is the same are left alone. */
  paint(faces: readonly Face<Id, Data, ColumnId>[]): void;
}

/**
 * Paints rows straight into a section of the table that React leaves alone. A row has 65 elements that nobody handles events on (the table
 * does), and React's own bookkeeping for 26 such rows took longer than all else of the first frame.
 */
export function createRowPainter<Id extends string, Data, ColumnId extends string>(
  section: HTMLTableSectionElement,
): RowPainter<Id, Data, ColumnId> {
  let shown: readonly Face<Id, Data, ColumnId>[] = [];
  let hosts: readonly Host[] = [];
  return {
    paint(faces) {
      let isChanged = faces.length !== shown.length;
      const next = faces.flatMap((face, index): readonly Host[] => {
        const [before, host] = [shown[index], hosts[index]];
        if (before && host !== undefined && isSame(before, face)) return [host];
        isChanged = true;
        return expand(rowMarkup(face));
      });
      if (isChanged) patchChildren(section, hosts, next);
      shown = faces;
      hosts = next;
    },
  };
}

function isSame<T extends object>(a: T, b: T): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
