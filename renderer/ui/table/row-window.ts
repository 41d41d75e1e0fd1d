/** Rows come and go by blocks of this many: between two moves of the window a scroll neither renders nor lays out anything. */
export const blockRows = 8;

/** The blocks of rows that are in the page, both ends included; `last` is -1 where there is none. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
  /** The row after the last one in the page: the first frame's last block is cut where the view ends. */
  readonly end: number;
}

const row = 28;
/** Rows beyond the view on each side. */
const margin = 4;

/** The window for a view of `height` px that begins at `top` px. It is of one length, so that both ends move at once. */
export function rowWindow(top: number, height: number, count: number): RowWindow {
  const lastBlock = lastBlockOf(count);
  const length = Math.ceil((height / row + 2 * margin) / blockRows);
  const first = Math.max(0, Math.min(Math.floor((top / row - margin) / blockRows), lastBlock - length));
  const last = Math.min(lastBlock, first + length);
  return { first, last, end: Math.min(count, (last + 1) * blockRows) };
}

/** Only the rows that are seen: the first frame needs none to spare, which follow once it is painted. */
export function seenWindow(top: number, height: number, count: number): RowWindow {
  const lastBlock = lastBlockOf(count);
  const first = Math.max(0, Math.min(Math.floor(top / row / blockRows), lastBlock));
  const end = Math.min(count, Math.ceil((top + height) / row));
  return { first, last: Math.min(lastBlock, Math.ceil(end / blockRows) - 1), end };
}

const lastBlockOf = (count: number): number => Math.ceil(count / blockRows) - 1;
