import type { RegionId } from '#shared/model/ids.ts';
import { lastRegionKey, type RegionProfile } from '#shared/model/region.ts';
import type { Clock } from './clock.ts';

/** The page has its files by then, and needs longer than that to begin. */
const filesSentMs = 100;

/** The region that was shown last. */
export interface LastRegion {
  /** A page is on its way: opens what it will ask for while it is loaded. */
  openSoon(): void;
  close(): void;
}

/**
 * Makes it ready before it is asked for: opening 1,000 cached nodes takes 0.2 s, which the page can use to load. A demo begins only when it
 * is asked for. What fails here fails again for whoever asks, and is told there.
 */
export function createLastRegion(deps: {
  readonly clock: Clock;
  readonly shownLast: (key: string) => string | null;
  readonly profiles: () => readonly RegionProfile[];
  readonly open: (id: RegionId) => Promise<unknown>;
}): LastRegion {
  let cancel = (): void => {};
  const open = (): void => {
    const last = deps.shownLast(lastRegionKey);
    const profile = deps.profiles().find(({ id }) => id === last);
    if (profile?.demoLabel === null) void deps.open(profile.id).catch(() => undefined);
  };
  return {
    openSoon() {
      cancel();
      cancel = deps.clock.after(filesSentMs, open);
    },
    close: () => cancel(),
  };
}
