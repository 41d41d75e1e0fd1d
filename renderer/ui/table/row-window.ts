/** Rows come and go by blocks of this many: between two moves of the window a scroll neither renders nor lays out anything. */
export const blockRows = 8;

/** The blocks of rows that are in the page, both ends included; `last` is -1 where there is none. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
}

const row = 28;
/** Rows beyond the view on each side. */
const margin = 4;

/** The window for a view of `height` px that begins at `top` px. It is of one length, so that both ends move at once. */
export function rowWindow(top: number, height: number, count: number): RowWindow {
  const lastBlock = lastBlockOf(count);
  const length = Math.ceil((height / row + 2 * margin) / blockRows);
  const first = Math.max(0, Math.min(Math.floor((top / row - margin) / blockRows), lastBlock - length));
  return { first, last: Math.min(lastBlock, first + length) };
}

/** Only the blocks that are seen: the first frame needs no rows to spare, which follow once it is painted. */
export function seenWindow(top: number, height: number, count: number): RowWindow {
  const lastBlock = lastBlockOf(count);
  const first = Math.max(0, Math.min(Math.floor(top / row / blockRows), lastBlock));
  return { first, last: Math.min(lastBlock, Math.ceil((top + height) / row / blockRows) - 1) };
}

const lastBlockOf = (count: number): number => Math.ceil(count / blockRows) - 1;
