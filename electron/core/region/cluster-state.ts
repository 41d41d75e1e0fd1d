import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { RegionConnection, RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import type { ControlNode } from './cluster-watch.ts';
import type { ClusterKnowledge } from './gather-facts.ts';
import { needsAPerson } from './questions.ts';

/** What this laptop holds of the cluster. */
export interface ClusterState extends ClusterKnowledge {
  readonly connection: RegionConnection;
  readonly control: ControlNode | undefined;
  readonly versions: RegionView['versions'];
  readonly readOnlyBecause: string | null;
}

/** What is held when a region is opened: what the cache knew, and nothing that is known to be true now. */
export function beforeAnyAnswer(cached: ClusterAnswer | undefined, now: number): ClusterState {
  return {
    connection: { kind: 'closed' },
    answer: cached,
    earlier: undefined,
    silence: {
      since: cached?.readAt ?? now,
      because: 'the cluster has not answered since Rackside was started',
      doubted: undefined,
    },
    control: undefined,
    versions: null,
    readOnlyBecause: 'the versions of the region have not been read yet',
  };
}

/** A control node is tried. */
export function whileConnecting(state: ClusterState, to: string, now: number): ClusterState {
  const lastReadAt = state.answer?.readAt ?? null;
  return { ...state, connection: { kind: 'connecting', since: now, to, lastReadAt } };
}

/** A quorate partition has answered. An answer that was long under way is as old as its question (R29). */
export function withAnswer(state: ClusterState, answer: ClusterAnswer, askedAt: number, now: number): ClusterState {
  const since = state.connection.kind === 'live' ? state.connection.since : now;
  const connection = { kind: 'live', since, via: answer.via, readAt: askedAt } as const;
  return { ...state, answer, earlier: state.answer, silence: undefined, connection };
}

/** No control node answers, or none that can be believed: `doubted` is what one said all the same. */
export function withFailure(
  state: ClusterState,
  failure: {
    readonly problem: Problem;
    readonly nextTryAt: number | null;
    readonly doubted: ClusterAnswer | undefined;
  },
  now: number,
): ClusterState {
  const { problem, nextTryAt, doubted } = failure;
  const since = state.connection.kind === 'offline' ? state.connection.since : now;
  return {
    ...state,
    control: undefined,
    silence: { since: state.silence?.since ?? now, because: silenceReason(problem), doubted },
    connection: { kind: 'offline', since, lastReadAt: state.answer?.readAt ?? null, problem, nextTryAt },
  };
}

/** Why nobody may be believed about a node, in the few words of a status: a machine that asks for a password was reached. */
function silenceReason(problem: Problem): string {
  return needsAPerson(problem)
    ? 'the cluster waits for an answer of yours'
    : 'the cluster is not reachable from this laptop';
}
