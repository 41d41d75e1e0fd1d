import type { SecretVault } from '#shared/model/secret-vault.ts';
import { fail } from '#shared/problems.ts';

/** Where encrypted secrets are kept; the store's repository has this shape. */
export interface SecretRepository {
  get(key: string): Uint8Array | undefined;
  set(key: string, scope: string, value: Uint8Array): void;
  forgetScope(scope: string): void;
}

export interface SecretName {
  readonly kind: 'password' | 'passphrase' | 'sudo-password';
  readonly scope: string;
  readonly user: string;
  readonly host: string;
  readonly keyFile?: string | undefined;
}

/**
 * Secrets of this session, and those that a person asked to remember. They never leave the main process but to the machine
 * they are for; every value is announced to the log's redaction before it is used.
 */
export interface SecretKeeper {
  get(name: SecretName): Promise<string | undefined>;
  supply(name: SecretName, value: string, remember: boolean): Promise<void>;
  /** Tells whose secret was supplied, each time, whether or not it is another one than before. */
  onSupplied(listener: (name: SecretName) => void): () => void;
  /** Forgets the scope and all scopes below it, in this session and on disk. */
  forget(scope: string): void;
}

/** Makes the keeper. `redact` is told each value so that no log line ever carries it (R26). */
export function createSecretKeeper(options: {
  readonly vault: SecretVault;
  readonly repository: SecretRepository;
  readonly redact: (value: string) => unknown;
}): SecretKeeper {
  const { vault, repository, redact } = options;
  const listeners = new Set<(name: SecretName) => void>();
  const session = new Map<string, { readonly scope: string; readonly value: string }>();

  return {
    async get(name) {
      const key = keyOf(name);
      const held = session.get(key);
      if (held !== undefined) return held.value;
      const stored = repository.get(key);
      if (stored === undefined || vault.kind !== 'keychain') return undefined;
      const value = await vault.decrypt(stored);
      redact(value);
      session.set(key, { scope: name.scope, value });
      return value;
    },

    async supply(name, value, remember) {
      redact(value);
      if (remember) {
        if (vault.kind !== 'keychain') {
          fail({
            code: 'keychain-unavailable',
            message: `The secret cannot be remembered: ${vault.because}.`,
            advice: 'Use it for this session only: untick “Remember” and send it again.',
          });
        }
        repository.set(keyOf(name), name.scope, await vault.encrypt(value));
      }
      session.set(keyOf(name), { scope: name.scope, value });
      for (const listener of listeners) listener(name);
    },

    onSupplied(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    forget(scope) {
      for (const [key, held] of session) {
        if (held.scope === scope || held.scope.startsWith(`${scope}/`)) session.delete(key);
      }
      repository.forgetScope(scope);
    },
  };
}

/**
 * One login secret serves a whole scope (a region's nodes share a user and a password), a passphrase belongs to its key file
 * whoever uses it.
 */
function keyOf(name: SecretName): string {
  return name.kind === 'passphrase'
    ? JSON.stringify([name.kind, name.keyFile ?? ''])
    : JSON.stringify([name.kind, name.scope, name.user]);
}
