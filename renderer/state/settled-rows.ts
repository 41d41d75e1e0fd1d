import { useEffect, useState } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { useNodes } from './nodes.ts';

export interface SettledRows {
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  /** Rises when the rows have changed; what is counted over all rows is counted anew then. */
  readonly version: number;
}

/** What looks at every row looks at most this often while updates come; a person could not read faster. */
const settleMs = (rows: number): number => (rows > 5000 ? 1000 : 500);

const present = (): SettledRows => {
  const { rows, version } = useNodes.getState();
  return { rows, version };
};

/** All rows, for what is counted over them. Another region or a snapshot comes at once, later changes when they have settled. */
export function useSettledRows(): SettledRows {
  const rows = useNodes((state) => state.rows);
  const [settled, setSettled] = useState(present);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let counted = useNodes.getState().rows.size;
    const look = (): void => {
      timer = undefined;
      const now = present();
      counted = now.rows.size;
      setSettled((before) => (before.version === now.version ? before : now));
    };
    const stop = useNodes.subscribe((state, before) => {
      if (state.version === before.version) return;
      // The first rows of a region that had none are counted with the paint that shows them.
      if (counted === 0 && state.rows.size > 0) look();
      else timer ??= setTimeout(look, settleMs(state.rows.size));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  if (settled.rows === rows) return settled;
  const now = present();
  setSettled(now);
  return now;
}
