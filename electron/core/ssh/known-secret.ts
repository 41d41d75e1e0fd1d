import { problemOf } from '#shared/problems.ts';
import type { SecretTrials } from './secret-trials.ts';
import type { SecretSource, SshTarget } from './transport.ts';

type Whose = Pick<SshTarget, 'secretScope' | 'user' | 'host'>;
type LoginSecretKind = 'password' | 'sudo-password';

/** A login's secret, and whose it is: the machine's own, or its scope's. */
export interface KnownSecret {
  readonly value: string;
  readonly scope: string;
}

/** Where a secret of one machine alone is kept, whose scope has another one that works elsewhere. */
const ownScope = ({ secretScope, host }: Whose): string => `${secretScope}/at/${host}`;

/**
 * Whose secret a person is asked for: of the whole scope, or, where that one has been accepted by another machine, of this machine alone.
 * An answer for the scope would take the place of the one that works.
 */
export function scopeToAsk(trials: SecretTrials, whose: Whose, kind: LoginSecretKind): string {
  const { secretScope: scope, user } = whose;
  return trials.isProven({ kind, scope, user }) ? ownScope(whose) : scope;
}

/** What to say beside such a question, or nothing. */
export function onlyHere(whose: Whose, scope: string, machine: string): string {
  return scope === whose.secretScope
    ? ''
    : ` Other machines accept the one that is kept: what you enter here is for ${machine} alone.`;
}

/** A machine's own secret, else that of its scope. `onUnreadable`: see `readable`. */
export async function knownSecret(
  secrets: SecretSource,
  whose: Whose,
  kind: LoginSecretKind,
  onUnreadable: (because: string) => void = () => undefined,
): Promise<KnownSecret | undefined> {
  const { user, host } = whose;
  for (const scope of [ownScope(whose), whose.secretScope]) {
    const value = await readable(() => secrets.get({ kind, scope, user, host }), onUnreadable);
    if (value !== undefined) return { value, scope };
  }
  return undefined;
}

/**
 * A secret as far as it is known. One that the keychain keeps and does not give (locked, or of another computer) has to be asked of a
 * person like any other: `onUnreadable` is told why, in a sentence.
 */
export async function readable(
  get: () => Promise<string | undefined>,
  onUnreadable: (because: string) => void = () => undefined,
): Promise<string | undefined> {
  try {
    return await get();
  } catch (error) {
    const problem = problemOf(error);
    if (problem?.code !== 'keychain-unavailable') throw error;
    onUnreadable(problem.message);
    return undefined;
  }
}
