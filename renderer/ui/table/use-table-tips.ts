import { useEffect, useLayoutEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { hideTip, showTip } from '../tip.ts';
import type { RowIndex } from './row-index.ts';
import type { ActiveCell, DataTableProps } from './types.ts';
import { rowIndexOf } from './use-grid-keys.ts';

const hoverDelayMs = 250;

/** Shows a cell's tip where the pointer rests on it or the keyboard comes to it; it is computed only then. */
export function useTableTips<Id extends string, Data, ColumnId extends string>(
  props: DataTableProps<Id, Data, ColumnId>,
  at: {
    readonly prefix: string;
    readonly active: ActiveCell<Id>;
    readonly hasFocus: boolean;
    readonly rowOf: RowIndex<Id>;
  },
) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const over = useRef<Element | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  const show = (cell: Element, id: Id, column: number, isForFocus: boolean): void => {
    const data = latest.current.presentDataOf(id);
    const content = data === undefined ? null : (latest.current.columns[column]?.tip?.(data) ?? null);
    const isRow = cell.closest('[data-row]')?.getAttribute('data-row') === id;
    if (content && isRow && cell.isConnected) showTip(cell, content, isForFocus);
  };

  const { id, column } = at.active;
  const row = at.hasFocus ? at.rowOf(id) : -1;
  useEffect(() => {
    if (!at.hasFocus || id === null) return undefined;
    // After the scroll that brings the cell into view has settled.
    const later = setTimeout(() => {
      const cell = document.querySelector(`#${CSS.escape(`${at.prefix}-${String(row)}-${String(column)}`)}`);
      hideTip();
      if (cell) show(cell, id, column - 1, true);
    }, hoverDelayMs);
    return () => {
      clearTimeout(later);
      hideTip();
    };
  }, [at.hasFocus, at.prefix, id, column, row]);
  // Another row may stand in the same cell now, beneath a pointer that has not moved.
  useLayoutEffect(() => {
    if (over.current) hideTip();
    clearTimeout(timer.current);
    over.current = null;
  }, [props.ids]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      hideTip();
    },
    [],
  );

  return {
    onScroll: () => {
      clearTimeout(timer.current);
      over.current = null;
      hideTip();
    },
    handlers: {
      onMouseOver: (event: MouseEvent) => {
        const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('td[data-column]') : null;
        if (cell === over.current) return;
        if (over.current) hideTip();
        over.current = cell;
        clearTimeout(timer.current);
        const rowId = cell ? props.ids[rowIndexOf(cell)] : undefined;
        if (!cell || rowId === undefined) return;
        const place = Number(cell.dataset['column']);
        timer.current = setTimeout(() => {
          show(cell, rowId, place, false);
        }, hoverDelayMs);
      },
      onMouseLeave: () => {
        clearTimeout(timer.current);
        over.current = null;
        hideTip();
      },
    },
  };
}
