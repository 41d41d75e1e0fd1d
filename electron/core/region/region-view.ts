import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Brake, Headroom, RegionConnection, RegionProfile, RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { needsAPerson } from './questions.ts';
import type { RegionNode } from './region-node.ts';

/** What the region is beside its nodes. */
export interface RegionFacts {
  readonly profile: RegionProfile;
  readonly connection: RegionConnection;
  /** The last answer that was believed, this session's or the cache's. */
  readonly answer: ClusterAnswer | undefined;
  readonly versions: RegionView['versions'];
  readonly readOnlyBecause: string | null;
  readonly cadence: RegionView['cadence'];
  readonly headroom: Headroom | null;
  readonly brake: Brake | null;
  /** What is always worth saying of it: a cluster of one node, no node that could be serviced; `null`: nothing. */
  readonly standingWarning: string | null;
  /** Every node went silent at once: the laptop's own network is the first suspect (R22). */
  readonly isLaptopSuspect: boolean;
  /** When the try ended that left this question (UTC ms). */
  readonly askedAt: (problem: Problem) => number;
}

/** The region as the renderer shows it. Pure. */
export function buildRegionView(facts: RegionFacts, nodes: Iterable<RegionNode>): RegionView {
  const { profile, connection, answer } = facts;
  return {
    id: profile.id,
    name: profile.name,
    colour: profile.colour,
    demoLabel: profile.demoLabel,
    connection,
    readOnlyBecause: facts.readOnlyBecause,
    quorum: answer === undefined ? null : answer.quorum,
    dc: answer?.dc ?? null,
    versions: facts.versions,
    cadence: facts.cadence,
    maxOutOfService: answer?.records.maxOutOfService ?? 1,
    maxMovesAtOnce: answer?.records.maxMovesAtOnce ?? 1,
    headroom: facts.headroom,
    brake: facts.brake,
    warnings: warningsOf(facts),
    isLaptopSuspect: facts.isLaptopSuspect,
    questions: questionsOf(facts, nodes),
  };
}

function warningsOf({ answer, standingWarning }: RegionFacts): readonly string[] {
  const warnings: string[] = [];
  if (answer === undefined) return warnings;
  if (!answer.isFencingEnabled) {
    warnings.push(
      'Fencing is disabled in this cluster: a node that fails is not isolated, and its VMs do not recover.',
    );
  }
  if (answer.isInMaintenanceMode) {
    warnings.push('The whole cluster is in Pacemaker’s maintenance mode: nothing is managed, and nothing recovers.');
  }
  for (const record of answer.records.unreadable) {
    warnings.push(`A record of a newer Rackside is left as it is: ${record}.`);
  }
  if (standingWarning !== null) warnings.push(standingWarning);
  return warnings;
}

/** What waits for a person, one entry a machine: the region's own way in first. */
function questionsOf({ connection, askedAt }: RegionFacts, nodes: Iterable<RegionNode>): RegionView['questions'] {
  const questions: { about: string; problem: Problem; askedAt: number }[] = [];
  const ask = (about: string, problem: Problem): void => {
    questions.push({ about, problem, askedAt: askedAt(problem) });
  };
  if (connection.kind === 'offline' && needsAPerson(connection.problem)) {
    ask('region', connection.problem);
  }
  for (const node of nodes) {
    const { reachability } = node.observation;
    if (reachability.kind === 'unreachable' && needsAPerson(reachability.problem)) {
      ask(node.name, reachability.problem);
    }
  }
  return questions;
}
