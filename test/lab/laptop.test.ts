import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { isOld } from '#shared/model/reading.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { addLiveRegion, snapshotOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// The laptop loses its network. That is no node's fault, and what was read stays useful, plainly marked old.
let lab: Lab;
let app: Rackside;
let browser: Browser;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
  await waitFor(
    'a rate of every node is known',
    async () => (await snapshotOf(app, region)).nodes.every((node) => node.cpuPercent.kind === 'known'),
    30_000,
  );
  browser = await launchBrowser();
});

afterAll(async () => {
  await lab.laptop.restore();
  await browser.close();
  await app.stop();
  await data.remove();
  await lab.down();
});

test('R22: with the laptop’s network cut no node is Failed: statuses are the last known, values grow old, the network is suspected', async () => {
  await lab.laptop.cut();
  const { region: view, nodes } = await waitFor(
    'the region is offline, every node silent and its values old',
    async () => {
      const snapshot = await snapshotOf(app, region);
      const isSilent = snapshot.nodes.every(
        (node) => node.reachability.kind === 'unreachable' && isOld(node.cpuPercent, Date.now()),
      );
      return snapshot.region.connection.kind === 'offline' && isSilent ? snapshot : undefined;
    },
    90_000,
  );
  expect(nodes.map(({ status }) => [status.status, status.unknownSince !== null])).toEqual(
    nodes.map(() => ['active', true]),
  );
  expect(view.isLaptopSuspect).toBe(true);
  // The nodes themselves are well: only the laptop is cut off.
  expect((await lab.cluster('c1')).nodes.every((node) => node.isOnline)).toBe(true);
});

test('R29: started anew without a network, the same table is there with the age of each value', async () => {
  const before = await snapshotOf(app, region);
  await app.stop();
  app = await startRackside(data.path);
  const after = await app.call('regions.open', { regionId: region });
  const shown = (nodes: typeof after.nodes) =>
    nodes.map((node) => ({
      name: node.name,
      status: node.status.status,
      cpu: node.cpuPercent.kind === 'known' ? node.cpuPercent.value : null,
      readAt: node.cpuPercent.kind === 'known' ? node.cpuPercent.readAt : null,
      storage: node.storageBytes.kind === 'known' ? node.storageBytes.value : null,
    }));
  expect(shown(after.nodes)).toEqual(shown(before.nodes));
  expect(after.nodes.every((node) => node.status.unknownSince !== null)).toBe(true);

  const page = await browser.newPage();
  await page.goto(await app.url());
  await expect.poll(() => page.locator('[data-row]').count(), { timeout: 15_000 }).toBe(4);
  await expect.poll(() => page.locator('body').innerText(), { timeout: 15_000 }).toMatch(/As of \d/u);
  expect(await page.locator('[data-row="member:c1"]').innerText()).toMatch(/\bold\b/u);
});

test('with the network back, everything is live again by itself', async () => {
  await lab.laptop.restore();
  await waitFor(
    'the region is live and every node reachable',
    async () => {
      const { region: view, nodes } = await snapshotOf(app, region);
      const isReached = nodes.every(
        (node) => node.reachability.kind === 'reachable' && node.status.unknownSince === null,
      );
      return view.connection.kind === 'live' && isReached;
    },
    120_000,
  );
});
