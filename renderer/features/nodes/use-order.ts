import { useCallback, useEffect, useRef, useState } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { useNodes } from '../../state/nodes.ts';
import { useView } from '../../state/view.ts';
import type { NodeFilter, NodeSort } from '../../state/view.ts';
import { countMoved, orderNodes } from './order.ts';

export interface Order {
  readonly ids: readonly NodeId[];
  /** Rows that stand elsewhere than the sort would put them now. */
  readonly moved: number;
  /** Applies the order at once: the person asked for it. */
  readonly resort: () => void;
  /** Nothing may move while this holds (pointer, focus, menu); when it ends, the order is applied. */
  readonly hold: (isHeld: boolean) => void;
}

interface Basis {
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  readonly filter: NodeFilter;
  readonly sort: NodeSort;
}

/** Rows are put in order at most this often while updates come; a person could not read faster. */
const settleMs = 500;

const orderOf = ({ rows, filter, sort }: Basis): readonly NodeId[] => orderNodes(rows.values(), filter, sort);

/** The order of the rows: applied anew when sort or filter change, else only while nobody aims at a row. */
export function useOrder(): Order {
  const rows = useNodes((state) => state.rows);
  const regionId = useNodes((state) => state.regionId);
  const { sort, filter } = useView();
  const basis: Basis = { rows, filter, sort };
  const latest = useRef(basis);
  const [shown, setShown] = useState(() => ({ ids: orderOf(basis), sort, filter, regionId, isEmpty: rows.size === 0 }));
  const [moved, setMoved] = useState(0);
  const isHeld = useRef(false);

  let { ids } = shown;
  const isAsked = shown.sort !== sort || shown.filter !== filter || shown.regionId !== regionId;
  // The first rows of a region move nobody's aim.
  if (isAsked || (shown.isEmpty && rows.size > 0)) {
    ids = orderOf(basis);
    setShown({ ids, sort, filter, regionId, isEmpty: rows.size === 0 });
    if (moved !== 0) setMoved(0);
  }
  useEffect(() => {
    latest.current = basis;
  });

  const apply = useCallback(() => {
    const now = latest.current;
    const next = orderOf(now);
    setShown((before) => (isSame(before.ids, next) ? before : { ...before, ids: next, isEmpty: now.rows.size === 0 }));
    setMoved(0);
  }, []);

  // The effect runs for every change; the timer makes it one settling for many.
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const shownIds = useRef(ids);
  useEffect(() => {
    shownIds.current = ids;
  }, [ids]);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      const now = latest.current;
      const count = countMoved(shownIds.current, now.rows, now.filter, now.sort);
      if (count > 0 && !isHeld.current) apply();
      else setMoved(count);
    }, settleMs);
  }, [rows, apply]);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );

  const hold = useCallback(
    (isNowHeld: boolean) => {
      isHeld.current = isNowHeld;
      if (!isNowHeld) apply();
    },
    [apply],
  );
  return { ids, moved, resort: apply, hold };
}

function isSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
