import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { hostPart } from '../../region/gather-facts.ts';
import { readCluster, untilSo } from '../look.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';

const closedWithinMs = 90_000;

/** Closes a Worker's connection first: pcs ends its service, and a service that ends under an open connection is fenced. */
export const closeConnectionStep: Step = {
  id: 'close',
  title: 'Close its connection',
  async isDone(context) {
    const answer = await readCluster(context);
    return answer.members.every(({ name, type }) => name !== context.node || type === 'member');
  },
  async act(context) {
    const { node, write, cancelled } = context;
    await write.option('close', { resource: node, name: 'target-role', value: 'Stopped' });
    const answer = await untilSo(context, (seen) => isClosed(seen, node) || cancelled.aborted, {
      forMs: closedWithinMs,
    });
    if (cancelled.aborted) throw new CancelledByPerson();
    if (answer === undefined)
      stepFailed(
        `The connection of ${node} was not closed within ${closedWithinMs / 1000} s.`,
        'Nothing was removed. Look at its connection resource, then continue or roll back.',
      );
  },
  async verify(context) {
    const answer = await readCluster(context);
    const isWorker = answer.members.some(({ name, type }) => name === context.node && type === 'remote');
    return isWorker ? 'offline and clean' : 'it has none: it is a control node';
  },
};

/** A Worker's connection is closed, and the cluster is at ease about it. */
export function isClosed(answer: ClusterAnswer, node: string): boolean {
  const connection = answer.resources.find(({ id }) => id === node);
  const seen = answer.nodes.find(({ name }) => name === node);
  return (
    (connection === undefined || (connection.role === 'Stopped' && connection.pending === undefined)) &&
    (seen === undefined || (!seen.isOnline && !seen.isUnclean))
  );
}

/**
 * Opens it again where the node stays after all, and its service runs: a connection to one that does not run fails, and that has the node
 * fenced. Its maintenance may have stopped it, or pcs before it failed.
 *
 * @returns whether it stays closed.
 */
export async function reopenConnection(context: OperationContext): Promise<boolean> {
  const { region, node, nodeId, clock, write } = context;
  const answer = await readCluster(context);
  const isWorker = answer.members.some(({ name, type }) => name === node && type === 'remote');
  if (!isWorker) return false;
  const asked = clock.now();
  const { clusterServices } = hostPart(await region.readNode(nodeId));
  const runs = clusterServices.kind === 'known' && clusterServices.readAt >= asked && clusterServices.value;
  if (!runs || answer.records.nodes[node]?.maintenance?.isStopped === true) return true;
  await write.option('stay', { resource: node, name: 'target-role', value: null });
  return false;
}
