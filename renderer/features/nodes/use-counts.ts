import { useEffect, useState } from 'react';
import { useNodes } from '../../state/nodes.ts';
import { countNodes } from './filter.ts';
import type { NodeCounts } from './filter.ts';

const settleMs = 250;

/** The counts beside the filters; counted at most four times a second while updates come. */
export function useCounts(): NodeCounts {
  const rows = useNodes((state) => state.rows);
  const [counted, setCounted] = useState(() => ({ rows, counts: countNodes(rows.values()) }));
  useEffect(() => {
    if (counted.rows === rows) return undefined;
    const timer = setTimeout(
      () => {
        const { rows: latest } = useNodes.getState();
        setCounted({ rows: latest, counts: countNodes(latest.values()) });
      },
      counted.rows.size === 0 ? 0 : settleMs,
    );
    return () => {
      // Only when the page goes; a change within the pause must not start the pause anew.
      if (counted.rows.size === 0) clearTimeout(timer);
    };
  }, [rows, counted]);
  return counted.counts;
}
