import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { PcsReport, PcsReportCode } from '../../cluster/writes/membership.ts';
import { fencingsOverAt, isProvenOff } from '../../lifecycle/proven-off.ts';
import { votesOf } from '../../lifecycle/preflight/check-guards.ts';
import { quorumAfterRemoval } from '../../lifecycle/quorum.ts';
import { readCluster, untilSo } from '../look.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { isMember } from './mark-out.ts';
import { memberOf } from './on-node.ts';
import { pcsRemove } from './pcs-remove.ts';

const goneWithinMs = 90_000;
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

/** Opens it again where the node stays after all. */
export async function reopenConnection(context: OperationContext): Promise<void> {
  const { node, write } = context;
  const answer = await readCluster(context);
  const isWorker = answer.members.some(({ name, type }) => name === node && type === 'remote');
  if (isWorker) await write.option('stay', { resource: node, name: 'target-role', value: null });
}

/** Of a machine that was off: what pcs could not take away from it. */
export const leftConfigured = 'the cluster does not name it any more; its own configuration is still on it';

/** The only refusal of pcs that our own judgement of the quorum (R15) answers: that pcs itself could not ask everybody. */
const answerable: ReadonlySet<PcsReportCode> = new Set(['COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK']);

/**
 * Removes the node by pcs. The first call never carries `--force` (R17); where pcs refuses, its reports are shown and the operation stops.
 * Only a person's Continue forces it, in this same program, where pcs refuses again with the very codes that were shown, all of which our
 * own judgement answers.
 */
export function leaveStep(): Step {
  /** By operation: the codes that were shown. Never kept beyond this process: who has not seen them overrides nothing. */
  const shown = new Map<string, string>();
  const skipped = new WeakSet<OperationContext['handle']>();
  /** Why nobody can say how pcs ended: its control node died, say. */
  const unknown = new WeakMap<OperationContext['handle'], string>();
  return {
    id: 'leave',
    title: 'Remove it from the cluster',
    isDone: async (context) => !isMember(await readCluster(context), context.node),
    async act(context) {
      const answer = await readCluster(context);
      const member = memberOf(answer, context.node);
      const skipsOffline = await mustSkip(context, answer);
      if (skipsOffline) skipped.add(context.handle);
      const first = await pcsRemove(context, member, { skipsOffline, overridden: [] });
      if (first.kind === 'unknown') unknown.set(context.handle, first.because);
      else unknown.delete(context.handle);
      if (first.kind !== 'refused') return;
      const errors = first.reports.filter(({ severity }) => severity === 'error');
      const codes = [...new Set(errors.map(({ code }) => code))].toSorted();
      const isAnswerable = member.type === 'member' && first.canForce && codes.every((code) => answerable.has(code));
      if (!isAnswerable || shown.get(context.id) !== codes.join()) {
        shown.set(context.id, codes.join());
        refused(context, errors, isAnswerable);
      }
      shown.delete(context.id);
      requireQuorum(context, await readCluster(context));
      const forced = await pcsRemove(context, member, { skipsOffline, overridden: codes });
      if (forced.kind === 'refused')
        refused(
          context,
          forced.reports.filter(({ severity }) => severity === 'error'),
          false,
        );
    },
    async verify(context) {
      const { node } = context;
      if (
        (await untilSo(context, (seen) => !isMember(seen, node), { forMs: goneWithinMs, isCut: false })) !== undefined
      )
        return skipped.has(context.handle) ? leftConfigured : 'the cluster does not name it any more';
      const because = unknown.get(context.handle);
      const how = because === undefined ? 'though pcs reported no error' : `and how pcs ended is not known: ${because}`;
      return stepFailed(
        `${node} is a member of the cluster still, ${how}.`,
        'Look at the transcript and at pcs status; then continue: it is tried again.',
      );
    },
  };
}

function refused({ node }: OperationContext, errors: readonly PcsReport[], isAnswerable: boolean): never {
  const words = errors.map(({ code, words: said }) => `${code}: ${said}`).join('; ');
  return stepFailed(
    `pcs refused to remove ${node}: ${words || 'without a report'}.`,
    isAnswerable
      ? 'Rackside’s own judgement is that quorum holds without it. Continue overrides exactly this report (--force); roll back leaves it a member.'
      : 'Nothing is forced. Mend what it names and continue, or roll back: it stays a member.',
  );
}

/** @throws ProblemError where the quorum after it is not proven to hold now (R15). */
function requireQuorum({ node }: OperationContext, answer: ClusterAnswer): void {
  const isControl = memberOf(answer, node).type === 'member';
  const isOnline = answer.nodes.some(({ name, isOnline: is }) => name === node && is);
  const after = quorumAfterRemoval({ isControl, isOnline }, votesOf({ answer }));
  if (after.kind !== 'holds')
    stepFailed(
      `Quorum after the removal of ${node} is not proven: ${after.because}.`,
      'Bring other control nodes back.',
    );
}

/** Whether pcs leaves the node's own configuration on it. @throws ProblemError where it is silent and not proven to be off (R11). */
async function mustSkip(context: OperationContext, answer: ClusterAnswer): Promise<boolean> {
  const { region, nodeId, node, record } = context;
  const { observation, memory } = await region.readNode(nodeId);
  const seen = answer.nodes.find(({ name }) => name === node);
  if (observation.reachability.kind === 'reachable') return false;
  const isClean = seen === undefined || (!seen.isOnline && !seen.isUnclean && !seen.isPending);
  if (isProvenOff(answer, node, fencingsOverAt(memory)) || (isClean && record().choices.isStatedOff)) return true;
  return stepFailed(
    `${node} does not answer any more, and no fencing since it was last up proves that it is off.`,
    'Bring it back within reach and continue; or roll back, and remove it anew with the statement that it is powered off.',
  );
}
