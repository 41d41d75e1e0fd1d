import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../electron/core/log/log.ts';
import { openStore } from '../../../electron/core/db/store.ts';
import { newRegion, temporaryFolder } from '../../unit/core/db/store-folder.ts';
import { filesUnder } from './folders.ts';

const canary = 'cAnary-9f3 "quoted" \\ ünd/+&';

function placesOf(folder: string, needle: Buffer): readonly string[] {
  return filesUnder(folder)
    .filter(({ bytes }) => bytes.includes(needle))
    .map(({ path }) => path.slice(folder.length));
}

test('R25, R26: a secret that was used, logged and remembered in encrypted form is found nowhere in the data folder', () => {
  const folder = temporaryFolder();
  const log = createLog({ folder: join(folder, 'logs'), now: () => Date.now(), level: 'debug' });
  log.redactor.addSecret(canary);
  const store = openStore(folder, { now: () => Date.now(), log });
  const ciphertext = Uint8Array.from(Buffer.from(canary), (byte) => byte ^ 0x5a);
  const { id } = store.regions.add(newRegion('Berlin'));
  store.secrets.set('password root@n1', id, ciphertext);
  store.openInventory(id).saveMeta('x', '{}', 1);
  log.info(`logged in with ${canary}`, { password: canary, url: `http://x/?q=${encodeURIComponent(canary)}` });
  log.debug('stdin', { bytes: Buffer.from(canary).toString('base64'), error: new Error(canary) });
  store.close();
  log.close();
  const forms = [
    canary,
    'cAnary-9f3',
    JSON.stringify(canary).slice(1, -1),
    encodeURIComponent(canary),
    Buffer.from(canary).toString('base64'),
    Buffer.from(canary).toString('hex'),
  ];
  expect(forms.flatMap((form) => placesOf(folder, Buffer.from(form)))).toEqual([]);
  expect(placesOf(folder, Buffer.from('[redacted]'))).toEqual(['/logs/rackside.log']);
});

test('R25: a secret that is forgotten leaves not even its ciphertext in any file', () => {
  const folder = temporaryFolder();
  const options = { now: () => Date.now(), log: { warn: () => undefined } };
  const store = openStore(folder, options);
  onTestFinished(() => {
    store.close();
  });
  const ciphertext = Buffer.from('ciphertext-of-a-secret-0123456789');
  store.secrets.set('key', 'scope', ciphertext);
  store.close();
  expect(placesOf(folder, ciphertext).toSorted()).toEqual(['/app.sqlite', '/backups/app-spare.sqlite']);
  const second = openStore(folder, options);
  second.secrets.forgetScope('scope');
  second.close();
  expect(placesOf(folder, ciphertext)).toEqual([]);
});
