import type { PreparedRemoval } from '#shared/model/maintenance.ts';
import { wrongText } from '#shared/model/texts.ts';
import type { Preparation } from '../../state/preparations.ts';
import { sentence } from '../../ui/format.ts';
import { isTyped } from './typed-field.tsx';
import { told } from './told.ts';

export interface RemovalInput {
  readonly typedName: string;
  readonly poolStatement: string;
  readonly powerOffStatement: string;
  readonly reason: string;
}

/** Why Remove cannot be pressed now; empty when it can. */
export function missingForRemoval(
  { answer, problem, readingSince }: Preparation<null, PreparedRemoval>,
  input: RemovalInput,
): string {
  if (readingSince !== null) return 'The preflight is being read.';
  if (problem || !answer) return 'The preflight could not be read, so nothing can be removed.';
  const { poolStatement, powerOffStatement } = answer;
  // What has a statement of its own is answered by that; nothing else is answered here at all.
  const held = answer.checks.some(
    ({ state, force }) => (state === 'blocker' || state === 'unknown') && force !== 'own-statement',
  );
  const hasStatements = poolStatement !== null || powerOffStatement !== null;
  if (held || (!answer.isReady && !hasStatements)) {
    return sentence(answer.heldUpBy === '' ? 'The preflight holds it up' : told(answer.heldUpBy));
  }
  const missing = [
    poolStatement !== null && !isTyped(input.poolStatement, poolStatement) ? 'the statement about the data pool' : '',
    powerOffStatement !== null && !isTyped(input.powerOffStatement, powerOffStatement)
      ? 'the statement that it is powered off'
      : '',
    input.reason.trim() === '' ? 'a reason' : wrongText('reason', input.reason) === undefined ? '' : 'a shorter reason',
    isTyped(input.typedName, answer.nodeName) ? '' : 'the typed name',
  ].filter(Boolean);
  const last = missing.pop();
  if (last === undefined) return '';
  return `Missing: ${missing.length === 0 ? last : `${missing.join(', ')} and ${last}`}.`;
}

/** What is left to a person afterwards (R16). */
export const afterwards: readonly string[] = [
  'Power it off, or keep it powered off.',
  'Disable its boot from disk, so that it cannot come back by itself.',
  'Its identity is marked Out: adding it again asks for a confirmation that it was wiped.',
];
