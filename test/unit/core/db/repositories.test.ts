import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../../../electron/core/db/settings.ts';
import { problemOf } from '../../../../shared/problems.ts';
import { regionId } from '../../../../shared/model/ids.ts';
import { hostKey } from './host-key.ts';
import { newRegion, openTestStore, temporaryFolder } from './store-folder.ts';

function codeThrownBy(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return problemOf(error)?.code ?? String(error);
  }
  return undefined;
}

test('regions are listed as they were added, across a restart', () => {
  const folder = temporaryFolder();
  const first = openTestStore(folder);
  const berlin = first.regions.add(newRegion('Berlin'));
  const oslo = first.regions.add(newRegion('Oslo'), { isDemo: true });
  first.close();
  const second = openTestStore(folder);
  expect(second.regions.list()).toEqual([berlin, oslo]);
  expect(berlin).toEqual({ ...newRegion('Berlin'), id: berlin.id, demoLabel: null });
  expect(oslo.demoLabel).toBe('Demo');
});

test('a region name is taken whatever the case of its letters, and free again for the region itself', () => {
  const store = openTestStore(temporaryFolder());
  const berlin = store.regions.add(newRegion('Berlin'));
  const oslo = store.regions.add(newRegion('Oslo'));
  expect(codeThrownBy(() => store.regions.add(newRegion('BERLIN')))).toBe('region-name-taken');
  expect(codeThrownBy(() => store.regions.update(oslo.id, newRegion('berlin')))).toBe('region-name-taken');
  expect(store.regions.update(berlin.id, newRegion('BERLIN')).name).toBe('BERLIN');
  expect(store.regions.list().map(({ name }) => name)).toEqual(['BERLIN', 'Oslo']);
});

test('removing a region closes its inventory and deletes its folder; an unknown one is a problem', () => {
  const folder = temporaryFolder();
  const store = openTestStore(folder);
  const { id } = store.regions.add(newRegion('Berlin'));
  store.openInventory(id).saveMeta('cluster', '{}', 5);
  expect(existsSync(join(folder, 'regions', id, 'inventory.sqlite'))).toBe(true);
  store.regions.remove(id);
  expect(existsSync(join(folder, 'regions', id))).toBe(false);
  expect(store.regions.list()).toEqual([]);
  expect(codeThrownBy(() => store.regions.remove(id))).toBe('region-not-found');
  expect(codeThrownBy(() => store.regions.update(id, newRegion('Berlin')))).toBe('region-not-found');
});

test('a setting that was never set has its default, and one that is set stays', () => {
  const folder = temporaryFolder();
  const first = openTestStore(folder);
  expect(first.settings.get()).toEqual(defaultSettings);
  expect(first.settings.set({ theme: 'dark', fastIntervalMs: 2000 })).toEqual({
    ...defaultSettings,
    theme: 'dark',
    fastIntervalMs: 2000,
  });
  first.close();
  expect(openTestStore(folder).settings.get().fastIntervalMs).toBe(2000);
});

test('what was learnt of updates outlives the program, and is no setting', () => {
  const folder = temporaryFolder();
  const first = openTestStore(folder);
  expect(first.updateMemory.get()).toBeNull();
  first.updateMemory.set('{"announced":null}');
  first.settings.set({ updateFeedUrl: 'https://updates.example.net/' });
  first.close();
  const second = openTestStore(folder);
  expect(second.updateMemory.get()).toBe('{"announced":null}');
  expect(second.settings.get()).toEqual({ ...defaultSettings, updateFeedUrl: 'https://updates.example.net/' });
});

test('view settings come back as the text they were', () => {
  const store = openTestStore(temporaryFolder());
  expect(store.views.get('nodes')).toBeNull();
  store.views.set('nodes', '{"sort":"name"}');
  store.views.set('nodes', '{"sort":"status"}');
  expect(store.views.get('nodes')).toBe('{"sort":"status"}');
});

test('R24: a host that holds another key is refused with both keys, and then nothing of that answer is trusted', () => {
  const store = openTestStore(temporaryFolder());
  const old = hostKey('ssh-ed25519', 1);
  store.knownHosts.trust([{ host: 'Node-1', keyBase64: old }]);
  let evidence: unknown;
  try {
    store.knownHosts.trust([
      { host: 'node-2', keyBase64: hostKey('ssh-ed25519', 2) },
      { host: 'node-1', keyBase64: hostKey('ssh-ed25519', 3) },
    ]);
  } catch (error) {
    expect(problemOf(error)?.code).toBe('host-key-changed');
    evidence = problemOf(error)?.evidence;
  }
  const [held] = store.knownHosts.find('node-1');
  expect(evidence).toMatchObject({
    kind: 'host-key',
    host: 'node-1',
    shownKeyBase64: hostKey('ssh-ed25519', 3),
    known: [{ type: 'ssh-ed25519', fingerprint: held?.fingerprint }],
    consoleCommand: 'ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub',
  });
  expect(store.knownHosts.list().map(({ host, keyBase64 }) => ({ host, keyBase64 }))).toEqual([
    { host: 'node-1', keyBase64: old },
  ]);
});

test('R24: another type of key for a host that is known is another key; several types in one answer are one identity', () => {
  const store = openTestStore(temporaryFolder());
  const keys = [
    { host: '[node-1]:2222', keyBase64: hostKey('ssh-ed25519', 1) },
    { host: '[node-1]:2222', keyBase64: hostKey('ecdsa-sha2-nistp256', 1) },
  ];
  store.knownHosts.trust(keys);
  store.knownHosts.trust(keys);
  expect(store.knownHosts.find('[NODE-1]:2222').map(({ type }) => type)).toEqual([
    'ecdsa-sha2-nistp256',
    'ssh-ed25519',
  ]);
  const rsa = [{ host: '[node-1]:2222', keyBase64: hostKey('ssh-rsa', 1) }];
  expect(codeThrownBy(() => store.knownHosts.trust(rsa))).toBe('host-key-changed');
  store.knownHosts.forget('[node-1]:2222');
  store.knownHosts.trust(rsa);
  expect(store.knownHosts.list().map(({ type }) => type)).toEqual(['ssh-rsa']);
  expect(codeThrownBy(() => store.knownHosts.trust([{ host: 'x', keyBase64: 'AAAA' }]))).toBe('invalid-input');
});

test('a remembered secret is an opaque blob that goes with its scope', () => {
  const store = openTestStore(temporaryFolder());
  store.secrets.set('a', 'region-1', Uint8Array.of(1, 2, 255));
  store.secrets.set('b', 'region-2', Uint8Array.of(3));
  expect([...(store.secrets.get('a') ?? [])]).toEqual([1, 2, 255]);
  store.secrets.forgetScope('region-1');
  expect(store.secrets.get('a')).toBeUndefined();
  expect(store.secrets.get('b')).toBeDefined();
});

test('a notice is said once, told to whoever listens, and stays until it is dismissed', () => {
  const folder = temporaryFolder();
  const first = openTestStore(folder);
  const heard: string[] = [];
  first.notices.subscribe(({ message }) => heard.push(message));
  const notice = { level: 'warning', message: 'Something was lost.', advice: 'Look.' } as const;
  first.notices.add(notice);
  first.notices.add(notice);
  expect(heard).toEqual(['Something was lost.']);
  first.close();
  const second = openTestStore(folder);
  const [kept] = second.notices.list();
  expect(kept).toMatchObject(notice);
  second.notices.dismiss(kept?.id ?? '');
  second.close();
  expect(openTestStore(folder).notices.list()).toEqual([]);
});

test('cached parts of nodes come back with their own read times, and go with their node', () => {
  const folder = temporaryFolder();
  const store = openTestStore(folder);
  const id = regionId('r1');
  const inventory = store.openInventory(id);
  inventory.saveNodes('row', [
    { id: 'member:b', json: '{"n":2}', readAt: 20 },
    { id: 'member:a', json: '{"n":1}', readAt: 10 },
  ]);
  inventory.saveNodes('detail', [{ id: 'member:a', json: '{"d":1}', readAt: 11 }]);
  inventory.saveMeta('cluster', '{"dc":"a"}', 30);
  inventory.close();
  const again = store.openInventory(id);
  expect(again.loadNodes('row')).toEqual([
    { id: 'member:a', json: '{"n":1}', readAt: 10 },
    { id: 'member:b', json: '{"n":2}', readAt: 20 },
  ]);
  expect(again.loadNode('detail', 'member:a')).toEqual({ id: 'member:a', json: '{"d":1}', readAt: 11 });
  expect(again.loadMeta('cluster')).toEqual({ json: '{"dc":"a"}', readAt: 30 });
  again.removeNodes(['member:a']);
  expect(again.loadNodes('detail')).toEqual([]);
  expect(again.loadNodes('row').map((part) => part.id)).toEqual(['member:b']);
});

test('an operation and its commands are on the disk before they are answered, and unfinished ones are found', () => {
  const store = openTestStore(temporaryFolder());
  const { operations, journal, events } = store.openInventory(regionId('r1'));
  const operation = { id: 'o1', nodeId: 'member:a', command: 'maintain', json: '{}', startedAt: 100, endedAt: null };
  operations.save(operation);
  const command = { operationId: 'o1', step: 'standby', host: 'a', command: 'crm_standby -v on', startedAt: 101 };
  const first = journal.begin(command);
  const second = journal.begin({ ...command, step: 'verify', startedAt: 102 });
  journal.end(first, { endedAt: 103, exitStatus: 0, stdout: 'done', stderr: '' });
  expect(journal.list('o1')).toEqual([
    { ...command, sequence: first, endedAt: 103, exitStatus: 0, stdout: 'done', stderr: '', isIntact: true },
    {
      ...command,
      step: 'verify',
      startedAt: 102,
      sequence: second,
      endedAt: null,
      exitStatus: null,
      stdout: '',
      stderr: '',
      isIntact: true,
    },
  ]);
  expect(operations.unfinished()).toEqual([{ ...operation, isIntact: true }]);
  operations.save({ ...operation, endedAt: 110 });
  expect(operations.unfinished()).toEqual([]);
  expect(operations.list(5)).toEqual([{ ...operation, endedAt: 110, isIntact: true }]);
  events.add([
    { nodeId: 'member:a', json: '"old"', at: 1 },
    { nodeId: 'member:b', json: '"new"', at: 2 },
  ]);
  expect(events.list({ limit: 9 }).map(({ json }) => json)).toEqual(['"new"', '"old"']);
  expect(events.list({ nodeId: 'member:a', limit: 9 })).toEqual([{ nodeId: 'member:a', json: '"old"', at: 1 }]);
  expect(events.dropBefore(2)).toBe(1);
});

test.skipIf(process.platform === 'win32')('only the owner may enter the data folder or read a file of it', () => {
  const folder = temporaryFolder();
  const store = openTestStore(folder);
  store.openInventory(regionId('r1')).saveMeta('cluster', '{}', 1);
  const mode = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8);
  expect(['', 'regions', 'regions/r1'].map((name) => mode(name))).toEqual(['700', '700', '700']);
  const files = ['app.sqlite', 'app.sqlite-wal', 'regions/r1/inventory.sqlite', 'regions/r1/inventory.sqlite-wal'];
  expect([...files, 'lock.sqlite', 'instance.json', 'ballast'].map((name) => mode(name))).toEqual(
    Array.from({ length: 7 }, () => '600'),
  );
});
