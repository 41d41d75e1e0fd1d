import { nodeAttribute, nodeAttributePath, nodePath } from '../../cluster/writes/configuration.ts';
import { encodeValue } from '../../cluster/pacemaker/read/record-value.ts';
import { fencedAt } from '../../lifecycle/fencing.ts';
import type { OperationContext, Step } from '../step.ts';
import { readCluster } from '../look.ts';
import { isOnline } from '../move-marks.ts';
import { stepFailed } from '../run-steps.ts';
import { dropHold } from './hold.ts';
import { isKnownOff } from './known-off.ts';
import { memberOf } from './on-node.ts';

/** The attribute of the node that says it. */
export const maintenanceName = 'rackside-maintenance';

/** Writes on the node who put it in maintenance, why, and which VMs came from it; the standby takes the hold's place. */
export const recordMaintenanceStep: Step = {
  id: 'record',
  title: 'Record who and why',
  isDone: () => Promise.resolve(false),
  async act(context) {
    await writeMaintenance(context, await isStopped(context));
    await dropHold(context);
  },
  async verify(context) {
    const answer = await readCluster(context);
    const { maintenance } = answer.records.nodes[context.node] ?? {};
    if (maintenance === null || maintenance === undefined)
      stepFailed(`The cluster does not show the record on ${context.node}.`, 'Continue: it is written again.');
    return `by ${context.record().owner}`;
  },
};

/** An earlier run has stopped its services, and they are down still: who cancels this one has to start them again. */
async function isStopped(context: OperationContext): Promise<boolean> {
  const answer = await readCluster(context);
  return answer.records.nodes[context.node]?.maintenance?.isStopped === true && !isOnline(answer, context.node);
}

/** The record of a maintenance, as it is written when it is reached, and again before the services are stopped on purpose. */
export async function writeMaintenance(context: OperationContext, hasStopped: boolean): Promise<void> {
  const { owner, reason, vms } = context.record();
  const answer = await readCluster(context);
  const member = memberOf(answer, context.node);
  const before = answer.records.nodes[context.node]?.maintenance;
  // Whoever stops the services of a node that is In maintenance already has not put it there.
  const { by, why, at } =
    hasStopped && before
      ? { by: before.by, why: before.reason, at: before.at }
      : { by: owner, why: reason, at: context.clock.now() };
  const movedVms = new Set([
    ...(before?.movedVms ?? []),
    ...vms.filter(({ isDone, effect }) => isDone && effect !== 'stop').map(({ resource }) => resource),
  ]);
  const value = encodeValue({
    by,
    reason: why,
    at,
    isStopped: hasStopped,
    fencedAt: fencedAt(answer, context.node),
    wasOff: isKnownOff(context, answer),
    movedVms: [...movedVms],
  });
  await context.write.merge('record', nodeAttribute(member, maintenanceName, value), { requires: nodePath(member) });
}

/** Takes the record away; nothing happens where there is none. It goes with a node that leaves the cluster. */
export async function dropMaintenance(context: OperationContext): Promise<void> {
  const answer = await readCluster(context);
  if (!answer.members.some(({ name }) => name === context.node)) return;
  await context.write.delete('record', nodeAttributePath(memberOf(answer, context.node), maintenanceName));
}
