import type { ClusterAnswer, FenceEvent } from '#shared/model/cluster.ts';

const hourMs = 3_600_000;
/** This many fencings within an hour are a loop (R18). */
const loopCount = 3;

/** Successful fencings, newest first. `on` is a device's own "unfencing", no fencing. */
function fencings(events: readonly FenceEvent[]): readonly (FenceEvent & { readonly completedAt: number })[] {
  return events
    .flatMap((event) =>
      event.status === 'success' && event.action !== 'on' && event.completedAt !== null
        ? [{ ...event, completedAt: event.completedAt }]
        : [],
    )
    .toSorted((a, b) => b.completedAt - a.completedAt);
}

/** No device did it: a person said that the node is off (`stonith_admin --confirm`; captures/confirmed-off). */
export const isByPerson = (delegate: string): boolean => delegate === 'a human';

/** The newest successful fencing of the node these events are about. */
export function newestFencing(
  events: readonly FenceEvent[],
): (FenceEvent & { readonly completedAt: number }) | undefined {
  return fencings(events)[0];
}

/** The attempts to fence that failed since the last success, newest first. */
export function failedAttempts(events: readonly FenceEvent[]): readonly FenceEvent[] {
  const lastSuccess = newestFencing(events)?.completedAt ?? 0;
  return events
    .filter((event) => event.status === 'failed' && (event.completedAt ?? lastSuccess) >= lastSuccess)
    .toSorted((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0));
}

/**
 * How often it was fenced within the hour before its last fencing, where that is a loop and its last fencing is less than an hour ago;
 * 0 else (R18). One fencing that several clients asked for has an entry each, with the same time: it is one.
 */
export function fenceLoop(events: readonly FenceEvent[], now: number): number {
  const times = [...new Set(fencings(events).map(({ completedAt }) => completedAt))];
  const newest = times[0];
  if (newest === undefined || now - newest > hourMs) return 0;
  const recent = times.filter((at) => newest - at <= hourMs).length;
  return recent >= loopCount ? recent : 0;
}

/** The node's newest fencing, by the cluster's clock, UTC ms; 0: none is known. */
export const fencedAt = ({ fencing }: Pick<ClusterAnswer, 'fencing'>, node: string): number =>
  newestFencing(fencing.filter(({ target }) => target === node))?.completedAt ?? 0;
