import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { startLab, type Lab } from './lab-api.ts';
import { addLiveRegion, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// One thread through the whole house: a real node's own answer, and the cell a person reads it in.
let lab: Lab;
let app: Rackside;
let browser: Browser;
let page: Page;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(await app.url());
});

afterAll(async () => {
  await browser.close();
  await app.stop();
  await data.remove();
  await lab.down();
});

/** What a person reads in the cell under this head. */
async function cell(node: string, head: RegExp): Promise<string> {
  const index = await page.getByRole('columnheader', { name: head }).getAttribute('aria-colindex');
  return page.locator(`[data-row="member:${node}"] [aria-colindex="${String(index)}"]`).innerText();
}

test('a real node’s status, as its own cluster tells it, is painted in the table', async () => {
  const own = await lab.node('c1').mustExec('crm_mon --output-as=xml');
  expect(own).toMatch(/<node name="c2" [^>]*online="true" standby="false"[^>]* unclean="false"/u);
  await expect.poll(() => cell('c2', /^Status/u), { timeout: 30_000 }).toContain('Active');
});

test('a real node’s CPU, as its own /proc/stat tells it, is painted in the table', async () => {
  const node = lab.node('c2');
  // With both cores kept busy the node's own figure and the painted one have a value that no other moment has.
  const busy = node.exec('for i in $(seq $(nproc)); do timeout 20 sh -c "while :; do :; done" & done; wait');
  const ownPercent = async () => {
    const text = await node.mustExec('head -1 /proc/stat; sleep 5; head -1 /proc/stat');
    const [before, after] = text
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/u).slice(1).map(Number));
    const ticks = (line: number[] = []) => line.slice(0, 8).reduce((sum, value) => sum + value, 0);
    const idle = (line: number[] = []) => (line[3] ?? 0) + (line[4] ?? 0);
    return 100 - (100 * (idle(after) - idle(before))) / (ticks(after) - ticks(before));
  };
  expect(await ownPercent()).toBeGreaterThan(90);
  await expect
    .poll(async () => Number.parseInt(await cell('c2', /^CPU/u), 10), { timeout: 12_000 })
    .toBeGreaterThan(90);
  await busy;
});

test('what is painted is what the contract says', async () => {
  const { nodes } = await app.call('regions.snapshot', { regionId: region });
  expect(nodes.map((node) => node.hostname).toSorted()).toEqual(['c1', 'c2', 'c3', 'w1']);
});
