import { expect, test } from 'vitest';
import { waitFor } from './lab-api.ts';
import { rowOf, watchStatuses } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// A node dies. What a technician sees is what the cluster knows, at every step, and nothing flickers in between.
const laptop = useLaptop(useLab());

test('a node that is killed while fencing is refused is Failed with its reason; fenced, it is Fenced, Unfencing, Active', async () => {
  const { app, lab, region } = laptop;
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
  expect(fenced.reason).not.toBe('');
  await waitFor(
    'the table says Active again',
    async () => (await rowOf(app, region, 'c3')).status.status === 'active',
    180_000,
  );
  expect(await statuses.stop()).toEqual(['active', 'failed', 'fenced', 'unfencing', 'active']);
}, 600_000);
