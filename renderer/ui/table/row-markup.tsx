import type { ReactElement } from 'react';
import type { Column } from './types.ts';

/** Everything a row's picture depends on: while each part is the same, the row need not be painted again. */
export interface RowFace<Id extends string, Data, ColumnId extends string> {
  readonly prefix: string;
  readonly id: Id;
  readonly index: number;
  /** `undefined`: the row is gone. */
  readonly data: Data | undefined;
  readonly name: string;
  readonly isSelected: boolean;
  readonly columns: readonly Column<Data, ColumnId>[];
  /** Of the columns, px. */
  readonly widths: readonly number[];
  readonly hasMenu: boolean;
  /** The column the keyboard is in; -1 while it is in another row. */
  readonly activeColumn: number;
}

type Columns = readonly { readonly align?: 'start' | 'end'; readonly isPinned?: boolean }[];

const keptClasses = new WeakMap<Columns, readonly string[]>();

/** The class names of each column's cells, put together once for all rows. */
function classesOf(columns: Columns): readonly string[] {
  const kept = keptClasses.get(columns);
  if (kept) return kept;
  const classes = columns.map(({ align, isPinned }, index) =>
    [
      'pf-v6-c-table__td',
      align === 'end' && 'rk-end',
      isPinned && `rk-pin rk-pin--${index}`,
      isPinned && columns[index + 1]?.isPinned !== true && 'rk-pin--last',
    ]
      .filter(Boolean)
      .join(' '),
  );
  keptClasses.set(columns, classes);
  return classes;
}

/** A row of the table. It is painted without React (`paintRows`), so it and its cells are plain functions. */
export function rowMarkup<Id extends string, Data, ColumnId extends string>(
  face: RowFace<Id, Data, ColumnId>,
): ReactElement {
  const { prefix, id, index, data, name, isSelected, columns, widths, hasMenu, activeColumn } = face;
  const cellClasses = classesOf(columns);
  // Only the cell the keyboard is in is spoken of by its id.
  const idOf = (column: number): string | undefined =>
    activeColumn === column ? `${prefix}-${index}-${column}` : undefined;
  return (
    <tr
      className={`pf-v6-c-table__tr${isSelected ? ' rk-selected' : ''}`}
      data-row={id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
    >
      <td
        id={idOf(0)}
        className={`pf-v6-c-table__td rk-t__pick${activeColumn === 0 ? ' rk-on' : ''}`}
        aria-colindex={1}
      >
        <label className="rk-ck">
          <input type="checkbox" tabIndex={-1} readOnly aria-label={`Select ${name}`.trimEnd()} checked={isSelected} />
        </label>
      </td>
      {columns.map((column, columnIndex) => {
        const classes = cellClasses[columnIndex] ?? '';
        return (
          <td
            key={column.id}
            id={idOf(columnIndex + 1)}
            className={activeColumn === columnIndex + 1 ? `${classes} rk-on` : classes}
            data-column={columnIndex}
            aria-colindex={columnIndex + 2}
          >
            {data !== undefined ? (
              column.render(data, widths[columnIndex] ?? column.width)
            ) : columnIndex === 0 ? (
              <i className="rk-gone">removed</i>
            ) : null}
          </td>
        );
      })}
      {hasMenu ? (
        <td
          id={idOf(columns.length + 1)}
          className={`pf-v6-c-table__td rk-t__menu${activeColumn === columns.length + 1 ? ' rk-on' : ''}`}
          aria-colindex={columns.length + 2}
        >
          <button
            type="button"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={name === '' ? 'Actions' : `Actions of ${name}`}
          />
        </td>
      ) : null}
    </tr>
  );
}
