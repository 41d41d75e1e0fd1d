import type { EventEnvelope } from '#shared/contract/contract.ts';

export interface Sequencer {
  /** An event as it came. Applied, held back while a snapshot is on its way, or ignored where a snapshot includes it. */
  event(event: EventEnvelope): void;
  /** A snapshot was asked for: what comes until it is there may be older or newer than it, so it waits. */
  snapshotAsked(): void;
  /** The snapshot that includes everything up to `sequence` has been applied; what waited follows it. */
  snapshotApplied(sequence: number): void;
  /** The snapshot did not come; what waited is applied as it is. */
  snapshotFailed(): void;
  /** The link was lost and is back: the core counts anew. */
  restart(): void;
}

/**
 * Keeps events in their order. A gap in the sequence numbers means that something was missed: `onGap` asks for a snapshot.
 * The event that showed the gap is applied all the same, since an event carries whole rows.
 */
export function createSequencer(apply: (event: EventEnvelope) => void, onGap: () => void): Sequencer {
  let last: number | null = null;
  let waiting: EventEnvelope[] | null = null;
  let snapshotsAsked = 0;

  const deliver = (event: EventEnvelope): void => {
    if (last !== null && event.sequence <= last) return;
    const isGap = last !== null && event.sequence > last + 1;
    last = event.sequence;
    apply(event);
    if (isGap) onGap();
  };

  const take = (event: EventEnvelope): void => {
    if (waiting) waiting.push(event);
    else deliver(event);
  };

  const settle = (): void => {
    snapshotsAsked = Math.max(0, snapshotsAsked - 1);
    if (snapshotsAsked > 0) return;
    const held = waiting ?? [];
    waiting = null;
    // A gap found on the way asks for a snapshot again, and the rest waits for that one.
    for (const event of held) take(event);
  };

  return {
    event: take,
    snapshotAsked: () => {
      snapshotsAsked += 1;
      waiting ??= [];
    },
    snapshotApplied: (sequence) => {
      last = sequence;
      settle();
    },
    snapshotFailed: settle,
    restart: () => {
      last = null;
      if (waiting) waiting = [];
    },
  };
}
