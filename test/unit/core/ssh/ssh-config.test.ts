import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createImportHost } from '../../../../electron/core/ssh/ssh-config.ts';
import { problemFrom } from '../../../helpers/ssh-pool.ts';

/** An importer over a `~/.ssh` with these files. */
function over(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'rackside-config-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, '.ssh');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const environment = { HOME: home, KEYS: '/keys/%h' };
  const importHost = createImportHost({
    configFile: join(folder, 'config'),
    user: { home, name: 'tech', environment },
  });
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
    { host: 'gate.example.org', port: 22, user: 'gatekeeper', keyFiles: [] },
    { host: '10.0.0.2', port: 2200, user: 'admin', keyFiles: [] },
    { host: 'fd00::1', port: 2201, user: null, keyFiles: [] },
    { host: 'last', port: 22, user: 'lastuser', keyFiles: [] },
  ]);
  expect((await importHost('direct')).jumps).toEqual([]);
  const gate = [{ host: 'gate.example.org', port: 22, user: 'gatekeeper', keyFiles: [] }];
  expect((await importHost('older')).jumps).toEqual(gate);
  expect((await importHost('old')).jumps).toEqual(gate);
  for (const name of ['strange', 'circle'])
    expect((await problemFrom(importHost(name))).code, name).toBe('ssh-config-unreadable');
});

test('a jump host has the keys, the user and the port of its own Host blocks, and nothing of the target’s', async () => {
  const { home, folder, importHost } = over({
    config: [
      'Host inner',
      '  User root',
      '  Port 2222',
      '  IdentityFile ~/.ssh/inner',
      '  ProxyJump ops@gate:2022,plain',
      'Host gate',
      '  HostName %h.example.org',
      '  User unused',
      '  Port 99',
      '  IdentityFile ~/.ssh/%r_%h_%p',
      'Host gate inner',
      '  IdentityFile ~/.ssh/shared',
    ].join('\n'),
  });
  expect(await importHost('inner')).toEqual({
    host: 'inner',
    port: 2222,
    user: 'root',
    keyFiles: [`${home}/.ssh/inner`, `${home}/.ssh/shared`],
    jumps: [
      {
        host: 'gate.example.org',
        port: 2022,
        user: 'ops',
        keyFiles: [`${home}/.ssh/ops_gate.example.org_2022`, `${home}/.ssh/shared`],
      },
      { host: 'plain', port: 22, user: null, keyFiles: [] },
    ],
    from: [3, 2, 4, 12, 5, 7, 10].map((line) => `${folder}/config:${line}`),
  });
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

test('Include has wildcards in every part of a path, as glob(7) has them', async () => {
  const { importHost } = over({
    config: 'Include conf.d/*/config ${HOME}/.ssh/more/[!b]?/c* conf.d/[z-a] conf.d/*\nHost *\n  Port 2000\n',
    'conf.d/a/config': 'Host node1\n  Port 2001\n',
    'conf.d/b/config': 'Host node1\n  Port 1\nHost node2\n  Port 2002\n',
    'conf.d/.hidden/config': 'Host node3\n  Port 1\n',
    'conf.d/plain': 'Host node4\n  Port 2004\n',
    'more/ax/config': 'Host node5\n  Port 2005\n',
    'more/bx/config': 'Host node6\n  Port 1\n',
  });
  const found = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => importHost(`node${number}`)));
  expect(found.map(({ port }) => port)).toEqual([2001, 2002, 2000, 2004, 2005, 2000]);
});

test('a key file may be written with environment variables; a relative one stands in the home folder, where a terminal begins', async () => {
  const { home, importHost } = over({
    config: [
      'Host node1',
      '  IdentityFile ${HOME}/.ssh/%h',
      '  IdentityFile "${KEYS}/%%h"',
      '  IdentityFile .ssh/fra',
      '  IdentityFile ~tech/own',
    ].join('\n'),
  });
  expect((await importHost('node1')).keyFiles).toEqual([
    `${home}/.ssh/node1`,
    // What a variable holds is not looked through for tokens.
    '/keys/%h/%h',
    `${home}/.ssh/fra`,
    `${home}/own`,
  ]);
});

test.each([
  ['Port abc', 'Port abc is no number', 'config:2'],
  ['Port 65536', 'Port 65536 is no number', 'config:2'],
  ['IdentityFile ${NOT_SET}/key', 'variable NOT_SET is not set', 'config:2'],
  ['IdentityFile ~kim/key', 'home folder of kim', 'config:2'],
  ['ProxyJump gate:65536', 'gate:65536', 'config:2'],
  ['ProxyJump broken', 'Port xyz is no number', 'config:4'],
] as const)('“%s” is not guessed at: it is told with its file and line', async (line, words, place) => {
  const { folder, importHost } = over({ config: `Host node1\n  ${line}\nHost broken\n  Port xyz\n` });
  const { code, message } = await problemFrom(importHost('node1'));
  expect([code, message]).toEqual(['ssh-config-unreadable', expect.stringContaining(words)]);
  expect(message).toContain(`The settings of node1 in ${folder}/${place} cannot be used`);
  expect((await importHost('node2')).port).toBe(22);
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
  ['an Include with an environment variable that is not set', { config: 'Include ${NOT_SET}/config\n' }],
  ['files that include each other', { config: 'Include config\n' }],
] as const)('%s is told as a problem that names the file', async (_name, files) => {
  const { folder, importHost } = over(files);
  const problem = await problemFrom(importHost('node1'));
  expect([problem.code, problem.message.includes(`${folder}/config`)]).toEqual(['ssh-config-unreadable', true]);
});
