import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { nodePath } from '../../cluster/writes/configuration.ts';
import { standbyOn } from '../../cluster/writes/standby.ts';
import { readCluster, readConfigurationNow, untilSo } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow, standbyOf } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { memberOf, vmsOn } from './on-node.ts';

/** Standby without a look at what it moves: what it does was confirmed line by line, or is a live migration. */
export const forcedStandbyStep: Step = {
  id: 'standby',
  title: 'Standby',
  isDone: async (context) => memberOf(await readCluster(context), context.node).standby === 'forever',
  async act(context) {
    const { node, write } = context;
    const answer = await readCluster(context);
    const late = await endedUnticked(context, answer);
    if (late.length > 0)
      stepFailed(
        `${late.join(', ')} came to ${node} after the force was confirmed, and would be ended without a tick.`,
        'No VM was ended. Force again: then each has a line of its own. Or continue when they have left.',
      );
    const member = memberOf(answer, node);
    await write.merge('standby', standbyOn(member), { requires: nodePath(member) });
  },
  async verify(context) {
    const { node } = context;
    const answer = await untilSo(context, (seen) => memberOf(seen, node).standby === 'forever', { forMs: 30_000 });
    if (answer !== undefined) return 'it comes back in standby, whenever it does';
    return stepFailed(`The cluster does not show ${node} in standby.`, 'Continue: it is written again.');
  },
};

/** What has a ticked line, and is not done with yet: VMs of the cluster, and domains outside of it. */
export const tickedVms = ({ record }: Pick<OperationContext, 'record'>): ReadonlySet<string> =>
  new Set(record().vms.flatMap(({ resource, isDone }) => (isDone ? [] : [resource])));

/** VMs without a ticked line that would not go on: the standby restarts what may not migrate and stops what has no room, a fencing ends whatever is there (R9). */
async function endedUnticked(context: OperationContext, answer: ClusterAnswer): Promise<readonly string[]> {
  const ticked = tickedVms(context);
  const late = vmsOn(answer, context.node).filter((resource) => !ticked.has(resource));
  if (late.length === 0 || context.record().choices.isUnreachable) return late;
  const { vms } = await readConfigurationNow(context);
  const free = new Set(vms.filter(({ allowMigrate }) => allowMigrate === 'true').map(({ resource }) => resource));
  const simulated = await simulateNow(context, [standbyOf(context.node)]);
  const actions = simulated.kind === 'simulated' ? simulated.actions : [];
  const goesOn = new Set(actions.flatMap(({ resource, action }) => (action === 'migrate' ? [resource] : [])));
  return late.filter((resource) => !free.has(resource) || !goesOn.has(resource));
}
