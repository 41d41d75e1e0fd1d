import type { DecisionContext, RegionContext } from '#shared/lifecycle/context.ts';
import type { NodeStatus } from '#shared/lifecycle/statuses.ts';
import { memberStatuses } from '#shared/lifecycle/transitions.ts';
import { nodeId } from '#shared/model/ids.ts';

export const now = Date.UTC(2026, 10, 23, 14, 2);

/** A region where nothing is in the way. */
export const quietRegion: RegionContext = {
  regionName: 'Frankfurt 2',
  connection: { kind: 'live', since: now - 60_000, via: 'fra2-ctl-1', readAt: now },
  isQuorate: true,
  readOnlyBecause: null,
  brake: null,
  memberCount: 5,
  now,
};

/** A node of that region with a status, and nothing in the way. */
export function nodeIn(status: NodeStatus, change: Partial<DecisionContext> = {}): DecisionContext {
  const isMember = memberStatuses.has(status);
  return {
    region: quietRegion,
    nodeId: nodeId(`${isMember ? 'member' : status === 'out' ? 'out' : 'candidate'}:fra2-r06-n01`),
    name: 'fra2-r06-n01',
    status,
    unknownBecause: null,
    isMember,
    frozenBecause: null,
    operation: null,
    maintenance: null,
    ...change,
  };
}

export const inRegion = (change: Partial<RegionContext>): Partial<DecisionContext> => ({
  region: { ...quietRegion, ...change },
});

export const brake = {
  since: now - 30_000,
  nodes: ['fra2-r01-n01', 'fra2-r01-n02'],
  words: '2 nodes left Active within 60 s, and no operation was recorded on them: fra2-r01-n01, fra2-r01-n02',
  liftedUntil: null,
};

export const recorded = {
  id: '4f1d2c3b-0000-4000-8000-000000000001',
  command: 'maintenance',
  owner: 'm.keller on lap-7',
  startedAt: now - 14 * 60_000,
} as const;

export const offline: RegionContext['connection'] = {
  kind: 'offline',
  since: now - 3 * 3_600_000,
  lastReadAt: now - 3 * 3_600_000,
  problem: { code: 'connection-timed-out', message: 'No answer.', advice: 'Look.' },
  nextTryAt: null,
};
