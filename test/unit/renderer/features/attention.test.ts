import { expect, test } from 'vitest';
import { attentionOf } from '../../../../renderer/features/node-detail/attention.ts';
import { detailOf, poorDetailOf } from '../../../e2e/helpers/detail.ts';
import { row } from '../../../e2e/helpers/rows.ts';

const now = Date.UTC(2026, 10, 23, 13, 2);
const titles = (...about: Parameters<typeof attentionOf>) => attentionOf(...about).map(({ title }) => title);

test('what wants a look is listed, what has failed first', () => {
  const hot = row({ name: 'n1', cpu: 93, status: 'failed', reason: 'libvirtd is silent' }, now);
  expect(titles(hot, poorDetailOf(hot, now), now)).toEqual([
    'n1 has failed',
    'CPU is at 93 %',
    'Pool data-2 is degraded',
    '/ has 1.2 GiB free',
  ]);
});

test('a healthy node wants none', () => {
  const calm = row({ name: 'n1', cpu: 12 }, now);
  const { filesystems, ...rest } = detailOf(calm, now);
  const roomy = filesystems.kind === 'known' ? { ...filesystems, value: filesystems.value.slice(0, 1) } : filesystems;
  expect(titles(calm, { ...rest, filesystems: roomy }, now)).toEqual([]);
});

test('R29: a load that was read long ago is no claim about now', () => {
  const silent = row({ name: 'n1', cpu: 93, silentForMs: 3_600_000 }, now);
  expect(titles(silent, null, now)).toEqual(['This laptop has not reached it for 1 h']);
});
