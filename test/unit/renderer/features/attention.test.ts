import { expect, test } from 'vitest';
import { attentionOf, attentionReadWords } from '../../../../renderer/features/node-detail/attention.ts';
import { detailOf, poorDetailOf } from '../../../e2e/helpers/detail.ts';
import { known, unknown, valueOf } from '../../../../shared/model/reading.ts';
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

test('a node in maintenance says what cutting its power does, unless the cluster has it offline already, or its status is old', () => {
  const titlesOf = (evidence: string, unknownSince: number | null = null) => {
    const one = row({ name: 'n1', cpu: 12, status: 'in-maintenance' }, now);
    return titles({ ...one, status: { ...one.status, evidence: [evidence], unknownSince } }, null, now);
  };
  const online = 'crm_mon: n1 online=true standby=true resources_running=0';
  expect(titlesOf(online)).toEqual(['Cut its power and the cluster fences it, which may switch it on again']);
  expect(titlesOf(online, now - 60_000)).toEqual([]);
  expect(titlesOf('crm_mon: n1 online=false standby=true resources_running=0')).toEqual([]);
});

test('R29: a load that was read long ago is no claim about now', () => {
  const silent = row({ name: 'n1', cpu: 93, silentForMs: 3_600_000 }, now);
  expect(titles(silent, null, now)).toEqual(['This laptop has not reached it for 1 h']);
});

test('R29: nothing found says from when: disks and pools are read at a slow pace', () => {
  const calm = row({ name: 'n1', cpu: 12 }, now);
  const detail = detailOf(calm, now);
  const readAt = now - 240_000;
  const disks = { ...detail.disks, readAt };
  expect(attentionReadWords({ ...detail, disks }, now)).toBe('Disks, pools and filesystems as they were 4 m ago.');
  expect(attentionReadWords({ ...detail, pools: unknown('mdadm is not installed') }, now)).toBe(
    'Disks and filesystems as they were 1 m ago. Pools are not known: mdadm is not installed.',
  );
  expect(attentionReadWords(null, now)).toBe('Its disks, pools and filesystems have not been read.');
});

test('what a warning of the status says is said once, with the words of the value', () => {
  const calm = row({ name: 'n1', cpu: 12 }, now);
  const warned = {
    ...calm,
    status: { ...calm.status, warnings: ['data pool md0 is degraded: raid1 [2/1] [U_]', 'fence loop: fenced 3 times'] },
  };
  const pool = { name: 'md0', kind: 'md', state: 'degraded', detail: 'raid1 [2/1] [U_]', rebuildPercent: 12 } as const;
  const detail = detailOf(calm, now);
  const told = attentionOf(warned, { ...detail, pools: known([pool], now, 300_000) }, now);
  expect(told.filter(({ title }) => /pool|loop/i.test(title))).toEqual([
    { level: 'warning', title: 'fence loop: fenced 3 times', text: '' },
    {
      level: 'warning',
      title: 'Pool md0 is degraded',
      text: 'md: 1 of 2 devices work (raid1 [2/1] [U_]). Rebuild at 12 %.',
    },
  ]);
  // Until the pools are read, the warning is all there is.
  expect(titles(warned, null, now)).toContain('data pool md0 is degraded: raid1 [2/1] [U_]');
});

test('a node that is known to be off is told as that, and not to be looked at for its sshd', () => {
  const silent = row({ name: 'n1', cpu: 12, status: 'in-maintenance', silentForMs: 60_000 }, now);
  const off = { ...silent, status: { ...silent.status, evidence: ['crm_mon: n1 online=false standby=true'] } };
  const on = { ...silent, status: { ...silent.status, evidence: ['crm_mon: n1 online=true standby=true'] } };
  expect(attentionOf(off, null, now)[0]?.text).toMatch(/^The cluster does not have it online either/);
  expect(attentionOf(on, null, now)[0]?.text).not.toMatch(/online/);
});

test('a disk or a pool that was read and does not say how it is, is named with the reason: no warning is no good news', () => {
  const calm = row({ name: 'n1', cpu: 12 }, now);
  const detail = detailOf(calm, now);
  const disks = valueOf(detail.disks)!.map((disk) => ({
    ...disk,
    health: 'unknown' as const,
    healthReason: 'only root may ask it',
  }));
  const pools = [
    { name: 'tank', kind: 'zfs', state: 'unknown', detail: 'zpool is not installed', rebuildPercent: null },
  ] as const;
  const words = attentionReadWords({ ...detail, disks: known(disks, now, 1), pools: known(pools, now, 1) }, now);
  expect(words).toContain(
    'The health of nvme0n1, nvme1n1, nvme2n1 and 5 more is not known: only root may ask it. The state of tank is not known: zpool is not installed.',
  );
});

test('a folder that lies on a full filesystem is not a second one', () => {
  const calm = row({ name: 'n1', cpu: 12 }, now);
  const full = { device: '/dev/vda1', type: 'ext4', sizeBytes: 1000, usedBytes: 900, availableBytes: 50 };
  const filesystems = known(
    [
      { ...full, mountPoint: '/' },
      { ...full, mountPoint: '/var/log', livesOn: '/' },
    ],
    now,
    1,
  );
  expect(titles(calm, { ...detailOf(calm, now), filesystems }, now)).toEqual(['/ has <0.001 GiB free']);
});
