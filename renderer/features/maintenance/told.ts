import { useClock } from '../../state/clock.ts';
import { formatReason } from '../../ui/format.ts';

/** Words of the core as this person reads them: the moments in them are local. */
export const told = (words: string): string => formatReason(words, useClock.getState().now);
