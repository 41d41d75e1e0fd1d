import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Simulation } from '#shared/model/configuration.ts';
import { readCluster } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow, unstandbyOf } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { memberOf } from './on-node.ts';
import { unstandbyStep } from './standby.ts';

/** Takes the node out of standby with every pin kept, once the cluster's own simulation shows that no VM is touched by it. */
export const quietUnstandbyStep: Step = {
  ...unstandbyStep,
  async act(context) {
    await requireQuiet(context);
    await unstandbyStep.act(context);
  },
};

async function requireQuiet(context: OperationContext): Promise<void> {
  const { node } = context;
  const simulated = await simulateNow(context, [unstandbyOf(node)]);
  if (simulated.kind === 'unknown')
    stepFailed(
      `The cluster’s own simulation of the return could not be made: ${simulated.because}.`,
      'It is in standby still. Continue when the cluster answers.',
    );
  if (simulated.fenced.length > 0)
    stepFailed(
      `The cluster would fence ${simulated.fenced.join(', ')}.`,
      'It is in standby still. See to that node first, then continue.',
    );
  const touched = touchedVms(simulated, await readCluster(context));
  if (touched.length > 0)
    stepFailed(
      `Without its standby the cluster itself would at once touch ${touched.join(', ')}.`,
      `${node} is in standby still. Pin these VMs where they run, or change what pulls them, then continue.`,
    );
}

/** VMs that something would be done to which runs now. One that is down may start: it waits for a node. */
export function touchedVms(
  simulated: Extract<Simulation, { kind: 'simulated' }>,
  answer: ClusterAnswer,
): readonly string[] {
  const vms = new Set(answer.vms.map(({ resource }) => resource));
  const runs = new Set(answer.resources.filter(({ nodes }) => nodes.length > 0).map(({ id }) => id));
  const touched = simulated.actions.filter(
    ({ resource, action }) => vms.has(resource) && !(action === 'start' && !runs.has(resource)),
  );
  return [...new Set(touched.map(({ resource, action }) => `${resource} (${action})`))];
}

/** Whether the node has left its standby by the CIB. */
export async function isInService(context: OperationContext): Promise<boolean> {
  return memberOf(await readCluster(context), context.node).standby === 'off';
}
