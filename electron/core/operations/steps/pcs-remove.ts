import type { ClusterAnswer, ClusterMember } from '#shared/model/cluster.ts';
import {
  removalResult,
  removeControl,
  removeWorker,
  type RemovalOptions,
  type RemovalResult,
} from '../../cluster/writes/membership.ts';
import { run } from '../../cluster/writes/shown-command.ts';
import { forgetUnit } from '../../cluster/writes/unit.ts';
import { look, patienceOf, readCluster } from '../look.ts';
import { moveOwner } from '../move-marks.ts';
import { isLost, untilAnswered } from '../reach.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext } from '../step.ts';
import { pause } from '../time.ts';
import { fencedAt } from '../../lifecycle/fencing.ts';
import { watchPcs, type Died, type PcsUnit } from './pcs-unit.ts';

const startedWithinMs = 60_000;
/** pcs itself is ended after 300 s. */
const endedWithinMs = 400_000;
/** A start whose answer was lost may have been on its way still when nobody knew of the unit: it is looked for once more so much later. */
const lateStartMs = 10_000;
/** How long a control node that may have it under way is waited for. */
const toldWithinMs = 60_000;

/**
 * Runs pcs's removal as one unit on another control node and follows it to its end; one of this operation that runs already is followed,
 * not begun again, and none is begun while an earlier one may run (R3). What is true of the membership has to be read after it (R2).
 *
 * @param before the run that has died: another control node is asked first.
 */
export async function pcsRemove(
  context: OperationContext,
  member: ClusterMember,
  options: RemovalOptions,
  before: Died | undefined,
): Promise<RemovalResult | Died> {
  const { send, signal } = context;
  const unit = (await underWay(context)) ?? (await begin(context, member, options, before?.on));
  const state = await watchPcs(context, unit, { until: 'ended', forMs: endedWithinMs });
  if (state.kind === 'died') return state;
  // Into the transcript: what pcs itself said.
  await send
    .toNode(
      'leave',
      unit.on,
      run(['journalctl', '-u', unit.name, '-o', 'cat', '--no-pager', '-n', '200'], 30_000),
      signal,
    )
    .catch(() => {});
  return removalResult('output' in state ? { ...state, output: lastRunOf(state.output) } : state);
}

/** The journal keeps what an earlier try of the same unit said; only what the last one said counts. */
export function lastRunOf(output: string): string {
  const at = [...output.matchAll(/^Started rackside-remove-/gmu)].at(-1)?.index;
  return at === undefined ? output : output.slice(at);
}

/** Waits until pcs runs nowhere any more. @throws ProblemError `step-failed` where that is not known in the end. */
export async function pcsIsOver(context: OperationContext): Promise<void> {
  const [recorded] = context.record().units;
  if (recorded === undefined) return;
  const ended = () => watchPcs(context, { ...recorded, isKnownToRun: false }, { until: 'ended', forMs: endedWithinMs });
  let state = await ended();
  if (state.kind === 'absent') {
    await pause(context.clock, lateStartMs, context.signal);
    state = await ended();
  }
  if (state.kind === 'running' || state.kind === 'unknown') notKnown(recorded.on);
}

/** What an earlier attempt, of this laptop or another, has under way; what has ended is forgotten, so that its name is free. */
async function underWay(context: OperationContext): Promise<PcsUnit | undefined> {
  const [recorded] = context.record().units;
  if (recorded === undefined) return undefined;
  const unit = { ...recorded, isKnownToRun: false };
  const state = await watchPcs(context, unit, { until: 'known', forMs: toldWithinMs });
  switch (state.kind) {
    case 'running':
      return { ...unit, isKnownToRun: true };
    case 'ended':
      await look(context, unit.on, forgetUnit(unit.name)).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
      return undefined;
    case 'absent':
    case 'died':
      return undefined;
    case 'unknown':
      return notKnown(unit.on);
    default:
      return state satisfies never;
  }
}

function notKnown(on: string): never {
  return stepFailed(
    `Whether pcs still runs on ${on} is not known: it does not say so, and the cluster has not fenced it since.`,
    `Nothing more was begun. Bring ${on} back within reach, or have it fenced; then continue, or roll back.`,
  );
}

async function begin(
  context: OperationContext,
  member: ClusterMember,
  options: RemovalOptions,
  died: string | undefined,
): Promise<PcsUnit> {
  const { id, node, send, signal, record, saveRecord } = context;
  const answer = await readCluster(context);
  const on =
    otherControls(answer, node, { asked: record().units[0]?.on, died })[0] ??
    stepFailed(`No other control node is online to remove ${node} from.`, 'Bring one back.');
  const name = `rackside-remove-${moveOwner(id)}${options.overridden.length === 0 ? '' : '-forced'}.service`;
  const unit = { name, on, fencedAt: fencedAt(answer, on) };
  // On the cluster's disk before it can run anywhere: whoever goes on looks for it there.
  await saveRecord(() => ({ units: [unit] }));
  const command = (member.type === 'remote' ? removeWorker : removeControl)(name, node, options);
  try {
    const started = await untilAnswered(() => send.toNode('leave', on, command, signal), {
      ...patienceOf(context),
      forMs: startedWithinMs,
    });
    if (started.kind === 'not-started')
      stepFailed(
        `pcs could not be started on ${on}: ${started.because}.`,
        'Nothing was removed. Continue, or roll back.',
      );
    return { ...unit, isKnownToRun: started.kind !== 'not-proven' };
  } catch (error) {
    // It may have been started all the same: what is true is looked at.
    if (!isLost(error)) throw error;
    return { ...unit, isKnownToRun: false };
  }
}

/**
 * Control nodes that can be asked to do it. First the one that was asked before: should that request arrive yet, one unit's name runs there
 * once. Then the one that answers for the region; last the one that has died with it.
 */
function otherControls(
  answer: ClusterAnswer,
  node: string,
  { asked, died }: { readonly asked: string | undefined; readonly died: string | undefined },
): readonly string[] {
  const rank = (name: string): number => (name === died ? -1 : name === asked ? 2 : name === answer.via ? 1 : 0);
  return answer.nodes
    .filter(({ name, type, isOnline, isUnclean }) => type === 'member' && name !== node && isOnline && !isUnclean)
    .map(({ name }) => name)
    .toSorted((a, b) => rank(b) - rank(a));
}
