import type { StatusView } from '#shared/lifecycle/statuses.ts';

/** The status of a node nobody has read: a place to stand until the first answer, never shown as known. */
export function unreadStatus(now: number): StatusView {
  return { status: 'starting', unknownSince: now, reason: '', since: now, readAt: null, evidence: [], warnings: [] };
}
