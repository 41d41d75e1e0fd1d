import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createImportHost } from '../../../../electron/core/ssh/ssh-config.ts';
import { problemFrom } from '../../../helpers/ssh-pool.ts';

/** An importer over a `~/.ssh` with these files. */
function over(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'rackside-config-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, '.ssh');
  mkdirSync(join(folder, 'conf.d'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const importHost = createImportHost({ configFile: join(folder, 'config'), user: { home, name: 'tech' } });
  return { home, folder, importHost };
}

test('a host’s settings are found, with the file and line of each', async () => {
  const { home, folder, importHost } = over({
    config: [
      '# my region',
      'Host node1 node2',
      '  HostName %h.example.org',
      '  Port=2222',
      '  User "root"',
      '  IdentityFile ~/.ssh/%r_%h_%p',
      '\tIdentityFile = "/keys/with space"',
      'Host *',
      '  User nobody',
      '  IdentityFile %d/.ssh/id_ed25519',
    ].join('\n'),
  });
  expect(await importHost('node1')).toEqual({
    host: 'node1.example.org',
    port: 2222,
    user: 'root',
    keyFiles: [`${home}/.ssh/root_node1.example.org_2222`, '/keys/with space', `${home}/.ssh/id_ed25519`],
    jumps: [],
    from: [3, 4, 5, 6, 7, 10].map((line) => `${folder}/config:${line}`),
  });
});

test('the first value of a keyword wins, and a negated pattern keeps a host out', async () => {
  const { importHost } = over({
    config: 'User first\nHost node* !node9\n  User second\n  Port 24\nHost node9\n  Port 99\n',
  });
  expect((await importHost('node1')).user).toBe('first');
  expect([
    (await importHost('node1')).port,
    (await importHost('node9')).port,
    (await importHost('other')).port,
  ]).toEqual([24, 99, 22]);
});

test('jump hosts are resolved by their own settings, with the hop before the first one', async () => {
  const { importHost } = over({
    config: [
      'Host inner',
      '  ProxyJump admin@middle:2200,[fd00::1]:2201,last',
      'Host middle',
      '  HostName 10.0.0.2',
      '  ProxyJump outer',
      'Host outer',
      '  HostName gate.example.org',
      '  User gatekeeper',
      'Host last',
      '  User lastuser',
      '  ProxyJump outer',
      'Host direct',
      '  ProxyJump none',
      'Host old',
      '  ProxyCommand ssh -q outer -W %h:%p',
      'Host older',
      '  ProxyCommand ssh -W %h:%p outer',
      'Host strange',
      '  ProxyCommand /usr/bin/nc -X 5 %h %p',
      'Host circle',
      '  ProxyJump circle',
    ].join('\n'),
  });
  expect((await importHost('inner')).jumps).toEqual([
    { host: 'gate.example.org', port: 22, user: 'gatekeeper' },
    { host: '10.0.0.2', port: 2200, user: 'admin' },
    { host: 'fd00::1', port: 2201, user: null },
    { host: 'last', port: 22, user: 'lastuser' },
  ]);
  expect((await importHost('direct')).jumps).toEqual([]);
  const gate = [{ host: 'gate.example.org', port: 22, user: 'gatekeeper' }];
  expect((await importHost('older')).jumps).toEqual(gate);
  expect((await importHost('old')).jumps).toEqual(gate);
  for (const name of ['strange', 'circle'])
    expect((await problemFrom(importHost(name))).code, name).toBe('ssh-config-unreadable');
});

test('Include reads files beside the config, and holds only where its Host block does', async () => {
  const { importHost } = over({
    config: 'Include conf.d/*.conf missing.conf\nHost node5\n  Include only5\nHost *\n  Port 2000\n',
    'conf.d/a.conf': 'Host node3\n  Port 2003\n',
    'conf.d/b.txt': 'Port 1\n',
    only5: 'User five\n',
  });
  const [three, four, five] = await Promise.all(['node3', 'node4', 'node5'].map((name) => importHost(name)));
  expect([three?.port, four?.port, five?.user, four?.user]).toEqual([2003, 2000, 'five', null]);
});

test('Match all and Match host are understood, and Match exec is never run', async () => {
  const { folder, importHost } = over({
    config: 'Match exec "touch ~/ran"\n  User evil\nMatch host node1,node2\n  User matched\nMatch all\n  Port 77\n',
  });
  expect(await importHost('node1')).toMatchObject({ user: 'matched', port: 77 });
  expect((await importHost('node3')).user).toBeNull();
  expect(folder).toBeTruthy();
});

test.each([
  ['a missing file', {}],
  ['a quotation mark that is not closed', { config: 'Host a\n  User "x\n' }],
  ['a keyword without a value', { config: 'Host\n' }],
  ['files that include each other', { config: 'Include config\n' }],
] as const)('%s is told as a problem that names the file', async (_name, files) => {
  const { folder, importHost } = over(files);
  const problem = await problemFrom(importHost('node1'));
  expect([problem.code, problem.message.includes(`${folder}/config`)]).toEqual(['ssh-config-unreadable', true]);
});
