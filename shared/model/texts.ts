/** How long what a person writes may be, characters. */
export const textLimits = { reason: 500, name: 80, description: 1000, tag: 64 } as const;
export type LimitedText = keyof typeof textLimits;

/** A name as two people would call it the same: without case, and however its accents are composed. */
export const foldedName = (name: string): string => name.trim().normalize('NFC').toLocaleLowerCase();

/** What is wrong with a text for whoever writes it; the core judges the same again. `undefined`: nothing. Empty is for its owner to judge. */
export function wrongText(kind: LimitedText, text: string): string | undefined {
  const written = text.trim();
  const tooMany = written.length - textLimits[kind];
  if (tooMany > 0) return `At most ${textLimits[kind]} characters: ${tooMany} too many.`;
  if ((kind === 'name' || kind === 'tag') && /\p{C}/u.test(written))
    return 'Control and invisible characters are not allowed: type it anew, without them.';
  return undefined;
}
