import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../helpers/browser.ts';
import { waitFor } from './lab-api.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, watchStatuses } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// A node dies. What a technician sees is what the cluster knows, at every step, and nothing flickers in between.
const laptop = useLaptop(useLab());

test('a node that is killed while fencing is refused is Failed with its reason; fenced, it is Fenced, Unfencing, Active', async () => {
  const { app, lab, region } = laptop;
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(await app.url());
  /** What a person reads of its status: the glyph has no words. */
  const painted = () => page.locator('[data-row="member:c3"] .rk-st').innerText();
  const statuses = watchStatuses(app, region, 'c3');
  await lab.fault('c3', 'nofence');
  await lab.fault('c3', 'kill');

  const failed = await waitFor(
    'the table says Failed',
    async () => {
      const { status } = await rowOf(app, region, 'c3');
      if (status.status !== 'failed' || status.unknownSince !== null || !/fencing failed/u.test(status.reason))
        throw new Error(`${status.status}: ${status.reason}`);
      return status;
    },
    // After a file in which nodes were killed or left it was seen to take more than a minute.
    180_000,
  );
  const own = (await lab.cluster('c1')).nodes.find((node) => node.name === 'c3');
  expect(own).toMatchObject({ isOnline: false, isUnclean: true });
  expect(failed.reason).toMatch(/fencing failed/u);
  // This laptop does not reach it either, which has its sign, and does not take the reason's place.
  await expect.poll(painted).toMatch(/^Failed\s+fencing failed (once|\d+ times)/u);
  expect((await rowOf(app, region, 'c1')).status.status).toBe('active');

  await lab.fault('c3', 'allowfence');
  const fenced = await waitFor(
    'the table says Fenced',
    async () => {
      const { status } = await rowOf(app, region, 'c3');
      return status.status === 'fenced' ? status : undefined;
    },
    120_000,
    100,
  );
  expect(fenced.reason).toMatch(/^fenced at \S+ by power through c[12],/u);
  await expect.poll(painted).toMatch(/^Fenced\s+fenced at [\d:]+ by power/u);
  await waitFor(
    'the table says Active again',
    async () => (await rowOf(app, region, 'c3')).status.status === 'active',
    180_000,
  );
  expect(await statuses.stop()).toEqual(['active', 'failed', 'fenced', 'unfencing', 'active']);

  // Its services are stopped by hand now. For a laptop that never saw it up its fencing is the last that is told of it, and proves nothing.
  await lab.node('c3').mustExec('systemctl stop pacemaker corosync');
  const data = await temporaryDataFolder();
  const newcomer = await startRackside(data.path, 'newcomer');
  onTestFinished(async () => {
    await newcomer.stop();
    await data.remove();
  });
  const there = await addLiveRegion(newcomer, lab);
  await waitFor(
    'the other laptop tells what is true',
    async () => {
      const { status } = await rowOf(newcomer, there, 'c3');
      if (status.unknownSince !== null || status.status !== 'failed') throw new Error(JSON.stringify(status));
      expect(status.reason).toBe('cluster services stopped');
      return true;
    },
    60_000,
  );
}, 600_000);
