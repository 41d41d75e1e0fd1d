import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { PcsReport, PcsReportCode, RemovalResult } from '../../cluster/writes/membership.ts';
import { votesOf } from '../../lifecycle/preflight/check-guards.ts';
import { quorumAfterRemoval } from '../../lifecycle/quorum.ts';
import { requireMayGoOn } from '../go-on.ts';
import { readCluster, untilSo } from '../look.ts';
import { isOnline } from '../move-marks.ts';
import { CancelledByPerson, stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { isMember } from './mark-out.ts';
import { isKnownOff } from './known-off.ts';
import { memberOf } from './on-node.ts';
import { pcsRemove } from './pcs-remove.ts';
import type { Died } from './pcs-unit.ts';

const goneWithinMs = 90_000;
/** A machine that was fenced is booted, and its services are up, within this time, or it is off. */
const backWithinMs = 90_000;

/** Of a machine that was off: what pcs could not take away from it. */
export const leftConfigured = 'the cluster does not name it any more; its own configuration is still on it';

/** The only refusal of pcs that our own judgement of the quorum (R15) answers: that pcs itself could not ask everybody. */
const answerable: ReadonlySet<PcsReportCode> = new Set(['COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK']);

/**
 * Removes the node by pcs. The first call never carries `--force` (R17); where pcs refuses, its reports are shown and the operation stops.
 * Only a person's Continue forces it, in this same program, where pcs refuses again with the very codes that were shown, all of which our
 * own judgement answers. Where the control node that runs pcs dies, it is begun once more on another one, by itself, and never by force.
 */
export function leaveStep(): Step {
  /** By operation: the codes that were shown. Never kept beyond this process: who has not seen them overrides nothing. */
  const shown = new Map<string, string>();
  const skipped = new WeakSet<OperationContext['handle']>();
  /** Why nobody can say how pcs ended: its control node died, say. */
  const unknown = new WeakMap<OperationContext['handle'], string>();
  async function pcs(
    context: OperationContext,
    answer: ClusterAnswer,
    overridden: readonly PcsReportCode[],
    before?: Died,
  ): Promise<RemovalResult | Died> {
    const skipsOffline = await mustSkip(context, answer);
    if (skipsOffline) skipped.add(context.handle);
    const result = await pcsRemove(context, memberOf(answer, context.node), { skipsOffline, overridden }, before);
    const because = unknownBecause(result);
    if (because === undefined) unknown.delete(context.handle);
    else unknown.set(context.handle, because);
    return result;
  }
  return {
    id: 'leave',
    title: 'Remove it from the cluster',
    isDone: async (context) => !isMember(await readCluster(context), context.node),
    async act(context) {
      const answer = await readCluster(context);
      let first = await pcs(context, answer, []);
      if (first.kind === 'died') {
        const after = await afterDeath(context, first);
        if (after === undefined) return;
        first = await pcs(context, after, [], first);
      }
      if (first.kind !== 'refused') return;
      const { type } = memberOf(answer, context.node);
      const errors = first.reports.filter(({ severity }) => severity === 'error');
      const codes = [...new Set(errors.map(({ code }) => code))].toSorted();
      const isAnswerable = type === 'member' && first.canForce && codes.every((code) => answerable.has(code));
      if (!isAnswerable || shown.get(context.id) !== codes.join()) {
        shown.set(context.id, codes.join());
        refused(context, errors, isAnswerable);
      }
      shown.delete(context.id);
      const now = await readCluster(context);
      requireQuorum(context, now);
      const forced = await pcs(context, now, codes);
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

/** Why how pcs ended is not known; `undefined`: it said so. */
function unknownBecause(result: RemovalResult | Died): string | undefined {
  switch (result.kind) {
    case 'unknown':
      return result.because;
    case 'died':
      return `${result.on}, which ran it, was fenced or booted meanwhile`;
    case 'running':
      return 'it is at work still';
    case 'done':
    case 'refused':
      return undefined;
    default:
      return result satisfies never;
  }
}

/**
 * The control node that ran pcs has died, and pcs with it: what is true is read anew, and judged as it was before (R2, R12, R14, R15).
 * @returns the answer in which pcs may begin once more, elsewhere; `undefined`: the node has left.
 */
async function afterDeath(context: OperationContext, { on }: Died): Promise<ClusterAnswer | undefined> {
  const { region, node, clock, cancelled } = context;
  if (cancelled.aborted) throw new CancelledByPerson();
  const died = await readCluster(context);
  // pcs writes corosync's configuration to every control node that answers: one that comes back is waited for.
  if (died.members.some(({ name, type }) => name === node && type === 'member'))
    await untilSo(context, (seen) => isOnline(seen, on), { forMs: backWithinMs });
  const answer = await readCluster(context);
  if (!isMember(answer, node)) return undefined;
  requireMayGoOn(region, { node, command: 'remove' }, 'on', clock.now());
  requireQuorum(context, answer);
  return answer;
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
  const seen = answer.nodes.find(({ name }) => name === node);
  const after = quorumAfterRemoval({ isControl, isOnline: seen?.isOnline === true }, votesOf({ answer, node }));
  if (after.kind !== 'holds')
    stepFailed(
      `Quorum after the removal of ${node} is not proven: ${after.because}.`,
      'Bring other control nodes back.',
    );
}

/** Whether pcs leaves the node's own configuration on it. @throws ProblemError where it is silent and not proven to be off (R11). */
async function mustSkip(context: OperationContext, answer: ClusterAnswer): Promise<boolean> {
  const { region, nodeId, node } = context;
  const { observation } = await region.readNode(nodeId);
  if (observation.reachability.kind === 'reachable') return false;
  if (isKnownOff(context, answer)) return true;
  return stepFailed(
    `${node} does not answer any more, and no fencing since it was last up proves that it is off.`,
    'Bring it back within reach and continue; or roll back, and remove it anew with the statement that it is powered off.',
  );
}
