import { memberId } from '#shared/model/ids.ts';
import type { NodeAhead } from '#shared/model/maintenance.ts';
import type { PlanFacts, PreflightNode } from './facts.ts';

/** A node whose turn is before the one that is judged, as it is now. */
export interface Ahead extends Pick<NodeAhead, 'targets'> {
  readonly node: PreflightNode;
}

/** The nodes that are taken out of service before this one, in their order: it is judged as though they were out already. */
export function aheadOf({ nodes, choices }: Pick<PlanFacts, 'nodes' | 'choices'>): readonly Ahead[] {
  return choices.ahead.flatMap(({ nodeId, targets }) => {
    const node = nodes.find(({ name }) => memberId(name) === nodeId);
    return node === undefined ? [] : [{ node, targets }];
  });
}
