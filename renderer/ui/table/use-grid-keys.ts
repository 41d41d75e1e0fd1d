import { useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, RefObject } from 'react';
import { nextCell } from './next-cell.ts';
import type { RowIndex } from './row-index.ts';
import type { ActiveCell, DataTableProps } from './types.ts';

interface Surroundings<Id extends string> {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly rowOf: RowIndex<Id>;
  readonly scrollToRow: (index: number) => void;
  readonly rowHeight: number;
}

/** The keyboard and the pointer in a grid: moving by cell, opening, selecting, extending. */
export function useGridKeys<Id extends string, Data, ColumnId extends string>(
  props: DataTableProps<Id, Data, ColumnId>,
  surroundings: Surroundings<Id>,
) {
  const { ids, columns } = props;
  const { scroller, rowOf, scrollToRow, rowHeight } = surroundings;
  const [active, setActive] = useState<ActiveCell<Id>>({
    id: props.initialActiveId ?? ids[0] ?? null,
    column: Math.min(props.initialActiveColumn ?? 1, columns.length),
  });
  const [hasFocus, setHasFocus] = useState(false);
  // The ring belongs to the keyboard; a click shows where it was by itself.
  const [isKeyboard, setKeyboard] = useState(false);
  const anchor = useRef<Id | null>(null);

  const selectRange = (to: number): void => {
    const from = rowOf(anchor.current);
    const [low, high] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    props.onSelect(ids.slice(low, high + 1), true);
  };

  const toggle = (id: Id): void => {
    anchor.current = id;
    props.onSelect([id], !props.isSelected(id));
  };

  const activate = (row: number, column: number): void => {
    if (row === -1) {
      const target = columns[column - 1];
      if (target) props.onSort(target.id);
      else props.onSelectAll(props.selectionState !== 'all');
      return;
    }
    const id = ids[row];
    if (id === undefined) return;
    if (column === 0) toggle(id);
    else if (column > columns.length) openMenu(id);
    else props.onOpen(id);
  };

  /** The cell the keyboard is in; its row, where that column is not there. */
  const activeCell = (id: Id): HTMLElement | null => {
    const place = rowOf(id) + 2;
    const line = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${String(place)}"][data-row]`);
    return line?.querySelector<HTMLElement>(`[aria-colindex="${String(active.column + 1)}"]`) ?? line ?? null;
  };

  const openMenu = (id: Id): void => {
    const cell = activeCell(id);
    if (cell) props.onMenu?.(id, { anchor: cell });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey) return;
    const row = rowOf(active.id);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      props.onSelectAll(true);
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      activate(row, active.column);
      return;
    }
    if (event.key === ' ') {
      event.preventDefault();
      const id = ids[row];
      if (id === undefined) activate(row, active.column);
      else if (event.shiftKey) selectRange(row);
      else toggle(id);
      return;
    }
    const inRow = ids[row];
    if (inRow !== undefined && isRowKey(event, inRow)) {
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 2);
    const next = nextCell({ row, column: active.column }, event.key, {
      rows: ids.length,
      columns: columns.length + (props.onMenu ? 2 : 1),
      page,
    });
    if (!next) return;
    event.preventDefault();
    setKeyboard(true);
    const id = ids[next.row] ?? null;
    if (event.shiftKey && next.row !== row && id !== null) {
      if (anchor.current === null || rowOf(anchor.current) === -1) anchor.current = active.id;
      selectRange(next.row);
    } else if (!event.shiftKey) {
      anchor.current = id;
    }
    setActive({ id, column: next.column });
    if (next.row >= 0) scrollToRow(next.row);
    const cell = columns[next.column - 1];
    if (cell && cell.isPinned !== true) revealColumn(scroller.current, next.column);
  };

  const isRowKey = (event: KeyboardEvent<HTMLElement>, id: Id): boolean => {
    if (event.ctrlKey || event.metaKey) return false;
    const cell = activeCell(id);
    if (!cell) return false;
    if (props.onMenu && ((event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu')) {
      openMenu(id);
      return true;
    }
    return props.onRowKey?.(event.key, id, cell) ?? false;
  };

  const onContextMenu = (event: MouseEvent<HTMLElement>): void => {
    if (!props.onMenu || !(event.target instanceof Element)) return;
    const cell = event.target.closest<HTMLElement>('[data-row] > td');
    const id = cell ? ids[rowIndexOf(cell)] : undefined;
    if (cell && id !== undefined) {
      event.preventDefault();
      props.onMenu(id, { anchor: cell, at: { x: event.clientX, y: event.clientY } });
    } else if (event.target === event.currentTarget && rowOf(active.id) >= 0) {
      // By the keyboard, which has opened our own menu: the browser's would stand above it.
      event.preventDefault();
    }
  };

  const onMouseDown = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target instanceof Element ? event.target : null;
    const cell = target?.closest<HTMLElement>('[data-row] > td');
    if (!cell) return;
    setKeyboard(false);
    const id = ids[rowIndexOf(cell)];
    if (id === undefined) return;
    setActive({ id, column: Number(cell.getAttribute('aria-colindex')) - 1 });
  };

  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const target = event.target instanceof Element ? event.target : null;
    const cell = target?.closest<HTMLElement>('[data-row] > td');
    const id = cell ? ids[rowIndexOf(cell)] : undefined;
    if (!cell || id === undefined || target?.closest('a')) return;
    const menu = target?.closest('button');
    if (menu && cell.classList.contains('rk-t__menu')) {
      props.onMenu?.(id, { anchor: menu });
      return;
    }
    if (cell.classList.contains('rk-t__menu')) return;
    const isPick = cell.dataset['column'] === undefined;
    if (isPick && target instanceof HTMLLabelElement) return; // Its input gets a click of its own.
    if (isPick || event.ctrlKey || event.metaKey) {
      if (event.shiftKey && anchor.current !== null) selectRange(rowOf(id));
      else toggle(id);
    } else if (event.shiftKey) {
      selectRange(rowOf(id));
    } else {
      anchor.current = id;
    }
    // It has ticked itself; what counts is what is selected (a range may have left it as it was).
    if (target instanceof HTMLInputElement) target.checked = props.isSelected(id);
  };

  return {
    active,
    hasFocus,
    isKeyboard: hasFocus && isKeyboard,
    handlers: {
      onKeyDown,
      onMouseDown,
      onClick,
      onContextMenu,
      onDoubleClick: (event: MouseEvent<HTMLElement>) => {
        const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('td[data-column]') : null;
        const id = cell ? ids[rowIndexOf(cell)] : undefined;
        if (id !== undefined) props.onOpen(id);
      },
      onFocus: (event: FocusEvent<HTMLElement>) => {
        setHasFocus(true);
        if (event.currentTarget === event.target && event.currentTarget.matches(':focus-visible')) setKeyboard(true);
        if (rowOf(active.id) === -1) setActive({ id: ids[0] ?? null, column: 1 });
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setHasFocus(false);
      },
    },
  };
}

/** The place of a cell's row among all rows; -1 in the head. Handlers are delegated to the table. */
export function rowIndexOf(cell: Element): number {
  const row = cell.closest('[data-row]');
  return row ? Number(row.getAttribute('aria-rowindex')) - 2 : -1;
}

/** Scrolls sideways so far that a column stands beside the pinned ones. */
function revealColumn(scroller: HTMLElement | null, column: number): void {
  const cells = scroller?.querySelectorAll<HTMLElement>('thead th');
  const cell = cells?.[column];
  if (!scroller || !cells || !cell) return;
  let pinnedEnd = 0;
  for (const head of cells) {
    if (head.classList.contains('rk-pin--last'))
      pinnedEnd = head.offsetWidth + Number.parseFloat(getComputedStyle(head).left);
  }
  if (cell.offsetLeft - scroller.scrollLeft < pinnedEnd) scroller.scrollLeft = cell.offsetLeft - pinnedEnd;
  const end = cell.offsetLeft + cell.offsetWidth;
  if (end > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = end - scroller.clientWidth;
}
