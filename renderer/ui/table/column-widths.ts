/** The width of the selection column, px. */
export const selectionWidth = 32;
/** The width of the column of the rows' menus, px. */
export const menuWidth = 26;

export interface Widths {
  readonly total: number;
  readonly columns: readonly number[];
}

/**
 * Numeric columns keep their width; what is left of `available` px goes to the columns that grow, by their shares. `besides` px
 * stand beside the columns.
 */
export function columnWidths(
  columns: readonly { readonly width: number; readonly grow?: number }[],
  available: number,
  besides = selectionWidth,
): Widths {
  const least = columns.reduce((sum, { width }) => sum + width, besides);
  const shares = columns.reduce((sum, { grow = 0 }) => sum + grow, 0);
  const spare = shares === 0 ? 0 : Math.max(0, available - least);
  let given = 0;
  const widths = columns.map(({ width, grow = 0 }) => {
    const extra = grow === 0 ? 0 : Math.floor((spare * grow) / shares);
    given += extra;
    return width + extra;
  });
  // Rounding leaves a pixel or two, which the last column that grows takes.
  const last = columns.findLastIndex(({ grow = 0 }) => grow > 0);
  return {
    total: least + spare,
    columns: widths.map((width, index) => (index === last ? width + spare - given : width)),
  };
}
