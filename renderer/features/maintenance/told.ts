import { useClock } from '../../state/clock.ts';
import { formatReason } from '../../ui/format.ts';

/** Words of the core as this person reads them: the moments in them are local. */
export const told = (words: string): string => formatReason(words, useClock.getState().now);

/** The same as a line of its own: a reason that the core has as part of a sentence begins with a capital here. */
export function toldLine(words: string): string {
  const text = told(words);
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
