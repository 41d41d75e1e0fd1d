import { expect, test } from 'vitest';
import { openVault } from '../../../electron/shell/desktop/vault.ts';
import type { SafeStorage } from '../../../electron/shell/desktop/vault.ts';

/** A keychain that tags its ciphertexts as Chromium does: `v11` under a key of the keychain, `v10` under the hard-coded one. */
function keychain(changes: Partial<SafeStorage> = {}, tag = 'v11'): SafeStorage {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(`${tag}${Buffer.from(text).toString('hex')}`)),
    decryptStringAsync: (bytes) =>
      Promise.resolve({ result: Buffer.from(bytes.toString('latin1').slice(3), 'hex').toString() }),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...changes,
  };
}

test('R25: a keychain that answers encrypts and decrypts', async () => {
  const vault = await openVault({ safeStorage: keychain(), platform: 'linux' });
  if (vault.kind !== 'keychain') throw new Error(vault.because);
  const bytes = await vault.encrypt('canary-5');
  expect(Buffer.from(bytes).toString()).not.toContain('canary-5');
  expect(await vault.decrypt(bytes)).toBe('canary-5');
});

test('R25: without a keychain secrets are for the session only, and the reason is told', async () => {
  const none = keychain({ isAsyncEncryptionAvailable: () => Promise.resolve(false) });
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(await openVault({ safeStorage: none, platform })).toEqual({
      kind: 'session-only',
      because: expect.stringContaining('no keychain') as string,
    });
  }
});

test('R25: Linux’s basic_text and unknown backends are no keychain, though they say that they encrypt', async () => {
  for (const backend of ['basic_text', 'unknown']) {
    const vault = await openVault({
      safeStorage: keychain({ getSelectedStorageBackend: () => backend }),
      platform: 'linux',
    });
    expect([backend, vault.kind]).toEqual([backend, 'session-only']);
  }
});

test('R25: a ciphertext under Chromium’s hard-coded key (v10) is refused on Linux, whatever the backend is called', async () => {
  expect((await openVault({ safeStorage: keychain({}, 'v10'), platform: 'linux' })).kind).toBe('session-only');
});

test('R25: on macOS v10 is the tag of the keychain’s own key, and Linux’s backend is not asked for', async () => {
  const asked = keychain(
    { getSelectedStorageBackend: () => Promise.reject(new Error('not on this system')) as never },
    'v10',
  );
  expect((await openVault({ safeStorage: asked, platform: 'darwin' })).kind).toBe('keychain');
});

test('R25: a keychain that goes away later stores nothing under the hard-coded key', async () => {
  let tag = 'v11';
  const storage = keychain({ encryptStringAsync: () => Promise.resolve(Buffer.from(`${tag}…`)) });
  const vault = await openVault({ safeStorage: storage, platform: 'linux' });
  tag = 'v10';
  if (vault.kind !== 'keychain') throw new Error(vault.because);
  await expect(vault.encrypt('canary')).rejects.toMatchObject({ problem: { code: 'keychain-unavailable' } });
});

test('a keychain that fails or hangs is a reason, not an error', async () => {
  const failing = keychain({ isAsyncEncryptionAvailable: () => Promise.reject(new Error('no D-Bus')) });
  expect(await openVault({ safeStorage: failing, platform: 'linux' })).toEqual({
    kind: 'session-only',
    because: 'The keychain of this computer failed: no D-Bus',
  });
  const hanging = keychain({ encryptStringAsync: () => new Promise<Buffer>(() => {}) });
  expect(await openVault({ safeStorage: hanging, platform: 'linux', patienceMs: 20 })).toEqual({
    kind: 'session-only',
    because: 'The keychain did not answer. Unlock it, then restart Rackside.',
  });
});

test('a secret that the keychain does not know any more is a problem with advice', async () => {
  const storage = keychain({ decryptStringAsync: () => Promise.reject(new Error('bad decrypt')) });
  const vault = await openVault({ safeStorage: storage, platform: 'win32' });
  if (vault.kind !== 'keychain') throw new Error(vault.because);
  await expect(vault.decrypt(new Uint8Array(3))).rejects.toMatchObject({ problem: { code: 'keychain-unavailable' } });
});
