import { spawnSync } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, afterAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import type { LoginSettings } from '#shared/model/region.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { isOver, startActivate, startMaintenance, untilOperation } from './node-operations.ts';
import {
  addLiveRegion,
  labRegion,
  makeLive,
  snapshotOf,
  startRackside,
  temporaryDataFolder,
  type Rackside,
} from './rackside.ts';

// Who is not root sees what that login may see, and is told what it may not and why.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
});
afterAll(async () => {
  await lab.down();
});
beforeEach(async () => {
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
});
afterEach(async () => {
  await app.stop();
  await data.remove();
});

const as = (user: string): LoginSettings => ({
  user,
  port: 22,
  methods: [{ kind: 'private-key', keyFile: lab.keyFile }],
});

const detailOf = (region: RegionId, name: string) =>
  app.call('nodes.detail', { regionId: region, nodeId: `member:${name}` as never });

test('a login in the cluster’s group, without sudo’s password, sees the cluster and its VMs, and no node is called unreachable', async () => {
  const region = await addLiveRegion(app, lab, { login: as('tech') });
  await waitFor('the slow facts are read', async () => (await detailOf(region, 'c2')).pools.kind !== 'unknown', 60_000);
  const detail = await detailOf(region, 'c2');
  expect(detail.row.reachability).toMatchObject({ kind: 'reachable' });
  expect(detail.domains.kind).toBe('known');
  // The serial number is root's to read; the lab's containers have none, so what is unknown says why and nothing else is lost.
  expect(detail.system.kind === 'known' && detail.system.value.hostname).toBe('c2');
});

/** A region whose login has to use sudo, and a password for it. */
async function addSudoRegion(): Promise<RegionId> {
  const { id } = await app.call('regions.add', labRegion(lab, { login: as('tech') }));
  const password = {
    scope: id,
    kind: 'sudo-password',
    user: 'tech',
    host: '',
    value: 'lab-tech',
    remember: false,
  } as const;
  await app.call('secrets.supply', password);
  await makeLive(app, lab, id);
  return id;
}

test('R26: with sudo by password the same login sees what root sees; the password is in no file, no log and no process list', async () => {
  const id = await addSudoRegion();
  await waitFor('the slow facts are read', async () => (await detailOf(id, 'c2')).pools.kind === 'known', 60_000);
  const whoami = lab.node('c2').mustExec('ps -eo args');
  expect(await whoami).toContain('sudo');
  expect(await whoami).not.toContain('lab-tech');
  const found = spawnSync('grep', ['-rlaF', 'lab-tech', data.path], { encoding: 'utf8' });
  expect(found.stdout).toBe('');
});

test('R23: a login that has to use sudo services the very control node that its region is read from, and brings it back', async () => {
  const region = await addSudoRegion();
  const { region: view } = await snapshotOf(app, region);
  const via = view.connection.kind === 'live' ? view.connection.via : '';
  // Six channels are all that there is to one node, and a login with sudo has a use for each of them.
  await waitFor('all of it is read', async () => (await detailOf(region, via)).pools.kind === 'known', 60_000);
  const { id } = await startMaintenance(app, region, via);
  expect((await untilOperation(app, region, id, isOver)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  const back = await startActivate(app, region, via, { bringsVmsHome: false });
  expect((await untilOperation(app, region, back.id, isOver)).state).toMatchObject({
    kind: 'ended',
    outcome: 'succeeded',
  });
});

test('a login without any rights is told that the cluster does not let it read, and what to do', async () => {
  const { id } = await app.call('regions.add', labRegion(lab, { login: as('bare') }));
  await app.call('regions.open', { regionId: id });
  const problem = await waitFor(
    'the region says why it cannot be read',
    async () => {
      const { region } = await snapshotOf(app, id);
      const keys = region.questions.flatMap(({ problem: { evidence } }) =>
        evidence?.kind === 'host-key' ? [{ host: evidence.host, keyBase64: evidence.shownKeyBase64 }] : [],
      );
      if (keys.length > 0) {
        await app.call('knownHosts.trust', { keys });
        await app.call('regions.retry', { regionId: id });
      }
      const { connection } = region;
      return connection.kind === 'offline' && connection.problem.code.startsWith('sudo')
        ? connection.problem
        : undefined;
    },
    60_000,
  );
  expect(problem.advice).not.toBe('');
});

test('R24: a region behind a jump host is reached through it; the jump host’s own key is asked for first', async () => {
  const worker = lab.node('w1');
  const region = await addLiveRegion(app, lab, {
    seeds: [{ host: lab.node('c1').address, port: 22 }],
    jumps: [{ host: worker.address, port: 22, login: as('tech') }],
  });
  const { nodes, region: view } = await snapshotOf(app, region);
  expect(view.connection.kind).toBe('live');
  expect(nodes.map((node) => node.reachability.kind)).toEqual(nodes.map(() => 'reachable'));
  // The nodes themselves say who is logged in: the jump host, not the laptop.
  const peers = await lab.node('c2').mustExec("ss -Htn state established '( sport = :22 )' | awk '{print $4}'");
  expect(peers).toContain(worker.address);
  const { row } = await detailOf(region, 'c2');
  expect(row.cpuPercent.kind).not.toBe('none');
});
