import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, watchStatuses, type Rackside } from './rackside.ts';

// A node dies. What a technician sees is what the cluster knows, at every step, and nothing flickers in between.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  await lab.settle();
  await lab.down();
});

beforeEach(async () => {
  await lab.settle(150_000);
  await waitFor('c3 is Active', async () => (await rowOf(app, region, 'c3')).status.status === 'active', 90_000);
}, 300_000);

test('a node that is killed while fencing is refused is Failed with its reason; fenced, it is Fenced, Unfencing, Active', async () => {
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
    120_000,
  );
  const own = (await lab.cluster('c1')).nodes.find((node) => node.name === 'c3');
  expect(own).toMatchObject({ isOnline: false, isUnclean: true });
  expect(failed.reason).toMatch(/fencing failed/u);
  expect((await rowOf(app, region, 'c1')).status.status).toBe('active');

  await lab.fault('c3', 'allowfence');
  const fenced = await waitFor(
    'the table says Fenced',
    async () => {
      const { status } = await rowOf(app, region, 'c3');
      return status.status === 'fenced' ? status : undefined;
    },
    60_000,
    100,
  );
  expect(fenced.reason).not.toBe('');
  await waitFor(
    'the table says Active again',
    async () => (await rowOf(app, region, 'c3')).status.status === 'active',
    90_000,
  );
  expect(await statuses.stop()).toEqual(['active', 'failed', 'fenced', 'unfencing', 'active']);
}, 300_000);
