import { memberId } from '#shared/model/ids.ts';
import { decisionContext, regionContext, type DecisionContext } from '#shared/lifecycle/context.ts';
import { objectionToGoingOn } from '#shared/lifecycle/going-on.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { OperationRecord } from '#shared/model/cluster.ts';
import { fail } from '#shared/problems.ts';
import type { RegionAccess } from '../region/region-access.ts';

/**
 * Continue and Roll back act on machines as much as a start does: a region that is open for reading only, a node that another machine
 * answers for (R12) and a brake (R14: of what it holds up the start of) refuse them, in the words of `decide`. What this process drives is cancelled in any case.
 * @throws ProblemError `not-available`.
 */
export function requireMayGoOn(
  region: RegionAccess,
  { node, command }: Pick<OperationRecord, 'node' | 'command'>,
  direction: 'on' | 'undo',
  now: number,
): void {
  const context = contextOf(region, node, now);
  const against = objectionToGoingOn(context, command);
  if (against === undefined) return;
  const label = direction === 'on' ? 'Continue' : 'Roll back';
  fail({
    code: 'not-available',
    message: `${label} of ${context.name} (${statusLabels[context.status]}) was refused. ${against.because}`,
    advice: against.until,
  });
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
