import { expect, test } from 'vitest';
import { tagsInRoom } from '../../../../renderer/features/nodes/tags-in-room.ts';

test('as many tags are shown as the column has room for, and one at least', () => {
  const tags = ['gen3', 'gpu-a40', 'left-aisle'];
  expect([60, 102, 150, 200, 400].map((width) => tagsInRoom(tags, width))).toEqual([1, 1, 2, 3, 3]);
  expect(tagsInRoom(['gen3', 'nvme'], 102)).toBe(2);
  expect([tagsInRoom([], 102), tagsInRoom(['a-very-long-tag-that-nobody-shortens'], 102)]).toEqual([0, 1]);
});
