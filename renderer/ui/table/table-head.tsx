import { memo, useEffect, useRef } from 'react';
import type { ReactElement } from 'react';
import type { Column, SelectionState, Sort } from './types.ts';

interface TableHeadProps<Data, ColumnId extends string> {
  readonly prefix: string;
  readonly columns: readonly Column<Data, ColumnId>[];
  readonly sort: Sort<ColumnId>;
  readonly selectionState: SelectionState;
  readonly onSort: (column: ColumnId) => void;
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly hasMenu: boolean;
  readonly activeColumn: number;
}

function Head<Data, ColumnId extends string>(props: TableHeadProps<Data, ColumnId>): ReactElement {
  const { prefix, columns, sort, selectionState, onSort, onSelectAll, hasMenu, activeColumn } = props;
  const all = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (all.current) all.current.indeterminate = selectionState === 'some';
  }, [selectionState]);
  return (
    <thead className="pf-v6-c-table__thead">
      <tr className="pf-v6-c-table__tr" aria-rowindex={1}>
        <th
          id={`${prefix}--1-0`}
          className={`pf-v6-c-table__th rk-t__pick${activeColumn === 0 ? ' rk-on' : ''}`}
          scope="col"
          aria-colindex={1}
        >
          <label className="rk-ck">
            <input
              ref={all}
              type="checkbox"
              tabIndex={-1}
              checked={selectionState === 'all'}
              aria-label="Select all that are shown"
              onChange={(event) => {
                onSelectAll(event.currentTarget.checked);
              }}
            />
          </label>
        </th>
        {columns.map((column, index) => {
          const isSorted = sort.column === column.id;
          const classes = [
            'pf-v6-c-table__th',
            column.align === 'end' && 'rk-end',
            column.isPinned && `rk-pin rk-pin--${index}`,
            column.isPinned && columns[index + 1]?.isPinned !== true && 'rk-pin--last',
            isSorted && 'rk-sorted',
            activeColumn === index + 1 && 'rk-on',
          ];
          return (
            <th
              key={column.id}
              id={`${prefix}--1-${index + 1}`}
              className={classes.filter(Boolean).join(' ')}
              scope="col"
              aria-colindex={index + 2}
              aria-sort={isSorted ? sort.direction : 'none'}
            >
              <button
                type="button"
                tabIndex={-1}
                className="rk-t__sort"
                onMouseDown={(event) => {
                  // Sorting by pointer leaves the focus where it is: a focus in the table would hold the order for good.
                  event.preventDefault();
                }}
                onClick={() => {
                  onSort(column.id);
                }}
              >
                <span>{column.label}</span>
                {column.unit === undefined && !isSorted ? null : (
                  <small>
                    {column.unit}
                    {isSorted ? <span aria-hidden="true">{sort.direction === 'ascending' ? ' ↑' : ' ↓'}</span> : null}
                  </small>
                )}
              </button>
            </th>
          );
        })}
        {hasMenu ? (
          <th
            id={`${prefix}--1-${columns.length + 1}`}
            className={`pf-v6-c-table__th rk-t__menu${activeColumn === columns.length + 1 ? ' rk-on' : ''}`}
            scope="col"
            aria-colindex={columns.length + 2}
          >
            <span className="rk-sr">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}

// `memo` forgets type parameters; the component is the same.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const TableHead = memo(Head) as unknown as typeof Head;
