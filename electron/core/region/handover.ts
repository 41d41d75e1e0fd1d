import type { Clock } from './clock.ts';

/** The moment between two control nodes: one is not followed any more, and the next is not adopted yet. */
export interface Handover {
  /** One that answered is left. */
  begin(): void;
  /** The next answers, or none does. */
  end(): void;
  /** Resolves when no such moment is under way, or `withinMs` after it is asked at the latest. */
  readonly over: () => Promise<void>;
}

/** @param withinMs longest wait: whoever asks then is told that none answers. */
export function createHandover(clock: Clock, withinMs: number): Handover {
  let underWay: PromiseWithResolvers<void> | undefined;
  return {
    begin() {
      underWay ??= Promise.withResolvers<void>();
    },
    end() {
      underWay?.resolve();
      underWay = undefined;
    },
    over() {
      const moment = underWay;
      if (moment === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(withinMs, resolve);
        void moment.promise.then(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}
