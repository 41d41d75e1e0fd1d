import type { NodeRow } from '#shared/model/node.ts';
import { valueOf } from '#shared/model/reading.ts';

const haystacks = new WeakMap<NodeRow, string>();

/** Everything a search looks in: name, hostname, address, tags, serials and MACs; parted so that no match spans two of them. */
function haystack(row: NodeRow): string {
  let text = haystacks.get(row);
  if (text === undefined) {
    text = [row.name, row.hostname, valueOf(row.address) ?? '', ...row.tags, ...row.searchTerms]
      .join('\n')
      .toLowerCase();
    haystacks.set(row, text);
  }
  return text;
}

/** The words of a search, as `hasWords` wants them. */
export const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether the row has all of the words. */
export function hasWords(row: NodeRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = haystack(row);
  return words.every((word) => text.includes(word));
}
