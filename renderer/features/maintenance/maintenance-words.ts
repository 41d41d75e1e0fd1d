import type { MaintenanceChoices, PreparedMaintenance } from '#shared/model/maintenance.ts';
import type { Preparation } from '../../state/preparations.ts';
import { formatPlural, sentence } from '../../ui/format.ts';
import { harmOf } from './plan-words.ts';

export type PreparedNode = Preparation<MaintenanceChoices, PreparedMaintenance>;

/** What one node still lacks, as a sentence; empty when it is ready. */
export function missingOf({ answer, problem, readingSince }: PreparedNode): string {
  if (readingSince !== null) return answer ? 'The preflight is being read again.' : 'The preflight is being read.';
  if (problem) return 'The preflight could not be read, so nothing can be started.';
  if (!answer) return 'The preflight is not there yet.';
  return answer.isReady ? '' : sentence(answer.heldUpBy === '' ? 'The preflight holds it up' : answer.heldUpBy);
}

/** Why OK cannot be pressed now; empty when it can. */
export function missingForOk(nodes: readonly (readonly [name: string, node: PreparedNode])[], reason: string): string {
  const held = nodes.map(([name, node]) => [name, missingOf(node)] as const).filter(([, words]) => words !== '');
  const [first] = held;
  if (first) {
    if (nodes.length === 1) return first[1];
    return `${String(held.length)} of ${formatPlural(nodes.length, 'node')} not ready. ${first[0]}: ${first[1]}`;
  }
  return reason.trim() === '' ? 'OK becomes available when a reason is given.' : '';
}

/** What happens after OK. */
export function afterOk(nodes: readonly PreparedNode[]): string {
  const [only] = nodes;
  if (nodes.length !== 1) return 'After OK: one after the other, in this order; the first that fails stops the rest.';
  const answer = only?.answer;
  if (answer?.isEmpty) return 'After OK: it goes into standby at once, then In maintenance.';
  const stays = answer?.vms.some(
    (vm) => vm.effect === 'cannot-move' || (vm.needsTick && !only?.choices.ticked.includes(vm.resource)),
  );
  if (only?.choices.movesOnlyWhatCan && stays)
    return 'After OK: what can move moves; the rest stays, and the node ends Active.';
  return 'After OK: Entering maintenance, then In maintenance when the last VM has left.';
}

/** Why Force has nothing to do here; `null` where it has, or where nothing is known and the core decides. */
export function nothingToForce(node: PreparedNode): string | null {
  const { answer, problem, choices } = node;
  if (!answer) return problem ? null : 'The preflight is being read: it says whether there is anything to override.';
  const isHeldUp = answer.checks.some(
    ({ state, force }) => (state === 'blocker' || state === 'unknown') && force !== 'no',
  );
  const isUnticked = [...answer.vms, ...answer.others].some(
    ({ needsTick, resource }) => needsTick && !choices.ticked.includes(resource),
  );
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
