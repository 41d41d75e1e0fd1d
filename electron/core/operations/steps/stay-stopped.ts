import { nodePath } from '../../cluster/writes/configuration.ts';
import { maintenanceRecord, onNode } from '../../cluster/writes/records.ts';
import { fencedAt } from '../../lifecycle/fencing.ts';
import { hostPart } from '../../region/gather-facts.ts';
import { readCluster } from '../look.ts';
import type { OperationContext, Step } from '../step.ts';
import { isDown, memberOf } from './on-node.ts';
import { isInService } from './quiet-unstandby.ts';

/** Its words where the services were read to be stopped. */
export const stoppedStill = 'its cluster services are stopped still';

/**
 * Of a node that stays in standby because its services did not start: the mark that they are stopped, which went before they were tried, is
 * put back, or it is Failed from then on, and cannot be activated again. Only what the machine says just now is noted (R11).
 */
export const stayStoppedStep: Step = {
  id: 'stay-stopped',
  title: 'Note whether its services run',
  isDone: async (context) => (await isInService(context)) || (await isNoted(context)),
  async act(context) {
    const { node, write } = context;
    const answer = await readCluster(context);
    const { maintenance } = answer.records.nodes[node] ?? {};
    if (!maintenance || !isDown(answer, node) || !(await areStopped(context))) return;
    const member = memberOf(answer, node);
    const record = maintenanceRecord({ ...maintenance, isStopped: true, fencedAt: fencedAt(answer, node) });
    await write.merge('stay-stopped', onNode(member, record), { requires: nodePath(member) });
  },
  verify: async (context) => ((await isNoted(context)) && !(await isInService(context)) ? stoppedStill : ''),
};

async function isNoted(context: OperationContext): Promise<boolean> {
  const answer = await readCluster(context);
  return answer.records.nodes[context.node]?.maintenance?.isStopped === true && isDown(answer, context.node);
}

async function areStopped({ region, nodeId, clock }: OperationContext): Promise<boolean> {
  const asked = clock.now();
  const { clusterServices } = hostPart(await region.readNode(nodeId));
  return clusterServices.kind === 'known' && clusterServices.readAt >= asked && !clusterServices.value;
}
