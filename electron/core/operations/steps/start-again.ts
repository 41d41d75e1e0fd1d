import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { readCluster } from '../look.ts';
import { isOnline } from '../move-marks.ts';
import type { OperationContext, Step } from '../step.ts';
import { memberOf } from './on-node.ts';
import { servicesUpStep } from './services-up.ts';

/** Starts what `stopServicesStep` stopped; an operation that never came that far has stopped nothing. */
export const startAgainStep: Step = {
  ...servicesUpStep,
  async isDone(context) {
    if (!(await hasStopped(context))) return true;
    return (await servicesUpStep.isDone(context)) && !isWorker(await readCluster(context), context);
  },
  async act(context) {
    const answer = await readCluster(context);
    // Asked to close, a connection may be open still, and would close when all of this is over.
    if (isWorker(answer, context) && isOnline(answer, context.node))
      await context.write.option('services', { resource: context.node, name: 'target-role', value: null });
    await servicesUpStep.act(context);
  },
  verify: async (context) => (stopped.has(context.handle) ? servicesUpStep.verify(context) : ''),
};

const isWorker = (answer: ClusterAnswer, { node }: OperationContext): boolean =>
  memberOf(answer, node).type === 'remote';

const stopped = new WeakSet<OperationContext['handle']>();

async function hasStopped(context: OperationContext): Promise<boolean> {
  const { maintenance: record } = (await readCluster(context)).records.nodes[context.node] ?? {};
  const { hasStopped: isNoted, step } = context.record();
  // Begun is enough: the node's mark goes when the start is tried, and by another step that is reached before it is tried again.
  const isBegun = record?.isStopped === true || isNoted === true || step === servicesUpStep.title;
  if (isBegun) stopped.add(context.handle);
  return isBegun;
}
