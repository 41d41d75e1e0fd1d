import { useSettledRows } from '../../state/settled-rows.ts';
import type { SettledRows } from '../../state/settled-rows.ts';
import { countNodes } from './filter.ts';
import type { NodeCounts } from './filter.ts';

let last: { readonly of: SettledRows; readonly counts: NodeCounts } | null = null;

/** The counts beside the filters. Two parts of the page show them; they are counted once. */
export function useCounts(): NodeCounts {
  const settled = useSettledRows();
  if (last?.of.rows !== settled.rows || last.of.version !== settled.version)
    last = { of: settled, counts: countNodes(settled.rows.values()) };
  return last.counts;
}
