import { useCallback, useEffect, useRef, useState } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import { useNodes } from '../../state/nodes.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
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

function presentOrder(): readonly NodeId[] {
  const { filter, sort } = useView.getState();
  return orderNodes(useNodes.getState().rows.values(), filter, sort);
}

/** The order of the rows: applied anew when sort, filter or region change, else only while nobody aims at a row. */
export function useOrder(): Order {
  const settled = useSettledRows();
  const regionId = useNodes((state) => state.regionId);
  const sort = useView((state) => state.sort);
  const filter = useView((state) => state.filter);
  const [shown, setShown] = useState(() => ({ ids: presentOrder(), sort, filter, regionId, version: settled.version }));
  const [moved, setMoved] = useState(0);
  const holders = useRef(0);

  let { ids } = shown;
  const { version } = shown;
  const isAsked = shown.sort !== sort || shown.filter !== filter || shown.regionId !== regionId;
  // The first rows of a region move nobody's aim.
  if (isAsked || (ids.length === 0 && settled.rows.size > 0 && moved === 0)) {
    const next = presentOrder();
    if (isAsked || next.length > 0) {
      ids = next;
      setShown({ ids, sort, filter, regionId, version: settled.version });
      if (moved !== 0) setMoved(0);
    }
  }

  const apply = useCallback(() => {
    const next = presentOrder();
    setShown((before) => (isSame(before.ids, next) ? before : { ...before, ids: next }));
    setMoved(0);
  }, []);

  const latest = useRef(ids);
  useEffect(() => {
    latest.current = ids;
  }, [ids]);
  useEffect(() => {
    // The order was made of just these rows.
    if (version === settled.version) return;
    const view = useView.getState();
    const count = countMoved(latest.current, settled.rows, view.filter, view.sort);
    if (count > 0 && holders.current === 0) apply();
    else setMoved(count);
  }, [settled, version, apply]);

  const hold = useCallback(
    (isHeld: boolean) => {
      holders.current = Math.max(0, holders.current + (isHeld ? 1 : -1));
      if (holders.current === 0) apply();
    },
    [apply],
  );
  return { ids, moved, resort: apply, hold };
}

function isSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
