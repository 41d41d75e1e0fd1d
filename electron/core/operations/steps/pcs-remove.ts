import type { ClusterAnswer, ClusterMember } from '#shared/model/cluster.ts';
import {
  removalResult,
  removeControl,
  removeWorker,
  type RemovalOptions,
  type RemovalResult,
} from '../../cluster/writes/membership.ts';
import { run } from '../../cluster/writes/shown-command.ts';
import { forgetUnit, showUnit, type UnitState } from '../../cluster/writes/unit.ts';
import { look, patienceOf, readCluster } from '../look.ts';
import { moveOwner } from '../move-marks.ts';
import { isLost, untilAnswered } from '../reach.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext } from '../step.ts';
import { pause } from '../time.ts';

const watchEveryMs = 1500;
const startedWithinMs = 60_000;
/** pcs itself is ended after 300 s. */
const endedWithinMs = 400_000;

/**
 * Runs pcs's removal as one unit on another control node and follows it to its end; one of this operation that runs already is followed,
 * not begun again (R3). What is true of the membership has to be read after it (R2).
 */
export async function pcsRemove(
  context: OperationContext,
  member: ClusterMember,
  options: RemovalOptions,
): Promise<RemovalResult> {
  const { id, node, send, signal } = context;
  const unit = `rackside-remove-${moveOwner(id)}${options.overridden.length === 0 ? '' : '-forced'}.service`;
  const controls = otherControls(await readCluster(context), node);
  const first = controls[0] ?? stepFailed(`No other control node is online to remove ${node} from.`, 'Bring one back.');
  const running = await findRunning(context, controls, unit);
  const at = running ?? first;
  if (running === undefined) {
    const command = (member.type === 'remote' ? removeWorker : removeControl)(unit, node, options);
    const started = await untilAnswered(() => send.toNode('leave', at, command, signal), {
      ...patienceOf(context),
      forMs: startedWithinMs,
    });
    if (started.kind === 'not-started')
      stepFailed(
        `pcs could not be started on ${at}: ${started.because}.`,
        'Nothing was removed. Continue, or roll back.',
      );
  }
  const state = await follow(context, at, unit);
  // Into the transcript: what pcs itself said.
  await send
    .toNode('leave', at, run(['journalctl', '-u', unit, '-o', 'cat', '--no-pager', '-n', '200'], 30_000), signal)
    .catch(() => {});
  return removalResult('output' in state ? { ...state, output: lastRunOf(state.output) } : state);
}

/** The journal keeps what an earlier try of the same unit said; only what the last one said counts. */
export function lastRunOf(output: string): string {
  const at = [...output.matchAll(/^Started rackside-remove-/gmu)].at(-1)?.index;
  return at === undefined ? output : output.slice(at);
}

/** Control nodes that can be asked to do it: the one that answers for the region first. */
function otherControls(answer: ClusterAnswer, node: string): readonly string[] {
  return answer.nodes
    .filter(({ name, type, isOnline, isUnclean }) => type === 'member' && name !== node && isOnline && !isUnclean)
    .map(({ name }) => name)
    .toSorted((a, b) => Number(b === answer.via) - Number(a === answer.via));
}

/** Where an earlier run of this operation has it under way; what has ended is forgotten, so that its name is free. */
async function findRunning(
  context: OperationContext,
  controls: readonly string[],
  unit: string,
): Promise<string | undefined> {
  for (const control of controls) {
    try {
      const state = await look(context, control, showUnit(unit));
      if (state.kind === 'running') return control;
      if (state.kind === 'ended') await look(context, control, forgetUnit(unit));
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
  return undefined;
}

async function follow(context: OperationContext, control: string, unit: string): Promise<UnitState> {
  const { clock, signal, say } = context;
  const begun = clock.monotonic();
  for (;;) {
    try {
      const state = await look(context, control, showUnit(unit));
      if (state.kind === 'ended' || state.kind === 'absent') return state;
      say('pcs is at work');
    } catch (error) {
      if (!isLost(error)) throw error;
      say(`waits for ${control}`);
    }
    if (clock.monotonic() - begun >= endedWithinMs)
      return { kind: 'unknown', because: `${control} does not say how pcs ended` };
    await pause(clock, watchEveryMs, signal);
  }
}
