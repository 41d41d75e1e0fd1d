import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { NodeFilter, NodeSort } from '../../state/view.ts';
import { matcher } from './filter.ts';
import { compareNaturally, foldText } from './natural-order.ts';
import { sortKey } from './sort-keys.ts';
import type { SortKey } from './sort-keys.ts';

interface Sortable {
  readonly id: NodeId;
  readonly key: SortKey;
  readonly name: string;
}

const sortable = (row: NodeRow, sort: NodeSort): Sortable => ({
  id: row.id,
  key: sortKey(row, sort.column),
  name: foldText(row.name),
});

/** Unknown last in both directions; equal keys by name, which always rises; equal names by id, so that the order is one. */
function compare(a: Sortable, b: Sortable, sign: 1 | -1): number {
  if (a.key !== b.key) {
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    const order =
      typeof a.key === 'string' && typeof b.key === 'string'
        ? compareNaturally(a.key, b.key)
        : Number(a.key) - Number(b.key);
    if (order !== 0) return order * sign;
  }
  return compareNaturally(a.name, b.name) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

const signOf = (sort: NodeSort): 1 | -1 => (sort.direction === 'ascending' ? 1 : -1);

/** The ids of the rows that fit, in order. */
export function orderNodes(rows: Iterable<NodeRow>, filter: NodeFilter, sort: NodeSort): readonly NodeId[] {
  const matches = matcher(filter);
  const found: Sortable[] = [];
  for (const row of rows) if (matches(row)) found.push(sortable(row, sort));
  const sign = signOf(sort);
  found.sort((a, b) => compare(a, b, sign));
  return found.map(({ id }) => id);
}

/**
 * How many rows stand where they would not stand if the order were applied again: rows that fit no more or not yet, rows that
 * are gone, and the fewest rows whose moving would bring the others into order.
 */
export function countMoved(
  shown: readonly NodeId[],
  rows: ReadonlyMap<NodeId, NodeRow>,
  filter: NodeFilter,
  sort: NodeSort,
): number {
  const matches = matcher(filter);
  const sign = signOf(sort);
  const staying: Sortable[] = [];
  for (const id of shown) {
    const row = rows.get(id);
    if (row && matches(row)) staying.push(sortable(row, sort));
  }
  let fitting = 0;
  for (const row of rows.values()) if (matches(row)) fitting += 1;
  const gone = shown.length - staying.length;
  const added = fitting - staying.length;
  return gone + added + staying.length - longestRise(staying, (a, b) => compare(a, b, sign));
}

/** The length of the longest subsequence that is in order already (patience sorting, O(n log n); O(n) where all is in order). */
function longestRise<T>(items: readonly T[], compareItems: (a: T, b: T) => number): number {
  const tops: T[] = [];
  for (const item of items) {
    const top = tops.at(-1);
    if (top === undefined || compareItems(top, item) <= 0) {
      tops.push(item);
      continue;
    }
    let low = 0;
    let high = tops.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = tops[middle];
      if (candidate !== undefined && compareItems(candidate, item) <= 0) low = middle + 1;
      else high = middle;
    }
    tops[low] = item;
  }
  return tops.length;
}
