import { systemClock, type SshClock } from '../ssh/timings.ts';

/** A laptop's clocks, which a person can let sleep. */
export interface LaptopClock extends SshClock {
  /** From now on as on a machine that sleeps: monotonic time and whatever waits on it stand still, wall time goes on. */
  fallAsleep(): void;
  /** What waited goes on with the time that it had left. */
  wake(): void;
}

interface Waiting {
  readonly callback: () => void;
  /** On the laptop's own monotonic clock. */
  readonly at: number;
  /** `undefined` while the laptop sleeps. */
  cancel: (() => void) | undefined;
}

/** A clock that does to whatever reads it what a sleep of the machine does on Linux (CLOCK_MONOTONIC, on which Node's timers wait). */
export function createLaptopClock(machine: SshClock = systemClock): LaptopClock {
  const waiting = new Set<Waiting>();
  let sleptMs = 0;
  let asleepAt: number | undefined;

  const now = (): number => (asleepAt ?? machine.now()) - sleptMs;
  const begin = (entry: Waiting): void => {
    entry.cancel = machine.after(Math.max(0, entry.at - now()), () => {
      waiting.delete(entry);
      entry.callback();
    });
  };
  return {
    now,
    wall: () => machine.wall(),
    after(ms, callback) {
      const entry: Waiting = { callback, at: now() + ms, cancel: undefined };
      waiting.add(entry);
      if (asleepAt === undefined) begin(entry);
      return () => {
        waiting.delete(entry);
        entry.cancel?.();
      };
    },
    fallAsleep() {
      if (asleepAt !== undefined) return;
      asleepAt = machine.now();
      for (const entry of waiting) {
        entry.cancel?.();
        entry.cancel = undefined;
      }
    },
    wake() {
      if (asleepAt === undefined) return;
      sleptMs += machine.now() - asleepAt;
      asleepAt = undefined;
      for (const entry of waiting) begin(entry);
    },
  };
}
