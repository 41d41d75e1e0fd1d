import { assertNever } from '#shared/assert.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionView } from '#shared/model/region.ts';
import { countReached, freshnessWords } from '../../renderer/app/freshness-words.ts';
import type { NodeTruth, TruthHistory } from './truth.ts';

/** What the table showed of one row at a moment: right, marked as old, or neither. */
export type Verdict =
  | { readonly kind: 'true' }
  | { readonly kind: 'marked' }
  | {
      readonly kind: 'false';
      readonly node: string;
      readonly shown: NodeStatus;
      readonly truth: NodeTruth | undefined;
    };

/** A batch of changes is told every 250 ms, and has to come through a channel to whoever judges it. */
const toldWithinMs = 1000;
/** The health gate takes three observations, after a connection that may be tried again after a minute only. */
const gateMs = 150_000;

/** How long back a truth has to be known. */
export const longestMs = ({ cadence }: RegionView): number => Math.max(2 * cadence.slowMs, gateMs) + 60_000;

/**
 * Judges one row by what was true in the simulated cluster within the last two intervals, before `now` (UTC ms). What the page marks as old
 * is marked: the row's own question mark, or the banner that says how old all of it is.
 */
export function judge(row: NodeRow, view: RegionView, history: TruthHistory, now: number): Verdict {
  if (row.status.unknownSince !== null || isBannerOld(view, row, now)) return { kind: 'marked' };
  const { status } = row.status;
  const window = 2 * view.cadence.clusterMs + toldWithinMs;
  const lately = history.since(row.hostname, now - window);
  if (lately.some((truth) => fits(status, truth)) && !isOverdue(status, row, view, history, now))
    return { kind: 'true' };
  // Pools are a slow fact: a pool that failed, or was mended, is known two of its own intervals later.
  const slow = history.since(row.hostname, now - 2 * view.cadence.slowMs);
  if (status === 'failed' && slow.some(({ hasFailedPool }) => hasFailedPool)) return { kind: 'true' };
  return { kind: 'false', node: row.hostname, shown: status, truth: history.now(row.hostname) };
}

function isBannerOld(view: RegionView, row: NodeRow, now: number): boolean {
  return freshnessWords(view, { kind: 'connected' }, countReached([row]), now).kind === 'old';
}

/** Whether a status is a word for what the cluster says: `docs/status.md`, read from the cluster's side. */
export function fits(status: NodeStatus, truth: NodeTruth): boolean {
  const { role, membership, isStandby, operation, vms } = truth;
  const isMember = role !== 'none';
  switch (status) {
    case 'active':
      return isMember && membership === 'online' && !isStandby;
    case 'failed':
      return isMember && (membership === 'unclean' || membership === 'offline');
    case 'fenced':
      return isMember && membership === 'offline' && truth.wasFenced;
    case 'unfencing':
      return isMember && truth.wasFenced && (membership === 'pending' || membership === 'online');
    case 'entering-maintenance':
      return isMember && membership !== 'unclean' && (isStandby || isEntering(operation));
    case 'in-maintenance':
      return isMember && isStandby && vms === 0 && membership !== 'unclean';
    case 'activating':
      return isMember && operation === 'activate' && (membership === 'pending' || membership === 'online');
    case 'starting':
      return isMember && operation === 'activate' && membership !== 'online' && membership !== 'unclean';
    case 'candidate':
    case 'approved':
    case 'inadequate':
    case 'rejected':
    case 'out':
      return !isMember;
    default:
      return assertNever(status);
  }
}

const isEntering = (operation: string | null): boolean =>
  operation === 'maintenance' || operation === 'force-maintenance';

/** A member that has long been online and answers is not coming back any more. */
function isOverdue(
  status: NodeStatus,
  row: NodeRow,
  { cadence }: RegionView,
  history: TruthHistory,
  now: number,
): boolean {
  if (status !== 'unfencing') return false;
  const isSettled = (truth: NodeTruth): boolean =>
    truth.membership === 'online' && !truth.isHardToReach && !truth.hasFailedPool;
  return history.since(row.hostname, now - gateMs - 2 * cadence.clusterMs).every(isSettled);
}

/** Members that the table does not show though they were members all the time of two intervals. */
export function missing(
  rows: Iterable<NodeRow>,
  view: RegionView,
  history: TruthHistory,
  now: number,
): readonly string[] {
  const shown = new Set(Array.from(rows, ({ hostname }) => hostname));
  const since = now - 2 * view.cadence.clusterMs - toldWithinMs;
  return history
    .names()
    .filter((name) => !shown.has(name) && history.since(name, since).every(({ role }) => role !== 'none'));
}
