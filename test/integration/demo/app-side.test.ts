import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultDemoOptions, type DemoOptions, type DemoProcess } from '#shared/model/demo.ts';
import { problemOf } from '#shared/problems.ts';
import { startWorld, worldTimes } from '../../../electron/core/demo-region/world.ts';
import { hostKeyOf } from '../../../electron/demo/ssh/host-keys.ts';
import { jumpHost } from '../../../electron/demo/ssh/servers.ts';
import { forkDemo } from '../../../electron/shell/browser/demo-process.ts';
import { regionOf, runApp, type RunningApp } from '../../helpers/running-app.ts';
import { hostKey } from '../../unit/core/db/host-key.ts';
import { behaviours } from './behaviours.ts';

const program = new URL('world-child.ts', import.meta.url);
/** The simulation itself, where the way into it is tried. */
const simulation = new URL('../../../electron/demo/process.ts', import.meta.url);
const apps: RunningApp[] = [];
let started = 0;
let ended: string[] = [];

/** Counts the processes that were started, and how each ended. */
function startProcess(of: URL = program): DemoProcess {
  const child = forkDemo(of);
  started += 1;
  child.onExit((how) => ended.push(how));
  return child;
}

async function run(options: Partial<DemoOptions> = {}, folder?: string, of?: URL): Promise<RunningApp> {
  const demo = { options: { ...defaultDemoOptions, ...options }, startProcess: () => startProcess(of) };
  const app = await runApp({ demo, ...(folder === undefined ? {} : { folder }) });
  apps.push(app);
  return app;
}

/** The code and the words of what a call is refused with. */
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it worked',
    (error: unknown) => `${problemOf(error)?.code ?? 'a bug'}: ${problemOf(error)?.message ?? String(error)}`,
  );

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of apps.splice(0)) await app.close();
  // Whatever a test does, no simulation outlives its app.
  await expect.poll(() => ended.length).toBe(started);
  [started, ended] = [0, []];
});

test('there is one demo region in a data folder; it says that it is one, and its clock where that is fast', async () => {
  const app = await run({ speed: 60 });
  const [first, second] = [await app.call('demo.add', {}), await app.call('demo.add', {})];
  expect(second).toEqual(first);
  expect((await app.call('regions.list', {})).map(({ name, demoLabel }) => [name, demoLabel])).toEqual([
    ['Demo region', 'Demo, clock × 60'],
  ]);
  expect(started).toBe(0);
});

test('a region of a person’s own keeps its name, and is none', async () => {
  const app = await run();
  const login = { user: 'root', port: 22, methods: [{ kind: 'agent' as const }] };
  await app.call('regions.add', regionOf({ name: 'demo region', login, seeds: [{ host: '10.0.0.1', port: 22 }] }));
  await app.call('demo.add', {});
  expect((await app.call('regions.list', {})).map(({ name, demoLabel }) => [name, demoLabel])).toEqual([
    ['demo region', null],
    ['Demo region 2', 'Demo'],
  ]);
});

test('opening it starts its process once, whoever asks, and the list says how it is reached', async () => {
  const app = await run();
  const { id } = await app.call('demo.add', {});
  await Promise.all([app.call('regions.open', { regionId: id }), app.call('regions.open', { regionId: id })]);
  expect(started).toBe(1);
  const [profile] = await app.call('regions.list', {});
  expect(profile).toMatchObject({
    seeds: [
      { host: '10.77.0.1', port: 22 },
      { host: '10.77.0.2', port: 22 },
    ],
    login: { user: 'root', methods: [{ kind: 'password' }] },
    jumps: [{ host: '127.0.0.1', port: 9 }],
  });
  await app.call('regions.close', { regionId: id });
  expect(ended).toEqual(['exit 0']);
});

test('a reset ends the process, deletes every file, and leaves a new region that is told once', async () => {
  const app = await run();
  const before = await app.call('demo.add', {});
  await app.call('regions.open', { regionId: before.id });
  const folder = (id: string): string => join(app.dataFolder, 'regions', id);
  expect(existsSync(folder(before.id))).toBe(true);
  const told = app.events.filter(({ name }) => name === 'regions.changed').length;
  const after = await app.call('demo.reset', {});
  expect(after.id).not.toBe(before.id);
  expect(existsSync(folder(before.id))).toBe(false);
  expect(ended).toEqual(['exit 0']);
  expect(app.events.filter(({ name }) => name === 'regions.changed').length - told).toBe(1);
  expect((await app.call('regions.list', {})).map(({ id }) => id)).toEqual([after.id]);
});

test('after a restart of the app it is there, and opening it begins anew: nothing of the simulation before is shown', async () => {
  const first = await run();
  const { id } = await first.call('demo.add', {});
  await first.call('regions.open', { regionId: id });
  await first.stop();
  const kept = join(first.dataFolder, 'regions', id, 'inventory.sqlite');
  expect(existsSync(kept)).toBe(true);
  const second = await run({}, first.folder);
  const [profile] = await second.call('regions.list', {});
  expect(profile).toMatchObject({ id, demoLabel: 'Demo' });
  expect(await second.call('regions.open', { regionId: id })).toMatchObject({ nodes: [] });
  expect((await second.call('app.info', {})).notices).toEqual([]);
  expect(started).toBe(2);
});

test('a fault is done or refused in the simulation’s own words; nothing of this session is in its environment', async () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/tmp/an-agent');
  const app = await run();
  const { id: regionId } = await app.call('demo.add', {});
  expect(await refusal(app.call('demo.inject', { regionId, fault: { kind: 'heal' } }))).toMatch(/^region-not-open/u);
  await app.call('regions.open', { regionId });
  expect(await app.call('demo.inject', { regionId, fault: { kind: 'heal' } })).toBeNull();
  const words = await refusal(app.call('demo.inject', { regionId, fault: { kind: 'node-dies', node: 'd1' } }));
  expect(words).toMatch(/^demo-fault-refused: The demo region did not do that: d1, /u);
  expect(words).not.toContain('SSH');
  const wrong = app.call('demo.inject', { regionId, fault: { kind: 'node-dies', node: '' } });
  expect(await refusal(wrong)).toMatch(/^invalid-input/u);
});

test('what stands since the last heal is told to every page, each once; a reset begins with nothing', async () => {
  const app = await run();
  const { id: regionId } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  const fault = { kind: 'migration-fails', vm: 'web-001' } as const;
  const other = { kind: 'migration-fails', vm: 'web-002' } as const;
  for (const one of [fault, other, fault]) await app.call('demo.inject', { regionId, fault: one });
  await refusal(app.call('demo.inject', { regionId, fault: { kind: 'node-dies', node: 'd1' } }));
  expect(await app.window().call('demo.faults', { regionId })).toEqual([fault, other]);
  await app.call('demo.inject', { regionId, fault: { kind: 'heal' } });
  expect(await app.call('demo.faults', { regionId })).toEqual([]);
  await app.call('demo.inject', { regionId, fault });
  const { id } = await app.call('demo.reset', {});
  expect(await app.call('demo.faults', { regionId: id })).toEqual([]);
});

test('a simulation that dies is said to have ended, and a reset begins another', async () => {
  const app = await run();
  const { id: regionId } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  const dying = refusal(app.call('demo.inject', { regionId, fault: { kind: 'quorum-lost' } }));
  expect(await dying).toMatch(/^demo-ended: The simulation behind the demo region has ended: exit 7\./u);
  await app.call('regions.retry', { regionId });
  const isSaid = await app.until(regionId, 'said', ({ region: { connection } }) => {
    return connection.kind === 'offline' && connection.problem.code === 'demo-ended';
  });
  expect(isSaid.nodes).toEqual([]);
  const { id } = await app.call('demo.reset', {});
  await app.call('regions.open', { regionId: id });
  expect(started).toBe(2);
});

test('one that does not start says why, leaves no process, and can be tried again', async () => {
  const failing = await run({ seed: behaviours.failing });
  const { id } = await failing.call('demo.add', {});
  for (let tries = 0; tries < 2; tries += 1) {
    expect(await refusal(failing.call('regions.open', { regionId: id }))).toBe(
      'demo-not-started: The demo region was not started: no memory for so many nodes.',
    );
  }
  await failing.stop();
  const dying = await run({ seed: behaviours.dying }, failing.folder);
  expect(await refusal(dying.call('regions.open', { regionId: id }))).toMatch(/^demo-not-started: .*exit 3\.$/u);
});

test('one that says nothing is given up in time', async () => {
  const times = { startMs: 300, faultMs: 300, closeMs: 300 };
  const silent = startWorld(startProcess(), { ...defaultDemoOptions, seed: behaviours.silent }, times);
  expect(await refusal(silent)).toMatch(/^demo-not-started: .*did not answer within 0\.3 s\.$/u);
});

test('more nodes have longer to start', () => {
  expect([48, 5000].map((nodes) => worldTimes(nodes).startMs)).toEqual([61_152, 180_000]);
});

test('a program that is not there is said to be so', async () => {
  const child = forkDemo(new URL('nowhere.ts', import.meta.url));
  expect(await refusal(startWorld(child, defaultDemoOptions))).toMatch(/^demo-not-started: .*exit 1\.$/u);
});

test('no secret of a person’s is taken for it, whatever of it is named, open or not; a real region’s is', async () => {
  const app = await run();
  const demo = await app.call('demo.add', {});
  const login = { user: 'root', port: 22, methods: [{ kind: 'password' as const }] };
  const real = await app.call('regions.add', regionOf({ login, seeds: [{ host: '10.0.0.1', port: 22 }] }));
  const secret = { user: 'root', host: '10.77.0.1', value: 'canary-of-a-person', remember: false } as const;
  const supply = (scope: string, kind: 'password' | 'sudo-password' | 'passphrase') =>
    app.call('secrets.supply', { ...secret, scope, kind, ...(kind === 'passphrase' ? { keyFile: '/k' } : {}) });
  for (const isOpen of [false, true]) {
    if (isOpen) await app.call('regions.open', { regionId: demo.id });
    for (const scope of [demo.id, `${demo.id}/jump/127.0.0.1`, `${demo.id}/node/10.77.0.1`])
      for (const kind of ['password', 'sudo-password', 'passphrase'] as const)
        expect(await refusal(supply(scope, kind))).toMatch(/^not-available: The demo region takes no password/u);
  }
  expect(await refusal(supply(real.id, 'password'))).toBe('it worked');
});

test('what a person’s own known_hosts says of its addresses is not asked: nothing of it stands between the app and the demo', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-app-'));
  const home = join(folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  // A key that the demo's profile trusts beats another one that stands there; only this marker would beat it.
  const revoked = [jumpHost, 'demo-c1', 'demo-c2', 'demo-c3'].map(
    (machine) => `@revoked [127.0.0.1]:*,10.77.* ssh-ed25519 ${hostKeyOf(defaultDemoOptions.seed, machine).keyBase64}`,
  );
  writeFileSync(join(home, '.ssh', 'known_hosts'), `${revoked.join('\n')}\n`);
  vi.stubEnv('HOME', home);
  const app = await run({ nodes: 6 }, folder, simulation);
  const { id } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId: id });
  const { region } = await app.until(id, 'live', (now) => now.region.connection.kind === 'live', 30_000);
  expect(region.questions).toEqual([]);
});

test('its keys are its own, its password is in no file, and nobody edits it', async () => {
  const app = await run({ seed: 77 });
  const { id: regionId, ...profile } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  expect(await app.call('knownHosts.list', {})).toEqual([]);
  const changed = { regionId, keys: [{ host: '10.77.0.1', keyBase64: hostKey('ssh-ed25519', 2) }] };
  expect(await refusal(app.call('knownHosts.trust', changed))).toMatch(/^host-key-changed/u);
  await app.call('knownHosts.forget', { regionId, host: '10.77.0.1' });
  await app.call('knownHosts.trust', changed);
  expect(await app.call('knownHosts.list', {})).toEqual([]);
  const { name, colour, seeds, login, jumps, nodeLogins } = profile;
  const edit = { regionId, region: { name, colour, seeds, login, jumps, nodeLogins } };
  expect(await refusal(app.call('regions.update', edit))).toMatch(/^not-available/u);
  await app.stop();
  expect(readdirSync(app.dataFolder)).toContain('app.sqlite');
  const found = spawnSync('grep', ['-rl', 'canary-of-77', app.folder], { encoding: 'utf8' });
  // 1: it looked everywhere and found none.
  expect([found.status, found.stdout]).toEqual([1, '']);
});
