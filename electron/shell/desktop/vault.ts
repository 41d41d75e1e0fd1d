import { setTimeout } from 'node:timers/promises';
import type { SecretVault } from '#shared/model/secret-vault.ts';
import { fail } from '#shared/problems.ts';

/** What is used of Electron's `safeStorage`, after `ready`. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Uint8Array>;
  decryptStringAsync(bytes: Buffer): Promise<{ readonly result: string }>;
  /** Linux only. */
  getSelectedStorageBackend(): string;
}

export interface VaultOptions {
  readonly safeStorage: SafeStorage;
  readonly platform: NodeJS.Platform;
  /** How long a keychain may take; the system may be asking the person to unlock it. */
  readonly patienceMs?: number;
}

/**
 * Chromium's tag of ciphertexts under the key that is in its source ("peanuts"), used on Linux where no keychain answers
 * (components/os_crypt/async/browser/fallback_linux_key_provider.cc). macOS tags good ciphertexts so too.
 */
const hardCodedKeyTag = 'v10';

const hasTag = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 3)).toString('latin1') === hardCodedKeyTag;

const sessionOnly = (because: string): SecretVault => ({ kind: 'session-only', because });

const noKeychain =
  'This computer has no keychain that Rackside can use. On Linux, GNOME Keyring or KWallet has to run and be unlocked.';

async function probe({ safeStorage, platform }: VaultOptions): Promise<SecretVault> {
  const isLinux = platform === 'linux';
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return sessionOnly(noKeychain);
  if (isLinux) {
    const backend = safeStorage.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown') return sessionOnly(noKeychain);
    // What the backend is called and which key is used are found out apart in Chromium, so the ciphertext itself is asked too.
    if (hasTag(await safeStorage.encryptStringAsync('probe'))) return sessionOnly(noKeychain);
  }
  return {
    kind: 'keychain',
    async encrypt(text) {
      const bytes = await safeStorage.encryptStringAsync(text).catch(unavailable);
      // The keychain may have gone since the start.
      if (isLinux && hasTag(bytes)) return unavailable();
      return bytes;
    },
    async decrypt(bytes) {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(bytes)).catch(unavailable);
      return result;
    },
  };
}

function unavailable(cause?: unknown): never {
  return fail(
    {
      code: 'keychain-unavailable',
      message: 'The keychain of this computer does not answer, or does not know this secret any more.',
      advice: 'Unlock the keychain and try again, or enter the secret for this session only.',
    },
    cause,
  );
}

/** The keychain of the operating system, where it is one. Never throws: what goes wrong is the reason for session-only. */
export async function openVault(options: VaultOptions): Promise<SecretVault> {
  const patience = new AbortController();
  const tooLate = setTimeout(
    options.patienceMs ?? 30_000,
    sessionOnly('The keychain did not answer. Unlock it, then restart Rackside.'),
    {
      signal: patience.signal,
    },
  );
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([probe(options), tooLate]);
  } catch (error) {
    return sessionOnly(
      `The keychain of this computer failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    patience.abort();
  }
}
