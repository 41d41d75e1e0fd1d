import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { fencedAt } from '../lifecycle/fencing.ts';
import { fencingsOverAt, isProvenOff } from '../lifecycle/proven-off.ts';
import { clusterClock } from './cluster-clock.ts';
import type { OperationContext } from './step.ts';
import { isKnownOff } from './steps/known-off.ts';

/** Whether a node is off by proof (R11): of the operation's own also by what its beginner typed. */
export function isNodeOff(context: OperationContext, answer: ClusterAnswer, node: string): boolean {
  if (node === context.node) return isKnownOff(context, answer);
  const memory = context.region.nodes().find(({ name }) => name === node)?.memory;
  return isProvenOff(answer, node, fencingsOverAt(memory));
}

/**
 * How the operation's node died after the operation began, in words; `undefined`: it did not. VMs that ran there have ended with it. One whose
 * services were stopped has not died: the cluster has moved its VMs away.
 */
export function deathOf(context: OperationContext, answer: ClusterAnswer): string | undefined {
  const { node } = context;
  const seen = answer.nodes.find(({ name }) => name === node);
  if (seen?.isUnclean === true) return `${node} is lost, and not fenced yet`;
  return isFencedSince(context, answer) ? `${node} was fenced` : undefined;
}

/** Whether the operation's node was fenced since the operation began: by the cluster's own clock alone. */
export function isFencedSince(
  { node, record }: Pick<OperationContext, 'node' | 'record'>,
  answer: ClusterAnswer,
): boolean {
  return fencedAt(answer, node) > record().fencedAt;
}

/** Whether it was fenced within the last so many milliseconds: by the cluster's own clock alone, whichever laptop began the operation, and when. */
export async function isFencedWithin(
  context: OperationContext,
  answer: ClusterAnswer,
  withinMs: number,
): Promise<boolean> {
  const newest = fencedAt(answer, context.node);
  return newest !== 0 && newest >= (await clusterClock(context, answer)) - withinMs;
}
