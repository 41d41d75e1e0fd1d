import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { NodeFilter, NodeSort } from '../../state/view.ts';
import { matcher } from './filter.ts';
import { compareNaturally, foldText } from '../../ui/natural-order.ts';
import { sortKey } from './sort-keys.ts';

interface Sortable {
  readonly id: NodeId;
  /** A column's number with the direction in it, or 0 where it has a text; what is not known stands last in both directions. */
  readonly rank: number;
  readonly text: string;
  readonly name: string;
}

function sortable(row: NodeRow, { column, direction }: NodeSort): Sortable {
  const key = sortKey(row, column);
  const name = foldText(row.name);
  if (key === null) return { id: row.id, rank: Number.POSITIVE_INFINITY, text: '', name };
  if (typeof key === 'string') return { id: row.id, rank: 0, text: key, name };
  return { id: row.id, rank: direction === 'ascending' ? key : -key, text: '', name };
}

/** Equal keys by name, which always rises; equal names by id, so that the order is one. `sign`: the direction of texts. */
function compare(a: Sortable, b: Sortable, sign: 1 | -1): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  const order = a.text === b.text ? 0 : compareNaturally(a.text, b.text) * sign;
  return order || compareNaturally(a.name, b.name) || (a.id < b.id ? -1 : Number(a.id > b.id));
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
