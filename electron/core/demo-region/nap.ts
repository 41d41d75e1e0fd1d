import { systemClock, type SshClock } from '../ssh/timings.ts';
import type { LaptopClock } from './laptop-clock.ts';

/** The sleep of the laptop, as the demo region's part of the app lives through it. */
export interface Nap {
  /** Begins, and ends by itself after so many ms of a clock on the wall. Answers why it did not, or `null`. */
  begin(ms: number): string | null;
  /** The lid is opened; nothing happens to a laptop that is awake. */
  end(): void;
}

/**
 * In the order of a real sleep: the shell is told (`powerMonitor`'s `suspend`), then time stands still and no byte comes or goes; bytes and
 * time go on together, and the shell is told again (`resume`; the browser shell finds out by the clock, and is at the same place then).
 */
export function createNap(laptop: {
  readonly clock: Pick<LaptopClock, 'fallAsleep' | 'wake'>;
  readonly suspend: () => void;
  readonly resume: () => void;
  /** Whether the network of the laptop carries anything. */
  readonly setNetwork: (isUp: boolean) => void;
  readonly wall?: Pick<SshClock, 'after'>;
}): Nap {
  const { clock, wall = systemClock } = laptop;
  let cancelAlarm: (() => void) | undefined;
  const end = (): void => {
    if (cancelAlarm === undefined) return;
    cancelAlarm();
    cancelAlarm = undefined;
    clock.wake();
    laptop.setNetwork(true);
    laptop.resume();
  };
  return {
    begin(ms) {
      if (cancelAlarm !== undefined) return 'the laptop sleeps already';
      laptop.suspend();
      clock.fallAsleep();
      laptop.setNetwork(false);
      cancelAlarm = wall.after(ms, end);
      return null;
    },
    end,
  };
}
