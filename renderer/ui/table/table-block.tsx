import { memo } from 'react';
import type { ReactElement } from 'react';
import { blockRows } from './row-window.ts';
import { TableRow } from './table-row.tsx';
import type { Column } from './types.ts';

interface TableBlockProps<Id extends string, Data, ColumnId extends string> {
  readonly prefix: string;
  readonly block: number;
  /** The row after its last one. */
  readonly end: number;
  /** All rows of the table: the block takes its own, and is painted anew only where the order has changed. */
  readonly ids: readonly Id[];
  readonly columns: readonly Column<Data, ColumnId>[];
  /** Of the columns, px. */
  readonly widths: readonly number[];
  readonly useData: (id: Id) => Data | undefined;
  readonly useIsSelected: (id: Id) => boolean;
  readonly rowName: (data: Data) => string;
  readonly hasMenu: boolean;
  /** The row and column the keyboard is in; `null` while it is in another block. */
  readonly activeRow: number | null;
  readonly activeColumn: number;
}

function Block<Id extends string, Data, ColumnId extends string>(
  props: TableBlockProps<Id, Data, ColumnId>,
): ReactElement {
  const {
    prefix,
    block,
    end,
    ids,
    columns,
    widths,
    useData,
    useIsSelected,
    rowName,
    hasMenu,
    activeRow,
    activeColumn,
  } = props;
  const from = block * blockRows;
  return (
    <tbody className="pf-v6-c-table__tbody">
      {ids.slice(from, end).map((id, offset) => (
        <TableRow
          key={id}
          prefix={prefix}
          id={id}
          index={from + offset}
          columns={columns}
          widths={widths}
          useData={useData}
          useIsSelected={useIsSelected}
          rowName={rowName}
          hasMenu={hasMenu}
          activeColumn={activeRow === from + offset ? activeColumn : -1}
        />
      ))}
    </tbody>
  );
}

// `memo` forgets type parameters; the component is the same.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const TableBlock = memo(Block) as unknown as typeof Block;
