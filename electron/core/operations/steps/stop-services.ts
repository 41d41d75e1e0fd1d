import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { stopServices } from '../../cluster/writes/services.ts';
import { fencedAt } from '../../lifecycle/fencing.ts';
import { votesOf } from '../../lifecycle/preflight/check-guards.ts';
import { quorumAfterOff } from '../../lifecycle/quorum.ts';
import { readCluster, untilSo } from '../look.ts';
import { isLost } from '../reach.ts';
import { stepFailed } from '../run-steps.ts';
import { isFencedSince } from '../source-death.ts';
import type { OperationContext, Step } from '../step.ts';
import { foreignResourcesOn, isDown, memberOf } from './on-node.ts';
import { isClosed } from './close.ts';
import { isKnownOff } from './known-off.ts';
import { writeMaintenance } from './maintenance-record.ts';

/** Longest stop of Pacemaker and Corosync, or of a Worker's connection. */
const stoppedWithinMs = 150_000;

/**
 * Stops the cluster services of the node that is empty, in standby and recorded, so that powering it off fences nobody. What was recorded
 * first tells everybody that it was meant: it stays *In maintenance* while it is offline (docs/status.md, line 9).
 */
export const stopServicesStep: Step = {
  id: 'stop-services',
  title: 'Stop the cluster services',
  async isDone(context) {
    const answer = await readCluster(context);
    fencedBefore.set(context.handle, fencedAt(answer, context.node));
    const isFenced = isFencedSince(context, answer) || isKnownOff(context, answer);
    if (isDown(answer, context.node) && isFenced) foundFenced.add(context.handle);
    // Of a Worker a closed connection says nothing of its service: that is stopped anyway, which may be done twice.
    const isControl = memberOf(answer, context.node).type === 'member';
    return isControl && isRecorded(answer, context.node) && isDown(answer, context.node);
  },
  async act(context) {
    const { node, send, signal, write, record, saveRecord } = context;
    const answer = await readCluster(context);
    const member = memberOf(answer, node);
    const left = foreignResourcesOn(answer, node);
    if (member.standby !== 'forever' || left.length > 0)
      stepFailed(
        `${node} is not an empty node in standby any more${left.length === 0 ? '' : `: ${left.join(', ')}`}, so its services were not stopped.`,
        'Somebody took it out of standby. Roll back, or put it in standby again and continue.',
      );
    requireQuorumWithout(answer, node);
    if (!isRecorded(answer, node)) await writeMaintenance(context, true);
    if (isDown(answer, node) && member.type === 'member') return;
    if (record().hasStopped !== true) await saveRecord(() => ({ hasStopped: true }));
    if (member.type === 'remote') {
      await write.option('stop-services', { resource: node, name: 'target-role', value: 'Stopped' });
      if ((await untilSo(context, (seen) => isClosed(seen, node), { forMs: stoppedWithinMs })) === undefined)
        stepFailed(
          `The connection of ${node} was not closed, so its service was not stopped: that would fence it.`,
          'Look at its connection resource, then continue.',
        );
    }
    const outcome = await send
      .toNode('stop-services', node, stopServices(member.type), signal)
      .catch((error: unknown) => {
        // systemd goes on without us; the cluster says how it went.
        if (!isLost(error)) throw error;
        return undefined;
      });
    if (outcome?.kind === 'ran' && outcome.exitStatus !== 0)
      stepFailed(
        `The cluster services of ${node} did not stop (status ${outcome.exitStatus}): ${outcome.stderr.trim() || 'systemd says no more'}.`,
        'Look at the journal of Pacemaker on the node, then continue.',
      );
  },
  async verify(context) {
    const { node, handle } = context;
    const answer = await untilSo(context, (seen) => isDown(seen, node), { forMs: stoppedWithinMs });
    if (answer === undefined)
      return stepFailed(
        `The cluster does not show ${node} as offline and clean after its services were stopped.`,
        'Do not power it off yet: it would be fenced. Look at its services, then continue.',
      );
    if (fencedAt(answer, node) > (fencedBefore.get(handle) ?? 0))
      stepFailed(
        `${node} was fenced while its services were being stopped.`,
        'It is off or has rebooted. Find out why in the log of the cluster, then continue.',
      );
    return foundFenced.has(handle) ? mayBoot : 'offline and clean: it can be powered off';
  },
};

/** It was down when the step began because it was fenced, before the operation or in the middle of it: nobody can say that its services were stopped. */
const foundFenced = new WeakSet<OperationContext['handle']>();

/** Most fencings switch a machine on again: its services are enabled. */
export const mayBoot = 'offline and clean, because it was fenced: its services start when it boots';

export const mayBootWords =
  'It was fenced, and its services were not stopped: when it boots, they run, and cutting its power has it fenced again. Look at its status before you open it.';

/** The newest fencing when the step began, by the cluster’s clock: one of before is no news. */
const fencedBefore = new WeakMap<OperationContext['handle'], number>();

function isRecorded(answer: ClusterAnswer, node: string): boolean {
  return answer.records.nodes[node]?.maintenance?.isStopped === true;
}

/** @throws ProblemError where the quorum without it is not proven to hold now, however long ago the preflight was (R15). */
function requireQuorumWithout(answer: ClusterAnswer, node: string): void {
  const isOnline = answer.nodes.some((one) => one.name === node && one.isOnline);
  if (!isOnline) return;
  const isControl = memberOf(answer, node).type === 'member';
  const after = quorumAfterOff({ isControl, isOnline }, votesOf({ answer, node }));
  if (after.kind !== 'holds')
    stepFailed(
      `Quorum without ${node} is not proven, so its services were not stopped: ${after.because}.`,
      'It stays in standby. Bring other control nodes back, then continue.',
    );
}
