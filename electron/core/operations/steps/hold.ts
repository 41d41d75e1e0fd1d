import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Changes } from '../../cluster/writes/configuration.ts';
import { hold, holdPath } from '../../cluster/writes/moves.ts';
import { readCluster, readConfigurationNow } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';

/** Keeps new VMs off the node before anything moves; what runs there is named, and stays. */
export const holdStep: Step = {
  id: 'hold',
  title: 'Hold off new VMs',
  // Written anew each time: what runs there is another list by now.
  isDone: () => Promise.resolve(false),
  act: writeHold,
  async verify(context) {
    const { constraints } = await readConfigurationNow(context);
    if (constraints.some(({ id }) => id === `rackside-hold-${context.node}`)) return 'no new VM is placed here';
    return stepFailed(
      `The cluster does not show the rule that keeps new VMs off ${context.node}.`,
      'Continue: it is written again.',
    );
  },
};

/** Writes the hold for what runs on the node now: whatever has left does not come back. */
export async function writeHold(context: OperationContext): Promise<void> {
  const answer = await readCluster(context);
  // A VM that is being refreshed is on no node for a moment: what has not left by the record stays where it is.
  const undone = context
    .record()
    .vms.filter(({ isDone }) => !isDone)
    .map(({ resource }) => resource);
  await context.write.merge('hold', holdOf(answer, context.node, undone));
}

/** The hold for what runs on the node by this answer, and for `undone`, which has not left. */
export function holdOf(answer: ClusterAnswer, node: string, undone: readonly string[]): Changes {
  return hold(node, [...new Set([...staysOn(answer, node), ...undone])].toSorted());
}

/** Drops the hold; nothing happens where there is none. */
export function dropHold(context: OperationContext): Promise<void> {
  return context.write.delete('hold', holdPath(context.node));
}

/** Ids by which a pattern may name what runs on the node: of clones both the clone's and the instance's. */
function staysOn(answer: ClusterAnswer, node: string): readonly string[] {
  const ids = answer.resources
    .filter(({ nodes }) => nodes.includes(node))
    .flatMap(({ id, clone }) => [id.replace(/:\d+$/u, ''), ...(clone === null ? [] : [clone])]);
  // Clones run on other nodes too, and instances come and go with their node: they are not what the hold is against.
  const clones = answer.resources.flatMap(({ clone }) => (clone === null ? [] : [clone]));
  return [...new Set([...ids, ...clones])].toSorted();
}
