import { memberId } from '#shared/model/ids.ts';
import { decisionContext, regionContext, type DecisionContext } from '#shared/lifecycle/context.ts';
import { objectionToGoingOn } from '#shared/lifecycle/going-on.ts';
import type { Objection } from '#shared/lifecycle/guards.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { OperationRecord } from '#shared/model/cluster.ts';
import { fail } from '#shared/problems.ts';
import { fenceLoopOf } from '../lifecycle/fence-loop.ts';
import { clocksAheadMs } from '../region/clocks.ts';
import type { RegionAccess } from '../region/region-access.ts';

/**
 * Continue and Roll back act on machines as much as a start does: a region that is open for reading only, a node that another machine
 * answers for (R12) and a brake (R14: of what it holds up the start of) refuse them, in the words of `decide`. What this process drives is
 * cancelled in any case. An Activate whose node is a fence loop by a fencing since it began needs an acknowledgement of that (R18).
 * @throws ProblemError `not-available`.
 */
export function requireMayGoOn(
  region: RegionAccess,
  {
    node,
    command,
    fencedAt = 0,
  }: Pick<OperationRecord, 'node' | 'command'> & Partial<Pick<OperationRecord, 'fencedAt'>>,
  direction: 'on' | 'undo',
  now: number,
): void {
  const context = contextOf(region, node, now);
  const isReturn = direction === 'on' && command === 'activate';
  const against = objectionToGoingOn(context, command) ?? (isReturn ? newLoop(region, node, fencedAt, now) : undefined);
  if (against === undefined) return;
  const label = direction === 'on' ? 'Continue' : 'Roll back';
  fail({
    code: 'not-available',
    message: `${label} of ${context.name} (${statusLabels[context.status]}) was refused. ${against.because}`,
    advice: against.until,
  });
}

/** The fence loop of a node by a fencing after this one. @param fencedAt UTC ms, the cluster's clock. */
function newLoop(region: RegionAccess, node: string, fencedAt: number, now: number): Objection | undefined {
  const fencing = (region.answer()?.fencing ?? []).filter(({ target }) => target === node);
  const loop = fenceLoopOf(fencing, now + (clocksAheadMs(region.nodes()) ?? 0), null);
  return loop === null || loop.newestAt <= fencedAt
    ? undefined
    : {
        because: loop.words,
        until: 'Find out why it was fenced. Roll back, and activate it again: that asks for the acknowledgement.',
      };
}

/** A node that has left the cluster has no row: then the region's rules alone are asked. */
function contextOf(region: RegionAccess, node: string, now: number): DecisionContext {
  const rows = region.rows();
  const row = rows.find(({ id }) => id === memberId(node));
  if (row !== undefined) return decisionContext(row, region.view(), rows, now);
  return {
    region: regionContext(region.view(), rows, now),
    nodeId: memberId(node),
    name: node,
    status: 'out',
    unknownBecause: null,
    isMember: false,
    frozenBecause: null,
    operation: null,
    maintenance: null,
  };
}
