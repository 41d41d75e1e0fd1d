import type { DatabaseHandle } from './handle.ts';

/** Remembered secrets as the operating system's keychain encrypted them. A secret in clear never comes here (R25). */
export interface SecretsRepository {
  get(key: string): Uint8Array | undefined;
  /** `scope` says whose it is (a region, one node of it), so that it can be forgotten with it. */
  set(key: string, scope: string, ciphertext: Uint8Array): void;
  forget(key: string): void;
  /** With all scopes below it. */
  forgetScope(scope: string): void;
}

export function secretsRepository(database: DatabaseHandle, now: () => number): SecretsRepository {
  const one = database.prepare<{ ciphertext: Uint8Array }>('SELECT ciphertext FROM secrets WHERE key = ?');
  const put = database.prepare(
    `INSERT INTO secrets (key, scope, ciphertext, saved_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET scope = excluded.scope, ciphertext = excluded.ciphertext, saved_at = excluded.saved_at`,
  );
  const dropKey = database.prepare('DELETE FROM secrets WHERE key = ?');
  // A region's scope has those of its jump hosts and single nodes below it: `REGION/jump/HOST`.
  const dropScope = database.prepare(
    "DELETE FROM secrets WHERE scope = ? OR substr(scope, 1, length(?) + 1) = ? || '/'",
  );
  return {
    get: (key) => database.read(() => one.get(key))?.ciphertext,
    set: (key, scope, ciphertext) => {
      database.record(() => put.run(key, scope, ciphertext, now()));
    },
    forget: (key) => {
      database.record(() => dropKey.run(key));
    },
    forgetScope: (scope) => {
      database.record(() => dropScope.run(scope, scope, scope));
    },
  };
}
