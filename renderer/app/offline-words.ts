import type { RegionConnection } from '#shared/model/region.ts';
import { formatTime } from '../ui/format.ts';

type Offline = Extract<RegionConnection, { kind: 'offline' }>;

/** How the core's warning begins that suspects the laptop's own network (R22). Whether to suspect it is the core's to say. */
const suspicion = 'No node of ';

export interface OfflineWords {
  readonly title: string;
  readonly text: string;
  readonly isLaptopSuspect: boolean;
  /** The region's warnings that are not said by the banner itself. */
  readonly otherWarnings: readonly string[];
}

/** What the offline banner says: the region's suspicion of the laptop's network where it has one, else its own problem. */
export function offlineWords(connection: Offline, warnings: readonly string[], now: number): OfflineWords {
  const { lastReadAt, problem } = connection;
  const shown =
    lastReadAt === null ? 'Nothing of it was ever read.' : `You see the state of ${formatTime(lastReadAt, now)}.`;
  const suspect = warnings.find((warning) => warning.startsWith(suspicion));
  if (suspect === undefined) {
    const text = `${problem.advice} ${shown}`;
    return { title: problem.message, text, isLaptopSuspect: false, otherWarnings: warnings };
  }
  const otherWarnings = warnings.filter((warning) => warning !== suspect);
  return { title: suspect, text: shown, isLaptopSuspect: true, otherWarnings };
}
