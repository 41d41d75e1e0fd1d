/** A tag's padding, edges and the space to the next one, px, and what a letter takes in its font, rather more than less. */
const around = 18;
const letter = 6;
const space = 4;
/** The cell's own padding on both sides, px. */
const cellPadding = 18;
/** The `+2` of those that have no room. */
const restWidth = around + 2 * letter;

const widthOf = (tag: string): number => around + tag.length * letter;

/** How many of the tags stand in a cell of this width, px, with how many more there are behind them; one at least. */
export function tagsInRoom(tags: readonly string[], cellWidth: number): number {
  const room = cellWidth - cellPadding + space;
  let used = 0;
  let shown = 0;
  for (const [index, tag] of tags.entries()) {
    used += widthOf(tag);
    const isLast = index === tags.length - 1;
    if (used <= (isLast ? room : room - restWidth)) shown = index + 1;
  }
  return Math.min(tags.length, Math.max(1, shown));
}
