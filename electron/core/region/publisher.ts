import type { NodeId } from '#shared/model/ids.ts';
import type { Clock } from './clock.ts';

/** One batch of what changed. */
export interface Batch {
  readonly changed: ReadonlySet<NodeId>;
  readonly removed: ReadonlySet<NodeId>;
}

/**
 * Collects what changed and tells it once a tick, so that a thousand probes make four events a second and not a thousand.
 */
export interface Publisher {
  markNode(id: NodeId): void;
  markRemoved(id: NodeId): void;
  /** The region itself changed (connection, quorum, questions). */
  markRegion(): void;
  close(): void;
}

/**
 * Makes a publisher; `publish` is called at most once each `tickMs`, and only when something changed.
 *
 * @param holdMs the first batch waits for this long: whoever opened the region has its snapshot, and paints it now.
 */
export function createPublisher(options: {
  readonly clock: Clock;
  readonly tickMs: number;
  readonly holdMs: number;
  readonly publish: (batch: Batch) => void;
}): Publisher {
  let changed = new Set<NodeId>();
  let removed = new Set<NodeId>();
  let cancel: (() => void) | undefined;
  let isClosed = false;
  let { holdMs } = options;

  function schedule(): void {
    if (isClosed) return;
    cancel ??= options.clock.after(Math.max(options.tickMs, holdMs), () => {
      cancel = undefined;
      holdMs = 0;
      const batch = { changed, removed };
      changed = new Set();
      removed = new Set();
      options.publish(batch);
    });
  }

  return {
    markNode(id) {
      removed.delete(id);
      changed.add(id);
      schedule();
    },
    markRemoved(id) {
      changed.delete(id);
      removed.add(id);
      schedule();
    },
    markRegion: schedule,
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
