import { describe, expect, test } from 'vitest';
import { createSecretKeeper } from '../../../../electron/core/region/secret-keeper.ts';
import type { SecretVault } from '../../../../shared/model/secret-vault.ts';
import { problemOf } from '../../../../shared/problems.ts';
import { openTestStore, temporaryFolder } from '../db/store-folder.ts';

const sessionOnly: SecretVault = { kind: 'session-only', because: 'there is no keychain' };
/** A keychain whose ciphertext is not the text. */
const keychain: SecretVault = {
  kind: 'keychain',
  encrypt: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0x5a)),
  decrypt: (bytes) => Promise.resolve(Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString()),
};
const name = { kind: 'password', scope: 'r1', user: 'tech', host: 'c1' } as const;

function keeperOn(repository: ReturnType<typeof openTestStore>['secrets'], vault: SecretVault) {
  const redacted: string[] = [];
  return { ...createSecretKeeper({ vault, repository, redact: (value) => redacted.push(value) }), redacted };
}

describe('a secret', () => {
  test('R25: that should be remembered without a keychain is refused, and nothing of it is kept', async () => {
    const { secrets } = openTestStore(temporaryFolder());
    const keeper = keeperOn(secrets, sessionOnly);
    const error: unknown = await keeper.supply(name, 'hunter2', true).catch((thrown: unknown) => thrown);
    expect(problemOf(error)).toMatchObject({
      code: 'keychain-unavailable',
      message: 'The secret cannot be remembered: there is no keychain.',
    });
    expect(await keeper.get(name)).toBeUndefined();
    expect(await keeperOn(secrets, keychain).get(name)).toBeUndefined();
  });

  test('R25: of the session is gone with it; a remembered one is not, and is never stored in clear', async () => {
    const { secrets } = openTestStore(temporaryFolder());
    const first = keeperOn(secrets, keychain);
    await first.supply(name, 'of the session', false);
    await first.supply({ ...name, user: 'root' }, 'remembered', true);
    expect(await first.get(name)).toBe('of the session');
    const next = keeperOn(secrets, keychain);
    expect(await next.get(name)).toBeUndefined();
    expect(await next.get({ ...name, user: 'root' })).toBe('remembered');
    expect(Buffer.from(secrets.get('["password","r1","root"]') ?? []).toString()).not.toContain('remembered');
  });

  test('R26: is told to the log’s redaction before anybody can use it, also when it comes from the disk', async () => {
    const { secrets } = openTestStore(temporaryFolder());
    const first = keeperOn(secrets, keychain);
    const heard: (readonly string[])[] = [];
    first.onSupplied(() => heard.push([...first.redacted]));
    await first.supply({ ...name, user: 'kim' }, 'of the session', false);
    await first.supply(name, 'canary', true);
    expect(heard).toEqual([['of the session'], ['of the session', 'canary']]);
    const next = keeperOn(secrets, keychain);
    await next.get(name);
    expect(next.redacted).toEqual(['canary']);
  });

  test('serves every node of its scope; another scope, user or kind has its own', async () => {
    const keeper = keeperOn(openTestStore(temporaryFolder()).secrets, keychain);
    await keeper.supply(name, 'one', false);
    expect(await keeper.get({ ...name, host: 'w1' })).toBe('one');
    for (const other of [{ scope: 'r1/node/w1' }, { user: 'root' }, { kind: 'sudo-password' }] as const) {
      expect(await keeper.get({ ...name, ...other })).toBeUndefined();
    }
  });

  test('a passphrase belongs to its key file, whoever uses it', async () => {
    const keeper = keeperOn(openTestStore(temporaryFolder()).secrets, keychain);
    const passphrase = { ...name, kind: 'passphrase', keyFile: '/home/kim/.ssh/id' } as const;
    await keeper.supply(passphrase, 'open', false);
    expect(await keeper.get({ ...passphrase, scope: 'r2', user: 'root' })).toBe('open');
    expect(await keeper.get({ ...passphrase, keyFile: '/home/kim/.ssh/other' })).toBeUndefined();
  });
});

test('R25: forgetting a region forgets what its jump hosts and single nodes had too, in the session and on the disk, and no other’s', async () => {
  const { secrets } = openTestStore(temporaryFolder());
  const keeper = keeperOn(secrets, keychain);
  const scopes = ['r1', 'r1/jump/bastion', 'r1/node/w1', 'r10', 'r10/node/w1'];
  for (const scope of scopes) await keeper.supply({ ...name, scope }, `of ${scope}`, true);
  keeper.forget('r1');
  for (const again of [keeper, keeperOn(secrets, keychain)]) {
    expect(await Promise.all(scopes.map((scope) => again.get({ ...name, scope })))).toEqual([
      undefined,
      undefined,
      undefined,
      'of r10',
      'of r10/node/w1',
    ]);
  }
});
