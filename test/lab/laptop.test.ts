import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { RegionId } from '#shared/model/ids.ts';
import { isOld } from '#shared/model/reading.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { waitFor } from './lab-api.ts';
import { addLiveRegion, snapshotOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// The laptop loses its network. That is no node's fault, and what was read stays useful, plainly marked old.
const used = useLab();
const laptop = useLaptop(used);
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** Cuts the network once a rate of every node is known, and waits until the region is offline, every node silent and its values old. */
async function cutOff(app: Rackside, region: RegionId): Promise<RegionSnapshot> {
  const isRead = async () => (await snapshotOf(app, region)).nodes.every((node) => node.cpuPercent.kind === 'known');
  await waitFor('a rate of every node is known', isRead, 90_000);
  await used.lab.laptop.cut();
  return waitFor(
    'the region is offline, every node silent and its values old',
    async () => {
      const snapshot = await snapshotOf(app, region);
      const isSilent = snapshot.nodes.every(
        (node) => node.reachability.kind === 'unreachable' && isOld(node.cpuPercent, Date.now()),
      );
      return snapshot.region.connection.kind === 'offline' && isSilent ? snapshot : undefined;
    },
    120_000,
  );
}

test('R22: with the laptop’s network cut no node is Failed: statuses are the last known, values grow old, the network is suspected; it comes back, and everything is live again by itself', async () => {
  const { app, lab, region } = laptop;
  const { region: view, nodes } = await cutOff(app, region);
  expect(nodes.map(({ status }) => [status.status, status.unknownSince !== null])).toEqual(
    nodes.map(() => ['active', true]),
  );
  expect(view.isLaptopSuspect).toBe(true);
  // The nodes themselves are well: only the laptop is cut off.
  expect((await lab.cluster('c1')).nodes.every((node) => node.isOnline)).toBe(true);

  await lab.laptop.restore();
  await waitFor(
    'the region is live and every node reachable',
    async () => {
      const now = await snapshotOf(app, region);
      const isReached = now.nodes.every(
        (node) => node.reachability.kind === 'reachable' && node.status.unknownSince === null,
      );
      return now.region.connection.kind === 'live' && isReached;
    },
    120_000,
  );
});

test('R29: started anew without a network, the same table is there with the age of each value', async () => {
  const data = await temporaryDataFolder();
  let app = await startRackside(data.path);
  try {
    const region = await addLiveRegion(app, used.lab);
    const before = await cutOff(app, region);
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
    await expect.poll(() => page.locator('[data-row]').count(), { timeout: 60_000 }).toBe(4);
    await expect.poll(() => page.locator('body').innerText(), { timeout: 60_000 }).toMatch(/As of \d/u);
    expect(await page.locator('[data-row="member:c1"]').innerText()).toMatch(/\bold\b/u);
  } finally {
    await app.stop();
    await data.remove();
  }
});
