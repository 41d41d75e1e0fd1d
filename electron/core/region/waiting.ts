import type { Clock } from './clock.ts';

/** A sleep that can be cut short. */
export interface Waiting {
  /** Resolves after `delayMs`, or when woken; `null` waits until woken. */
  readonly sleep: (delayMs: number | null) => Promise<void>;
  /** Ends the sleep under way; does nothing when nobody sleeps, so that no later sleep is cut short by an old wish (R22). */
  readonly wake: () => void;
  /** Ends the sleep under way, else the next one: for news that came while its reader was busy. */
  readonly wakeNext: () => void;
}

/** Makes a `Waiting` on this clock. */
export function createWaiting(clock: Clock): Waiting {
  let isWoken = false;
  let finish: (() => void) | undefined;
  return {
    async sleep(delayMs) {
      if (!isWoken) {
        await new Promise<void>((resolve) => {
          const cancel = delayMs === null ? () => {} : clock.after(delayMs, resolve);
          finish = () => {
            cancel();
            resolve();
          };
        });
        finish = undefined;
      }
      isWoken = false;
    },
    wake() {
      finish?.();
    },
    wakeNext() {
      if (finish === undefined) isWoken = true;
      else finish();
    },
  };
}
