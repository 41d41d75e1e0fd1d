import { memberId } from '#shared/model/ids.ts';
import type { NodeAhead } from '#shared/model/maintenance.ts';
import type { PlanFacts, PreflightNode } from './facts.ts';

/** A node whose turn is before the one that is judged, as it is now. */
export interface Ahead extends Omit<NodeAhead, 'nodeId'> {
  readonly node: PreflightNode;
}

type AheadFacts = Pick<PlanFacts, 'nodes' | 'choices' | 'nodeId'>;

/** The nodes whose turn is before this one's, in their order and each once: it is judged as though theirs were over already. */
export function aheadOf({ nodes, choices, nodeId: own }: AheadFacts): readonly Ahead[] {
  const byId = new Map(choices.ahead.filter(({ nodeId }) => nodeId !== own).map((one) => [one.nodeId, one]));
  return [...byId.values()].flatMap(({ nodeId, ...chosen }) => {
    const node = nodes.find(({ name }) => memberId(name) === nodeId);
    return node === undefined ? [] : [{ node, ...chosen }];
  });
}

/** Those of them that are out of service by then: one that moves only what can ends as *Active*. */
export const outAhead = (facts: AheadFacts): readonly PreflightNode[] =>
  aheadOf(facts).flatMap(({ node, movesOnlyWhatCan }) => (movesOnlyWhatCan ? [] : [node]));
