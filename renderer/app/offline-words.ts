import type { RegionConnection, RegionView } from '#shared/model/region.ts';
import { formatTime } from '../ui/format.ts';

type Offline = Extract<RegionConnection, { kind: 'offline' }>;
type Suspected = Pick<RegionView, 'name' | 'isLaptopSuspect'>;

export interface OfflineWords {
  readonly title: string;
  readonly text: string;
}

/** The suspicion of the laptop's own network (R22). Whether to suspect it is the core's to say. */
export const suspicionOf = ({ name }: Pick<RegionView, 'name'>): string =>
  `No node of ${name} answers, so this laptop’s network is the first suspect.`;

/** What the offline banner says: the region's suspicion of the laptop's network where it has one, else its own problem. */
export function offlineWords(view: Suspected, connection: Offline, now: number): OfflineWords {
  const { lastReadAt, problem } = connection;
  const shown =
    lastReadAt === null ? 'Nothing of it was ever read.' : `You see the state of ${formatTime(lastReadAt, now)}.`;
  return view.isLaptopSuspect
    ? { title: suspicionOf(view), text: shown }
    : { title: problem.message, text: `${problem.advice} ${shown}` };
}
