import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { newestFencing } from '../lifecycle/fencing.ts';
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
export async function deathOf(context: OperationContext, answer: ClusterAnswer): Promise<string | undefined> {
  const { node } = context;
  const seen = answer.nodes.find(({ name }) => name === node);
  if (seen?.isUnclean === true) return `${node} is lost, and not fenced yet`;
  return (await isFencedSince(context, answer)) ? `${node} was fenced` : undefined;
}

/** Whether the operation's node was fenced since so long before the operation began (ms), by the history that a quorate cluster tells. */
export async function isFencedSince(context: OperationContext, answer: ClusterAnswer, beforeMs = 0): Promise<boolean> {
  const { node, record, clock } = context;
  const newest = newestFencing(answer.fencing.filter(({ target }) => target === node));
  if (newest === undefined) return false;
  // The history's times are the cluster's, the record's this laptop's.
  const begunAt = record().startedAt + ((await clusterClock(context, answer)) - clock.now());
  return newest.completedAt >= begunAt - beforeMs;
}
