/** A place in the grid; row -1 is the head, column 0 the selection. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads from a cell; `null` where the key moves nothing. Home and End are the first and the last row. */
export function nextCell(
  from: Cell,
  key: string,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): Cell | null {
  const lastRow = size.rows - 1;
  const row = (wanted: number): Cell => ({ ...from, row: Math.max(-1, Math.min(lastRow, wanted)) });
  const bodyRow = (wanted: number): Cell => ({
    ...from,
    row: Math.max(Math.min(0, lastRow), Math.min(lastRow, wanted)),
  });
  const column = (wanted: number): Cell => ({ ...from, column: Math.max(0, Math.min(size.columns - 1, wanted)) });
  switch (key) {
    case 'ArrowUp':
      return row(from.row - 1);
    case 'ArrowDown':
      return row(from.row + 1);
    case 'ArrowLeft':
      return column(from.column - 1);
    case 'ArrowRight':
      return column(from.column + 1);
    case 'PageUp':
      return bodyRow(from.row - size.page);
    case 'PageDown':
      return bodyRow(from.row + size.page);
    case 'Home':
      return bodyRow(0);
    case 'End':
      return bodyRow(lastRow);
    default:
      return null;
  }
}
