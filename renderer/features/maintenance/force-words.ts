import type { ArmedForce } from '#shared/model/maintenance.ts';
import { wrongText } from '#shared/model/texts.ts';
import { formatPlural } from '../../ui/format.ts';
import { isTyped } from './typed-field.tsx';

export interface ForceInput {
  readonly ticked: readonly string[];
  readonly statements: Readonly<Record<string, string>>;
  readonly typedName: string;
  readonly reason: string;
}

/** What still has to be done by hand before Force, as a sentence; empty when nothing is missing but the timer. */
export function missingForForce(force: ArmedForce, input: ForceInput): string {
  const ticks = force.overrides.filter(({ id, isTold }) => !isTold && !input.ticked.includes(id)).length;
  const statements = force.overrides.filter(
    ({ id, statement }) => statement !== null && !isTyped(input.statements[id] ?? '', statement),
  ).length;
  const missing = [
    ticks > 0 ? formatPlural(ticks, 'tick') : '',
    statements > 0 ? formatPlural(statements, 'typed statement') : '',
    isTyped(input.typedName, force.nodeName) ? '' : 'the typed name',
    input.reason.trim() === '' ? 'a reason' : wrongText('reason', input.reason) === undefined ? '' : 'a shorter reason',
  ].filter(Boolean);
  const last = missing.pop();
  if (last === undefined) return '';
  return `Missing: ${missing.length === 0 ? last : `${missing.join(', ')} and ${last}`}.`;
}

/** The specification's severe warning, word for word. */
export const severeWarning =
  'Forcing a node into maintenance mode prevents the system from completing some housekeeping actions and may result in full system failure and data loss.';

/** What Force does with this node, in one sentence. */
export function sequenceWords({ sequence, overrides }: Pick<ArmedForce, 'sequence' | 'overrides'>): string {
  if (sequence === 'reachable')
    return 'The node answers: it goes into standby, and its VMs are ended here and started again elsewhere. None of them is moved live.';
  return overrides.some(({ id }) => id === 'told:fenced')
    ? 'The node is off, and the fence history proves it: it goes into standby, and its VMs are started elsewhere.'
    : 'The node does not answer: it is fenced first, and only when that is proved are its VMs started elsewhere.';
}
