import type { NodeRow } from '#shared/model/node.ts';
import { foldedName, wrongText } from '#shared/model/texts.ts';

const most = 8;

/** What is wrong with a tag before it is sent; the core judges it again. `undefined`: nothing. */
export function wrongTag(text: string, own: readonly string[]): string | undefined {
  const tag = text.trim();
  if (tag.includes(',')) return 'A tag has no commas.';
  const same = own.find((other) => foldedName(other) === foldedName(tag));
  if (same !== undefined) return same === tag ? 'The node has this tag.' : `The node has this tag, as ${same}.`;
  return wrongText('tag', tag);
}

/**
 * Tags of the region's other nodes that fit what was typed, the most used first, so that one thing gets one name. Each with how many
 * nodes have it.
 */
export function suggestTags(
  rows: Iterable<Pick<NodeRow, 'tags'>>,
  own: readonly string[],
  typed: string,
): readonly { readonly tag: string; readonly nodes: number }[] {
  const counts = new Map<string, number>();
  for (const { tags } of rows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const wanted = typed.trim().toLowerCase();
  return [...counts]
    .map(([tag, nodes]) => ({ tag, nodes }))
    .filter(({ tag }) => !own.includes(tag) && tag.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a.tag, wanted) - rank(b.tag, wanted) || b.nodes - a.nodes || a.tag.localeCompare(b.tag))
    .slice(0, most);
}

/** What begins as it was typed stands before what only has it somewhere. */
const rank = (tag: string, wanted: string): number => (tag.toLowerCase().startsWith(wanted) ? 0 : 1);
