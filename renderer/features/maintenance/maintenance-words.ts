import {
  isTicked,
  type MaintenanceChoices,
  type PreflightCheck,
  type PreparedMaintenance,
} from '#shared/model/maintenance.ts';
import { wrongText } from '#shared/model/texts.ts';
import type { Preparation } from '../../state/preparations.ts';
import { formatPlural, sentence } from '../../ui/format.ts';
import { harmOf } from './plan-words.ts';
import { told } from './told.ts';

export type PreparedNode = Preparation<MaintenanceChoices, PreparedMaintenance>;

/** What one node still lacks, as a sentence; empty when it is ready. */
export function missingOf({ answer, problem, readingSince }: PreparedNode): string {
  if (readingSince !== null) return answer ? 'The preflight is being read again.' : 'The preflight is being read.';
  if (problem) return 'The preflight could not be read, so nothing can be started.';
  if (!answer) return 'The preflight is not there yet.';
  return answer.isReady ? '' : sentence(answer.heldUpBy === '' ? 'The preflight holds it up' : told(answer.heldUpBy));
}

/** The same in a few words, for a list: `1 blocker, 1 tick missing`. */
export function shortMissing(node: PreparedNode): string {
  const { answer, problem, readingSince, choices } = node;
  if (readingSince !== null) return answer ? 'read again' : 'being read';
  if (problem) return 'could not be read';
  if (!answer || answer.isReady) return answer ? 'Ready' : 'not read';
  const count = (state: PreflightCheck['state']): number =>
    answer.checks.filter((check) => check.state === state).length;
  const ticks = [...answer.vms, ...answer.others].filter((vm) => vm.needsTick && !isTicked(choices.ticked, vm)).length;
  const words = [
    count('blocker') > 0 ? formatPlural(count('blocker'), 'blocker') : '',
    count('unknown') > 0 ? `${String(count('unknown'))} not known` : '',
    ticks > 0 ? `${formatPlural(ticks, 'tick')} missing` : '',
  ].filter(Boolean);
  return words.length === 0 ? told(answer.heldUpBy) : words.join(', ');
}

/** Why OK cannot be pressed now; empty when it can. */
export function missingForOk(nodes: readonly (readonly [name: string, node: PreparedNode])[], reason: string): string {
  const held = nodes.map(([name, node]) => [name, missingOf(node)] as const).filter(([, words]) => words !== '');
  const [first] = held;
  if (first) {
    if (nodes.length === 1) return first[1];
    return `${String(held.length)} of ${formatPlural(nodes.length, 'node')} not ready. ${first[0]}: ${first[1]}`;
  }
  if (reason.trim() === '') return 'OK becomes available when a reason is given.';
  return wrongText('reason', reason) === undefined ? '' : 'OK becomes available when the reason is shorter.';
}

/** What happens after OK. */
export function afterOk(nodes: readonly PreparedNode[]): string {
  const [only] = nodes;
  if (nodes.length !== 1)
    return nodes.every(({ choices }) => choices.movesOnlyWhatCan)
      ? 'After OK: one after the other, in this order; what can move moves, and each node ends Active. The first that fails stops the rest.'
      : 'After OK: one after the other, in this order; the first that fails stops the rest.';
  const answer = only?.answer;
  if (answer?.isEmpty) return 'After OK: it goes into standby at once, then In maintenance.';
  const stays = answer?.vms.some(
    (vm) => vm.effect === 'cannot-move' || (vm.needsTick && !isTicked(only?.choices.ticked ?? [], vm)),
  );
  if (only?.choices.movesOnlyWhatCan)
    return stays
      ? 'After OK: what can move moves; the rest stays, and the node ends Active.'
      : 'After OK: every VM moves away, and the node ends Active.';
  return 'After OK: Entering maintenance, then In maintenance when the last VM has left.';
}

/** Why Force has nothing to do here; `null` where it has, or where nothing is known and the core decides. */
export function nothingToForce(node: PreparedNode): string | null {
  const { answer, problem, choices } = node;
  if (!answer) return problem ? null : 'The preflight is being read: it says whether there is anything to override.';
  const isHeldUp = answer.checks.some(
    ({ state, force }) => (state === 'blocker' || state === 'unknown') && force !== 'no',
  );
  const isUnticked = [...answer.vms, ...answer.others].some((vm) => vm.needsTick && !isTicked(choices.ticked, vm));
  if (isHeldUp || isUnticked) return null;
  return answer.isReady
    ? 'There is nothing to override: every check allows the normal way.'
    : 'There is nothing here that Force may override.';
}

/** What stands beneath the checks of a node that is ready. */
export function readyWords({ answer, choices }: PreparedNode): { readonly title: string; readonly text: string } {
  const harm = answer ? harmOf(answer, choices.ticked) : '';
  const title = answer?.isEmpty
    ? 'Ready. No VM runs here.'
    : harm === ''
      ? 'Ready. No VM will be stopped or restarted.'
      : `Ready. ${harm}, as you ticked.`;
  return {
    title,
    text: answer?.isEmpty
      ? 'Nothing has to be moved.'
      : 'You can cancel at any moment; VMs that moved stay where they are.',
  };
}
