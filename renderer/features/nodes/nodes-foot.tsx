import type { ReactElement } from 'react';
import { useClock } from '../../state/clock.ts';
import { currentView, useRegions } from '../../state/regions.ts';
import { useView } from '../../state/view.ts';
import type { NodeSort } from '../../state/view.ts';
import { formatCount, formatExactTime } from '../../ui/format.ts';
import { SlotContent } from '../../ui/slot.tsx';
import { columnNames } from './columns.tsx';
import { useIsKnown } from './use-is-known.ts';
import type { Order } from './use-order.ts';

/** The list's part of the status bar: how many are shown, what is selected, how they are sorted, and what has moved. */
export function NodesFoot({ order, total }: { readonly order: Order; readonly total: number }): ReactElement | null {
  const selected = useView((state) => state.selection.size);
  const sort = useView((state) => state.sort);
  const isKnown = useIsKnown();
  // Where nothing is live, the whole list is of one moment.
  const asOf = useRegions((state) => {
    const connection = currentView(state)?.connection;
    return connection?.kind === 'offline' ? connection.lastReadAt : null;
  });
  const now = useClock((state) => (asOf === null ? 0 : state.now));
  if (!isKnown) return null;
  return (
    <SlotContent>
      <span>
        <b>{formatCount(order.ids.length)}</b> shown of {formatCount(total)}
        {asOf === null ? '' : `, as of ${formatExactTime(asOf, now)}`}
      </span>
      {selected > 0 ? <span>{formatCount(selected)} selected</span> : null}
      <span>{sortWords(sort)}</span>
      {order.moved > 0 ? (
        <button type="button" className="rk-foot__do" onClick={order.resort}>
          Re-sort ({formatCount(order.moved)} moved)
        </button>
      ) : null}
    </SlotContent>
  );
}

/** The sort in words: `Sorted by status, attention first, then name`. */
export function sortWords({ column, direction }: NodeSort): string {
  const isUp = direction === 'ascending';
  if (column === 'status') return `Sorted by status, attention ${isUp ? 'first' : 'last'}, then name`;
  const isText = column === 'name' || column === 'address' || column === 'tags' || column === 'candidate';
  const way = isText ? (isUp ? 'A to Z' : 'Z to A') : isUp ? 'lowest first' : 'highest first';
  const words = column === 'candidate' ? (isUp ? 'candidates first' : 'candidates last') : way;
  return `Sorted by ${column === 'name' ? 'name' : columnNames[column]}, ${words}${column === 'name' ? '' : ', then name'}`;
}
