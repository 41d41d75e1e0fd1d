import { expect, test } from 'vitest';
import { partitions, usedPercent } from '../../../../renderer/features/node-detail/usages.ts';

/** `df` of a lab node says 26 % of this root: what a thin image still has room for and its host has not is not used. */
const root = {
  mountPoint: '/',
  device: '/dev/vda1',
  type: 'ext4',
  sizeBytes: 252e9,
  usedBytes: 27e9,
  availableBytes: 76e9,
};

test('the share that is used is df’s: of what can be used, not of the whole size', () => {
  expect(Math.ceil(usedPercent(root))).toBe(27);
  expect(usedPercent({ ...root, usedBytes: 0, availableBytes: 0 })).toBe(0);
});

test('a folder that lies on another filesystem says on which, and does not repeat its figures', () => {
  const found = partitions([{ ...root, mountPoint: '/mnt/data', livesOn: '/' }, root]);
  expect(found.map(({ label }) => label)).toEqual(['/', '/mnt/data']);
  expect(found[1]).toEqual({ label: '/mnt/data', livesOn: '/' });
});
