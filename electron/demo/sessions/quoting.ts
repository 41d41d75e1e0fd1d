/** Undoes `quote` (`core/ssh/quote.ts`) at `from`, where a single quote stands; `undefined` while its end has not come. */
export function unquoted(text: string, from: number): { readonly value: string; readonly end: number } | undefined {
  let value = '';
  for (let at = from + 1; ;) {
    const close = text.indexOf("'", at);
    // What follows the quote tells whether it was the last: `'\''` goes on.
    if (close < 0 || close + 1 >= text.length) return undefined;
    value += text.slice(at, close);
    if (!text.startsWith(again, close)) {
      const rest = text.slice(close, close + again.length);
      return rest.length < again.length && again.startsWith(rest) ? undefined : { value, end: close + 1 };
    }
    value += "'";
    at = close + again.length;
  }
}

const again = "'\\''";

/** Quoted words with one blank between them, from `from` on; `undefined` while the last one has no end. */
export function unquotedWords(
  text: string,
  from: number,
): { readonly words: readonly string[]; readonly end: number } | undefined {
  const words: string[] = [];
  let at = from;
  while (text[at] === "'") {
    const word = unquoted(text, at);
    if (word === undefined) return undefined;
    words.push(word.value);
    at = text[word.end] === ' ' && text[word.end + 1] === "'" ? word.end + 1 : word.end;
  }
  return { words, end: at };
}
