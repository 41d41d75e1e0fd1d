import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { fail } from '#shared/problems.ts';

/** Out of service, as the region's limit counts (R5, docs/status.md). */
export const outOfService: ReadonlySet<NodeStatus> = new Set([
  'failed',
  'fenced',
  'unfencing',
  'entering-maintenance',
  'in-maintenance',
]);

/** @throws ProblemError `service-limit` where one more node out of service is more than the region allows; the node itself does not count (R5). */
export function requireWithinLimit(rows: readonly NodeRow[], nodeId: NodeId, limit: number): void {
  const out = rows.filter(({ id, status }) => id !== nodeId && outOfService.has(status.status));
  if (out.length + 1 <= limit) return;
  const names = out.slice(0, 5).map(({ name, status }) => `${name} (${statusLabels[status.status]})`);
  const more = out.length > 5 ? ` and ${out.length - 5} more` : '';
  fail({
    code: 'service-limit',
    message: `The region allows ${limit} ${limit === 1 ? 'node' : 'nodes'} out of service at once, and ${out.length === 0 ? 'no' : out.length} ${out.length === 1 ? 'is' : 'are'} already: ${names.join(', ')}${more}.`,
    advice: 'Bring one of them back first, or raise the limit of the region.',
  });
}
