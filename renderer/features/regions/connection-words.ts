import type { RegionConnection } from '#shared/model/region.ts';
import { formatAge, formatTime } from '../../ui/format.ts';

/** How a region and this laptop stand to each other, in a few words. */
export function connectionWords(
  connection: RegionConnection | undefined,
  now: number,
): { readonly word: string; readonly more: string } {
  switch (connection?.kind) {
    case 'live':
      return { word: 'Live', more: `through ${connection.via}` };
    case 'connecting':
      return { word: 'Connecting', more: `to ${connection.to}, ${formatAge(now - connection.since)}` };
    case 'offline': {
      const at = connection.lastReadAt;
      const word = at === null ? 'Never read' : `As of ${formatTime(at, now)}`;
      return { word, more: connection.problem.message };
    }
    case 'closed':
    case undefined:
      return { word: 'Not open', more: '' };
  }
}
