import { nodeAttribute, nodeAttributePath, nodePath } from '../../cluster/writes/configuration.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { SimulatedAction } from '#shared/model/configuration.ts';
import { readCluster, untilSo } from '../look.ts';
import { resourceOf } from '../move-marks.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { simulateNow, standbyOf } from '../simulate.ts';
import { foreignResourcesOn, memberOf, vmsOn } from './on-node.ts';

/** Longest stop of what may still run there (a clone's service, a VM whose stop was ticked). */
const stoppedWithinMs = 180_000;

/** Standby of the empty node, once the cluster's own simulation shows that nothing will move but what the plan says. */
export const standbyStep: Step = {
  id: 'standby',
  title: 'Standby',
  async isDone(context) {
    const answer = await readCluster(context);
    return memberOf(answer, context.node).standby === 'forever';
  },
  async act(context) {
    const answer = await readCluster(context);
    const left = vmsOn(answer, context.node).filter((resource) => !mayStop(context, resource));
    if (left.length > 0) {
      stepFailed(
        `${left.join(', ')} ${left.length === 1 ? 'runs' : 'run'} on ${context.node} again, so it was not put in standby: the cluster would move or stop ${left.length === 1 ? 'it' : 'them'} by itself.`,
        'Continue: what came back is moved first.',
      );
    }
    await requireQuietStandby(context);
    await context.write.merge('standby', nodeAttribute(memberOf(answer, context.node), 'standby', 'on'), {
      requires: nodePath(memberOf(answer, context.node)),
    });
  },
  async verify(context) {
    const { node } = context;
    const answer = await untilSo(
      context,
      (seen) =>
        memberOf(seen, node).standby === 'forever' &&
        seen.nodes.every(({ name, isOnline, isStandby }) => name !== node || isStandby || !isOnline) &&
        foreignResourcesOn(seen, node).length === 0,
      { forMs: stoppedWithinMs },
    );
    if (answer !== undefined) {
      tellStopped(context, answer);
      return 'nothing is placed here any more';
    }
    const left = foreignResourcesOn(await readCluster(context), node);
    return stepFailed(
      left.length === 0
        ? `The cluster does not show ${node} in standby.`
        : `${node} is in standby, and ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} still there.`,
      'Look at the cluster’s log for what does not stop, then continue or roll back.',
    );
  },
};

/** @throws ProblemError where the cluster would move, stop or start a VM that the plan did not name. */
async function requireQuietStandby(context: OperationContext): Promise<void> {
  const simulated = await simulateNow(context, [standbyOf(context.node)]);
  if (simulated.kind === 'unknown') {
    stepFailed(
      `The cluster’s own simulation of the standby could not be made: ${simulated.because}.`,
      'Nothing was changed by this step. Continue when the cluster answers.',
    );
  }
  const answer = await readCluster(context);
  const vms = new Set(answer.vms.map(({ resource }) => resource));
  const touched = simulated.actions
    .filter((one) => vms.has(one.resource) && !mayStop(context, one.resource) && !isTicked(context, one))
    .map(({ resource, action }) => `${resource} (${action})`);
  if (touched.length > 0) {
    stepFailed(
      `The standby of ${context.node} would touch VMs that the plan does not name: ${[...new Set(touched)].join(', ')}.`,
      'Roll back, or move them first, then continue.',
    );
  }
}

/** VMs whose stop was ticked: the standby has stopped them, and the cluster starts them where there is a node for them. */
function tellStopped({ handle, record, node, clock }: OperationContext, answer: ClusterAnswer): void {
  for (const { resource, effect } of record().vms) {
    if (effect !== 'stop') continue;
    const on = resourceOf(answer, resource)?.nodes.find((name) => name !== node);
    const change = on === undefined ? { state: 'stopped' as const } : { state: 'restarted' as const, target: on };
    handle.vm(resource, { ...change, endedAt: clock.now() });
  }
}

function mayStop({ record }: OperationContext, resource: string): boolean {
  return record().vms.some((vm) => vm.resource === resource && vm.effect === 'stop');
}

/** A VM of another node whose row was ticked for at least this. */
function isTicked({ record }: OperationContext, { resource, action }: SimulatedAction): boolean {
  const allowed = record().others.find((other) => other.resource === resource)?.effect;
  return allowed === 'stop' || (allowed === 'restart-elsewhere' && action !== 'stop');
}

/** Takes the node out of standby; nothing happens where it is not in it. */
export const unstandbyStep: Step = {
  id: 'unstandby',
  title: 'End the standby',
  async isDone(context) {
    return memberOf(await readCluster(context), context.node).standby === 'off';
  },
  async act(context) {
    const answer = await readCluster(context);
    await context.write.delete('unstandby', nodeAttributePath(memberOf(answer, context.node), 'standby'));
  },
  async verify(context) {
    const { node } = context;
    const answer = await untilSo(context, (seen) => memberOf(seen, node).standby === 'off', { forMs: 30_000 });
    if (answer !== undefined) return 'the cluster may place VMs here again';
    return stepFailed(
      `The cluster still shows ${node} in standby: another tool has put it there.`,
      'End that standby with the tool that set it, then continue, or roll back, as before.',
    );
  },
};
