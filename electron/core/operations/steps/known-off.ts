import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { fencingsOverAt, isProvenOff } from '../../lifecycle/proven-off.ts';
import type { OperationContext } from '../step.ts';

/**
 * Whether a node that does not answer is off (R11): by a fencing since it was last up, or by the statement that whoever began this typed.
 * Neither holds against a cluster that has it online, unclean or on its way. Stopped services are not off: what the cluster does not know
 * of may go on running there. Of a node that was just read: what is remembered of it is of that read.
 */
export function isKnownOff(
  { region, nodeId, node, record }: Pick<OperationContext, 'region' | 'nodeId' | 'node' | 'record'>,
  answer: ClusterAnswer,
): boolean {
  const memory = region.nodes().find(({ id }) => id === nodeId)?.memory;
  const seen = answer.nodes.find(({ name }) => name === node);
  const isClean = seen === undefined || (!seen.isOnline && !seen.isUnclean && !seen.isPending);
  return isProvenOff(answer, node, fencingsOverAt(memory)) || (isClean && record().choices.isStatedOff);
}
