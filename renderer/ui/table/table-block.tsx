import { memo, useLayoutEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { blockRows } from './row-window.ts';
import type { RowFace } from './row-markup.tsx';
import { createRowPainter } from './row-painter.ts';
import type { RowPainter } from './row-painter.ts';
import type { Column, RowSource } from './types.ts';

interface TableBlockProps<Id extends string, Data, ColumnId extends string> extends RowSource<Id, Data> {
  readonly prefix: string;
  readonly block: number;
  /** The row after its last one. */
  readonly end: number;
  /** All rows of the table: the block takes its own. */
  readonly ids: readonly Id[];
  readonly columns: readonly Column<Data, ColumnId>[];
  /** Of the columns, px. */
  readonly widths: readonly number[];
  readonly hasMenu: boolean;
  /** The row and column the keyboard is in; `null` while it is in another block. */
  readonly activeRow: number | null;
  readonly activeColumn: number;
}

function facesOf<Id extends string, Data, ColumnId extends string>(
  props: TableBlockProps<Id, Data, ColumnId>,
): readonly RowFace<Id, Data, ColumnId>[] {
  const { prefix, block, end, ids, columns, widths, hasMenu, activeRow, activeColumn } = props;
  const from = block * blockRows;
  return ids.slice(from, end).map((id, offset) => {
    const data = props.dataOf(id);
    return {
      prefix,
      id,
      index: from + offset,
      data,
      name: data === undefined ? '' : props.rowName(data),
      isSelected: props.isSelected(id),
      columns,
      widths,
      hasMenu,
      activeColumn: activeRow === from + offset ? activeColumn : -1,
    };
  });
}

/** Some rows of the table, which follow by themselves what they show. */
function Block<Id extends string, Data, ColumnId extends string>(
  props: TableBlockProps<Id, Data, ColumnId>,
): ReactElement {
  const section = useRef<HTMLTableSectionElement>(null);
  const painter = useRef<RowPainter<Id, Data, ColumnId>>(null);
  const latest = useRef(props);
  const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
  useLayoutEffect(() => {
    latest.current = props;
    if (section.current) painter.current ??= createRowPainter(section.current);
    painter.current?.paint(facesOf(props));
  }, [props]);
  const { follow } = props;
  useLayoutEffect(
    () =>
      follow(() => {
        try {
          painter.current?.paint(facesOf(latest.current));
        } catch (error) {
          setFailure({ error });
        }
      }),
    [follow],
  );
  // Only what is thrown while React renders reaches its error boundary.
  if (failure) throw failure.error;
  return <tbody ref={section} className="pf-v6-c-table__tbody" />;
}

// `memo` forgets type parameters; the component is the same.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const TableBlock = memo(Block) as unknown as typeof Block;
