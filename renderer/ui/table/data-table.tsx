import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CSSProperties, ReactElement } from 'react';
import { selectionWidth } from './column-widths.ts';
import { TableHead } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import type { DataTableProps } from './types.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useHold } from './use-hold.ts';
import { useTableTips } from './use-table-tips.ts';
import { useWidths } from './use-widths.ts';

const rowHeight = 28;
const headHeight = 38;

/**
 * A virtual table of native rows with PatternFly's class names. One tab stop: the keyboard moves by cell inside it
 * (`aria-activedescendant`), so that a row that leaves the view never takes the focus with it.
 */
export function DataTable<Id extends string, Data, ColumnId extends string>(
  props: DataTableProps<Id, Data, ColumnId>,
): ReactElement {
  const { columns, ids, onLeave } = props;
  const prefix = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const widths = useWidths(scroller, columns);
  const indexById = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids]);
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // Keyed by its place in the window, a row that scrolls in reuses the elements of one that scrolled out.
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialOffset: props.initialScrollTop ?? 0,
    initialRect: { width: 1280, height: 800 },
    useFlushSync: false,
  });
  const scrollToRow = useCallback(
    (index: number) => {
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    [virtualizer],
  );
  const keys = useGridKeys(props, { scroller, indexById, scrollToRow, rowHeight });
  const hold = useHold(props.onHold);
  const tips = useTableTips(props, { prefix, active: keys.active, hasFocus: keys.isKeyboard, indexById });

  useLayoutEffect(() => {
    if (scroller.current && props.initialScrollTop !== undefined) scroller.current.scrollTop = props.initialScrollTop;
    // Only where the table begins; afterwards the scroll position is the person's.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const place = useRef<{ scrollTop: number; activeId: Id | null }>({ scrollTop: 0, activeId: null });
  const activeId = keys.active.id;
  useLayoutEffect(() => {
    place.current.activeId = activeId;
  }, [activeId]);
  useEffect(() => () => onLeave?.(place.current), [onLeave]);

  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const before = first ? first.start - headHeight : 0;
  const after = last ? headHeight + virtualizer.getTotalSize() - last.end : 0;
  const pins = pinnedOffsets(columns, widths.columns);
  const activeIndex = activeId === null ? -1 : (indexById.get(activeId) ?? -1);
  const [isScrolledSideways, setScrolledSideways] = useState(false);

  return (
    <div
      ref={scroller}
      className={`rk-tw${isScrolledSideways ? ' rk-tw--sideways' : ''}${props.isStale === true ? ' rk-tw--stale' : ''}`}
      onScroll={(event) => {
        place.current.scrollTop = event.currentTarget.scrollTop;
        setScrolledSideways(event.currentTarget.scrollLeft > 0);
        tips.onScroll();
      }}
      {...hold.handlers}
    >
      <table
        className="pf-v6-c-table pf-m-compact rk-t"
        role="grid"
        aria-label={props.label}
        aria-rowcount={ids.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={keys.hasFocus ? `${prefix}-${activeIndex}-${keys.active.column}` : undefined}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A grid is interactive: it is the one tab stop of its cells.
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
        </colgroup>
        <TableHead
          prefix={prefix}
          columns={columns}
          sort={props.sort}
          selectionState={props.selectionState}
          onSort={props.onSort}
          onSelectAll={props.onSelectAll}
          activeColumn={keys.hasFocus && activeIndex === -1 ? keys.active.column : -1}
        />
        <tbody className="pf-v6-c-table__tbody">
          {before > 0 ? <Spacer height={before} /> : null}
          {items.map((item) => {
            const id = ids[item.index];
            if (id === undefined) return null;
            return (
              <TableRow
                key={id}
                prefix={prefix}
                id={id}
                index={item.index}
                columns={columns}
                useData={props.useData}
                useIsSelected={props.useIsSelected}
                rowName={props.rowName}
                activeColumn={keys.hasFocus && item.index === activeIndex ? keys.active.column : -1}
              />
            );
          })}
          {after > 0 ? <Spacer height={after} /> : null}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { readonly height: number }): ReactElement {
  return (
    <tr className="rk-t__space" aria-hidden="true">
      <td style={{ height }} />
    </tr>
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
