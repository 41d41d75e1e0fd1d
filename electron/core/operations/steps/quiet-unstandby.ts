import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Simulation } from '#shared/model/configuration.ts';
import type { CibEdit } from '../../cluster/pacemaker/read/simulate-command.ts';
import { readCluster } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow, unstandbyOf } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { unstandbyStep } from './standby.ts';

/** Takes the node out of standby with every pin kept, once the cluster's own simulation shows that no VM is touched by it. */
export const quietUnstandbyStep: Step = {
  ...unstandbyStep,
  async act(context) {
    await requireQuiet(context, [unstandbyOf(context.node)], {
      what: 'its standby',
      stays: `${context.node} is in standby still`,
    });
    await unstandbyStep.act(context);
  },
  async verify(context) {
    const words = await unstandbyStep.verify(context);
    const { handle } = context;
    // Its standby had stopped them, as ticked.
    for (const { resource, effect, state } of handle.get().vms)
      if (effect === 'stop' && state === 'stopped')
        handle.vm(resource, { detail: 'the cluster starts it again where it may run' });
    return words;
  },
};

/**
 * Before something is taken away that keeps VMs off the node: no VM that runs may be touched by it, by the cluster's own simulation.
 * @param words what is taken away (`its standby`), and what is still so where it is not.
 * @throws ProblemError `step-failed` with the names.
 */
export async function requireQuiet(
  context: OperationContext,
  edits: readonly CibEdit[],
  { what, stays }: { readonly what: string; readonly stays: string },
): Promise<void> {
  const simulated = await simulateNow(context, edits);
  if (simulated.kind === 'unknown')
    stepFailed(
      `The cluster’s own simulation of the return could not be made: ${simulated.because}.`,
      `${stays}. Try again when the cluster answers.`,
    );
  if (simulated.fenced.length > 0)
    stepFailed(
      `The cluster would fence ${simulated.fenced.join(', ')}.`,
      `${stays}. See to that node first, then try again.`,
    );
  const touched = touchedVms(simulated, await readCluster(context));
  if (touched.length > 0)
    stepFailed(
      `Without ${what} the cluster itself would at once touch ${touched.join(', ')}.`,
      `${stays}. Pin these VMs where they run, or change what pulls them, then try again.`,
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

/** Whether the node is in no standby any more by the CIB, as one that has left the cluster is not either. */
export async function isInService(context: OperationContext): Promise<boolean> {
  const { members } = await readCluster(context);
  return members.every(({ name, standby }) => name !== context.node || standby === 'off');
}
