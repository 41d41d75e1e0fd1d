import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react';
import type { CSSProperties, ReactElement } from 'react';
import { menuWidth, selectionWidth } from './column-widths.ts';
import { TableHead } from './table-head.tsx';
import { rowIndex } from './row-index.ts';
import { blockRows } from './row-window.ts';
import { TableBlock } from './table-block.tsx';
import type { RowWindow } from './row-window.ts';
import type { DataTableProps } from './types.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { revealRow, rowHeight, useRowWindow } from './use-row-window.ts';
import { useHold } from './use-hold.ts';
import { useTableTips } from './use-table-tips.ts';
import { useWidths } from './use-widths.ts';

/**
 * A virtual table of native rows with PatternFly's class names. One tab stop: the keyboard moves by cell inside it
 * (`aria-activedescendant`), so that a row that leaves the view never takes the focus with it.
 */
export function DataTable<Id extends string, Data, ColumnId extends string>(
  props: DataTableProps<Id, Data, ColumnId>,
): ReactElement {
  const { columns, ids, onLeave } = props;
  const hasMenu = props.onMenu !== undefined;
  const prefix = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const widths = useWidths(scroller, columns, hasMenu ? selectionWidth + menuWidth : selectionWidth);
  const rowOf = useMemo(() => rowIndex(ids), [ids]);
  const view = useRowWindow(scroller, ids.length, props.initialScrollTop ?? 0);
  const scrollToRow = useCallback((index: number) => {
    revealRow(scroller.current, index);
  }, []);
  const keys = useGridKeys(props, { scroller, rowOf, scrollToRow, rowHeight });
  const hold = useHold(props.onHold);
  const tips = useTableTips(props, { prefix, active: keys.active, hasFocus: keys.isKeyboard, rowOf });

  useLayoutEffect(() => {
    if (scroller.current && props.initialScrollTop) scroller.current.scrollTop = props.initialScrollTop;
    const { initialActiveId: wanted = null, revealsActive = false } = props;
    const row = revealsActive ? rowOf(wanted) : -1;
    if (row >= 0) scrollToRow(row);
    // Only where the table begins; afterwards the scroll position is the person's.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const place = useRef<{ scrollTop: number; activeId: Id | null; activeColumn: number }>({
    scrollTop: props.initialScrollTop ?? 0,
    activeId: null,
    activeColumn: 1,
  });
  const { id: activeId, column: activeColumn } = keys.active;
  useLayoutEffect(() => {
    place.current = { ...place.current, activeId, activeColumn };
  }, [activeId, activeColumn]);
  useEffect(() => () => onLeave?.(place.current), [onLeave]);

  const before = view.first * blockRows * rowHeight;
  const after = Math.max(0, ids.length - view.end) * rowHeight;
  const pins = pinnedOffsets(columns, widths.columns);
  const activeIndex = keys.hasFocus ? rowOf(activeId) : -1;

  return (
    <div
      ref={scroller}
      className={`rk-tw${props.isStale === true ? ' rk-tw--stale' : ''}`}
      onScroll={(event) => {
        place.current.scrollTop = event.currentTarget.scrollTop;
        event.currentTarget.toggleAttribute('data-sideways', event.currentTarget.scrollLeft > 0);
        tips.onScroll();
      }}
      {...hold.handlers}
    >
      <table
        className={`pf-v6-c-table pf-m-compact rk-t${hasMenu ? ' rk-t--menu' : ''}`}
        role="grid"
        aria-label={props.label}
        aria-rowcount={ids.length + 1}
        aria-colcount={columns.length + (hasMenu ? 2 : 1)}
        aria-multiselectable="true"
        aria-activedescendant={keys.hasFocus ? `${prefix}-${activeIndex}-${keys.active.column}` : undefined}
        // A grid is interactive: it is the one tab stop of its cells.
        tabIndex={0}
        data-keyboard={keys.isKeyboard || undefined}
        style={{ width: widths.total, ...pins }}
        {...keys.handlers}
        {...tips.handlers}
      >
        <colgroup>
          <col style={{ width: selectionWidth }} />
          {columns.map((column, index) => (
            <col key={column.id} style={{ width: widths.columns[index] ?? column.width }} />
          ))}
          {hasMenu ? <col style={{ width: menuWidth }} /> : null}
        </colgroup>
        <TableHead
          prefix={prefix}
          columns={columns}
          sort={props.sort}
          selectionState={props.selectionState}
          onSort={props.onSort}
          onSelectAll={props.onSelectAll}
          hasMenu={hasMenu}
          activeColumn={keys.hasFocus && activeIndex === -1 ? keys.active.column : -1}
        />
        <Spacer height={before} />
        {blocks(view).map((block) => {
          const isActive = keys.hasFocus && Math.floor(activeIndex / blockRows) === block;
          return (
            <TableBlock
              key={block}
              prefix={prefix}
              block={block}
              end={Math.min(view.end, (block + 1) * blockRows)}
              ids={ids}
              columns={columns}
              widths={widths.columns}
              dataOf={props.dataOf}
              isSelected={props.isSelected}
              rowName={props.rowName}
              follow={props.follow}
              hasMenu={hasMenu}
              activeRow={isActive ? activeIndex : null}
              activeColumn={isActive ? keys.active.column : -1}
            />
          );
        })}
        <Spacer height={after} />
      </table>
    </div>
  );
}

const blocks = ({ first, last }: RowWindow): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** The room of the rows that are not in the page. */
function Spacer({ height }: { readonly height: number }): ReactElement | null {
  if (height <= 0) return null;
  return (
    <tbody className="rk-t__space" aria-hidden="true">
      <tr>
        <td style={{ height }} />
      </tr>
    </tbody>
  );
}

/** Where each pinned column sticks, as custom properties that the cells read. */
function pinnedOffsets(columns: readonly { readonly isPinned?: boolean }[], widths: readonly number[]): CSSProperties {
  const offsets: Record<string, string> = {};
  let left = selectionWidth;
  columns.forEach((column, index) => {
    if (column.isPinned !== true) return;
    offsets[`--rk-pin-${String(index)}`] = `${String(left)}px`;
    left += widths[index] ?? 0;
  });
  return offsets;
}
