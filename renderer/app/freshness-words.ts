import type { NodeRow } from '#shared/model/node.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { LinkState } from '../api/transport.ts';
import type { NodesPhase } from '../state/nodes.ts';
import { formatAge, formatExactTime, formatPlural, formatTime } from '../ui/format.ts';

/** How fresh the window is, in words. */
export interface FreshnessWords {
  readonly kind: 'live' | 'reading' | 'old' | 'closed';
  readonly main: string;
  readonly detail: string;
  readonly tip: string;
}

/** How many nodes have been read, silent or waiting. */
export interface Reached {
  readonly total: number;
  readonly silent: number;
  /** Not tried yet since the region was opened. */
  readonly waiting: number;
}

/** A region that has just come alive is still reading its nodes; later a node that is not tried has its own reason. */
const firstReadMs = 60_000;

export function countReached(rows: Iterable<NodeRow>): Reached {
  let total = 0;
  let silent = 0;
  let waiting = 0;
  for (const { reachability } of rows) {
    total += 1;
    if (reachability.kind === 'unreachable') silent += 1;
    if (reachability.kind === 'not-tried') waiting += 1;
  }
  return { total, silent, waiting };
}

/** The same where nothing of the region has come yet: it is being opened, or that failed. `null` where none is to be shown. */
export function unopenedWords(phase: NodesPhase, now: number): FreshnessWords | null {
  switch (phase.kind) {
    case 'loading': {
      const tip = `Being opened since ${formatExactTime(phase.since, now)}`;
      return { kind: 'reading', main: 'Opening', detail: formatAge(now - phase.since), tip };
    }
    case 'failed':
      return { kind: 'old', main: 'Not opened', detail: '', tip: phase.problem.message };
    case 'idle':
    case 'ready':
      return null;
  }
}

/** `Live` is said only while the cluster's last answer is younger than two of its intervals and this page hears of it. */
export function freshnessWords(view: RegionView, link: LinkState, reached: Reached, now: number): FreshnessWords {
  const { connection, cadence } = view;
  const silent = reached.silent > 0 ? `, ${formatPlural(reached.silent, 'node')} silent` : '';
  const asOf = (at: number): string => `As of ${formatTime(at, now)}, ${formatAge(now - at)} ago`;
  const exact = (at: number): string => `Last answer of the cluster ${formatExactTime(at, now)}`;
  switch (connection.kind) {
    case 'live': {
      const age = now - connection.readAt;
      const tip = `${exact(connection.readAt)}, through ${connection.via}`;
      if (link.kind !== 'connected' || age > 2 * cadence.clusterMs + 1000)
        return { kind: 'old', main: asOf(connection.readAt), detail: '', tip };
      const isFirst = now - connection.since < firstReadMs && reached.waiting > 0;
      const read = `reading ${String(reached.total - reached.waiting)} of ${String(reached.total)}`;
      return { kind: 'live', main: 'Live', detail: isFirst ? read : `${formatAge(age)} ago${silent}`, tip };
    }
    case 'connecting': {
      const { to, since, lastReadAt } = connection;
      const trying = `to ${to}, ${formatAge(now - since)}`;
      const tip = `Connecting to ${to} since ${formatExactTime(since, now)}`;
      // What is on the screen is old, and that matters more than what is being tried.
      if (lastReadAt !== null) return { kind: 'old', main: asOf(lastReadAt), detail: `connecting ${trying}`, tip };
      return { kind: 'reading', main: 'Connecting', detail: trying, tip };
    }
    case 'offline': {
      const at = connection.lastReadAt;
      if (at === null) return { kind: 'old', main: 'Never read', detail: '', tip: connection.problem.message };
      return { kind: 'old', main: asOf(at), detail: '', tip: `${exact(at)}. ${connection.problem.message}` };
    }
    case 'closed':
      return { kind: 'closed', main: 'Not open', detail: '', tip: 'This region is not observed.' };
  }
}
