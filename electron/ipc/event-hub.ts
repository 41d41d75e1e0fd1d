import type { EventEnvelope, EventName, Events } from '#shared/contract/contract.ts';

export interface SubscribeOptions {
  /** Whether the peer can take one more event now. Default: always. */
  readonly canTake?: () => boolean;
}

export interface Subscription {
  /** To be called by the shell when a peer that could take no more can take events again. */
  drained(): void;
  close(): void;
}

export interface EventHub {
  /** The number of the latest event; 0 before the first. */
  sequence(): number;
  /** Announces what has happened to every subscriber, now, in order. */
  publish<Name extends EventName>(name: Name, payload: Events[Name]): void;
  /**
   * Delivers every event from now on. A peer that cannot take an event loses it; the next one it gets has a number that does
   * not follow, by which the renderer knows to ask for snapshots. So a slow peer costs one event of memory, not a queue.
   */
  subscribe(deliver: (event: EventEnvelope) => void, options?: SubscribeOptions): Subscription;
  subscribers(): number;
}

export interface EventHubOptions {
  /** Told when a subscriber threw. It is closed, so that the others go on. */
  readonly onError: (error: unknown) => void;
}

/** Events of the core on their way to every window and tab. Sequence numbers rise by one over the whole hub. */
export function createEventHub(options: EventHubOptions): EventHub {
  let sequence = 0;
  const subscribers = new Set<(event: EventEnvelope) => void>();

  return {
    sequence: () => sequence,
    publish(name, payload) {
      sequence += 1;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Name and payload belong together by the signature.
      const event = Object.freeze({ sequence, name, payload }) as EventEnvelope;
      for (const take of subscribers) take(event);
    },
    subscribe(deliver, { canTake = () => true } = {}) {
      // The newest event that was lost. It is sent when the peer can take events again, so that the gap shows even if nothing
      // else ever happens.
      let lost: EventEnvelope | undefined;
      const attempt = (event: EventEnvelope): void => {
        try {
          deliver(event);
        } catch (error) {
          subscribers.delete(take);
          options.onError(error);
        }
      };
      const take = (event: EventEnvelope): void => {
        if (canTake()) {
          lost = undefined;
          attempt(event);
        } else {
          lost = event;
        }
      };
      subscribers.add(take);
      return {
        drained() {
          if (lost === undefined || !subscribers.has(take)) return;
          take(lost);
        },
        close() {
          subscribers.delete(take);
        },
      };
    },
    subscribers: () => subscribers.size,
  };
}
