import { describe, expect, it } from 'vitest';
import type { DataPool } from '#shared/model/hardware.ts';
import { poolsProbe } from '../../../../electron/core/probes/pools.ts';
import { captured, documented } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, notInstalled, valueOf } from './parse.ts';

type Parts = Parameters<typeof answerOf>[0];

const nothing: Parts = {
  mdstat: { status: 1 },
  'btrfs-mounts': { status: 1 },
  'btrfs-show': { status: 2 },
  'btrfs-stats': '',
  zpool: { status: 127 },
  lvs: { status: 127 },
  ceph: { status: 1 },
  drbd: { status: 127 },
  'drbd-proc': { status: 1 },
  traces: '',
};

function pools(parts: Parts, context: { withoutRootBecause?: string } = {}): readonly DataPool[] {
  return valueOf(poolsProbe, { ...answerOf({ ...nothing, ...parts }), ...context });
}

/** The lab captured the three commands in one file. */
function btrfs(node: string) {
  const text = captured(`${node}/btrfs.txt`);
  const json = text.indexOf('{\n   "filesystems"');
  const stats = text.indexOf('\n}\n', json) + 3;
  const usage = text.indexOf('Overall:');
  return {
    'btrfs-show': text.slice(0, json),
    'btrfs-mounts': text.slice(json, stats),
    'btrfs-stats': text.slice(stats, usage),
  };
}

describe('the pools probe', () => {
  it('a node without pools has none', () => {
    expect(pools({})).toEqual([]);
  });

  it('reads a btrfs pool that is whole', () => {
    expect(pools(btrfs('pool-ok/lab-c1'))).toEqual([
      { name: '/srv/pool', kind: 'btrfs', state: 'healthy', detail: '2 devices', rebuildPercent: null },
    ]);
  });

  it('reads a btrfs pool with a missing device and its errors', () => {
    expect(pools(btrfs('pool-degraded/lab-c1'))).toEqual([
      {
        name: '/srv/pool',
        kind: 'btrfs',
        state: 'degraded',
        detail: 'missing device, 15451 errors on devid:2',
        rebuildPercent: null,
      },
    ]);
  });

  it('a btrfs device that only makes errors is a degraded pool already, and one gone read-only has failed', () => {
    const parts = btrfs('pool-ok/lab-c1');
    const stats = '[/dev/loop1].write_io_errs    7\n';
    expect(pools({ ...parts, 'btrfs-stats': stats })).toMatchObject([
      { state: 'degraded', detail: '7 errors on /dev/loop1' },
    ]);
    const mounts = parts['btrfs-mounts'].replace('"rw,', '"ro,');
    expect(pools({ ...parts, 'btrfs-stats': stats, 'btrfs-mounts': mounts })).toMatchObject([{ state: 'failed' }]);
  });

  it('counts the errors of a pool once, however often it is mounted', () => {
    const parts = btrfs('pool-degraded/lab-c1');
    const twice = parts['btrfs-stats'].repeat(2);
    expect(pools({ ...parts, 'btrfs-stats': twice })).toEqual(pools(parts));
  });

  it('takes what a tool tells root for everything there is', () => {
    const uuid = '928238a7-fef9-40b5-bd9e-1939a890fe07';
    const traces = [1, 2].map((id) => `/sys/fs/btrfs/${uuid}/devinfo/${id}\n`).join('');
    expect(pools({ traces, 'btrfs-show': '', zpool: 'no pools available\n', drbd: '[]\n' })).toEqual([]);
  });

  it('reads md as the lab had it', () => {
    expect(pools({ mdstat: captured('vm-node/lab-v1/proc-mdstat.txt') })).toEqual([
      { name: 'md0', kind: 'md', state: 'healthy', detail: 'raid1 [2/2] [UU]', rebuildPercent: null },
    ]);
  });

  // Documented output, not a capture: the captured array was whole.
  it('reads md arrays that are degraded, rebuilt, checked, failed or inactive', () => {
    const found = pools({ mdstat: documented('mdstat-raid.txt') });
    expect(found.map(({ name, state, rebuildPercent }) => [name, state, rebuildPercent])).toEqual([
      ['md0', 'degraded', null],
      ['md1', 'degraded', 12.6],
      ['md2', 'healthy', null],
      ['md3', 'failed', null],
      ['md4', 'failed', null],
      ['md5', 'healthy', null],
    ]);
    expect(found[0]?.detail).toBe('raid1 [2/1] [U_] a member failed');
    expect(found[1]?.detail).toBe('raid5 [3/2] [UU_] recovery 12.6%');
  });

  // Documented outputs from here on, not captures: the lab has none of these.
  it('reads ZFS pools', () => {
    expect(pools({ zpool: documented('zpool-status.txt') })).toEqual([
      { name: 'data', kind: 'zfs', state: 'healthy', detail: 'ONLINE', rebuildPercent: null },
      { name: 'media', kind: 'zfs', state: 'degraded', detail: 'DEGRADED, resilvering', rebuildPercent: 14.91 },
      { name: 'tank', kind: 'zfs', state: 'failed', detail: 'UNAVAIL', rebuildPercent: null },
    ]);
    expect(pools({ zpool: 'no pools available\n' })).toEqual([]);
  });

  it('reads LVM RAID volumes and no linear ones', () => {
    expect(
      pools({ lvs: documented('lvs-raid.json') }).map(({ name, state, rebuildPercent }) => [
        name,
        state,
        rebuildPercent,
      ]),
    ).toEqual([
      ['vg0/images', 'healthy', null],
      ['vg0/volumes', 'degraded', null],
      ['vg1/rebuilt', 'healthy', 43.75],
      ['vg1/lost', 'failed', null],
    ]);
  });

  it('reads Ceph, and takes a warning that costs no redundancy for healthy', () => {
    const warned = documented('ceph-status-warn.json');
    expect(pools({ ceph: warned })).toEqual([
      {
        name: '477e46f1-ae41-4e43-9c8f-72c918ab0a20',
        kind: 'ceph',
        state: 'degraded',
        detail: 'HEALTH_WARN OSD_DOWN PG_DEGRADED',
        rebuildPercent: 75,
      },
    ]);
    expect(pools({ ceph: '{"health":{"status":"HEALTH_WARN","checks":{"MON_CLOCK_SKEW":{}}}}' })).toMatchObject([
      { name: 'ceph', state: 'healthy', detail: 'HEALTH_WARN MON_CLOCK_SKEW' },
    ]);
    expect(pools({ ceph: '{"health":{"status":"HEALTH_ERR"}}' })).toMatchObject([{ state: 'failed' }]);
  });

  it('reads DRBD 9 and DRBD 8.4', () => {
    expect(pools({ drbd: documented('drbdsetup-status.json') })).toEqual([
      { name: 'r0', kind: 'drbd', state: 'healthy', detail: 'UpToDate / UpToDate', rebuildPercent: null },
      { name: 'r1', kind: 'drbd', state: 'degraded', detail: 'UpToDate / Inconsistent', rebuildPercent: 42.17 },
      {
        name: 'r2',
        kind: 'drbd',
        state: 'failed',
        detail: 'Failed / DUnknown / Connecting, no quorum',
        rebuildPercent: null,
      },
    ]);
    expect(pools({ 'drbd-proc': documented('proc-drbd-84.txt') })).toMatchObject([
      { name: 'drbd0', state: 'healthy', rebuildPercent: null },
      { name: 'drbd1', state: 'degraded', rebuildPercent: 6.5 },
      { name: 'drbd3', state: 'degraded', detail: 'UpToDate/DUnknown WFConnection' },
    ]);
  });

  it('shows a pool that nobody may ask as unknown, because …, and never as healthy or absent', () => {
    const traces =
      '/proc/spl/kstat/zfs/tank/state\n/sys/block/drbd0\n' +
      '/sys/fs/btrfs/928238a7-fef9-40b5-bd9e-1939a890fe07/devinfo/1\n' +
      '/sys/fs/btrfs/928238a7-fef9-40b5-bd9e-1939a890fe07/devinfo/2\n' +
      '/sys/fs/btrfs/928238a7-fef9-40b5-bd9e-1939a890fe07/devices/loop0\n' +
      '/sys/fs/btrfs/11111111-fef9-40b5-bd9e-1939a890fe07/devinfo/1\n' +
      // Mounted by the host or by another container on it.
      '/sys/fs/btrfs/22222222-fef9-40b5-bd9e-1939a890fe07/devinfo/1\n' +
      '/sys/fs/btrfs/22222222-fef9-40b5-bd9e-1939a890fe07/devinfo/2\n' +
      'dm=vg0-images_rimage_0\ndm=vg0-images_rimage_1\ndm=vg0-root\n';
    const found = pools(
      {
        traces,
        'btrfs-mounts': btrfs('pool-ok/lab-c1')['btrfs-mounts'],
        zpool: notInstalled('zpool'),
        lvs: {
          error:
            '  WARNING: Running as a non-root user. Functionality may be unavailable.\n  /run/lock/lvm: Permission denied',
          status: 5,
        },
        'btrfs-show': { error: 'ERROR: superblock checksum: Permission denied', status: 1 },
        drbd: notInstalled('drbdsetup'),
        ceph: notInstalled('ceph'),
      },
      { withoutRootBecause: 'it needs root' },
    );
    expect(found).toEqual([
      unknownPool('btrfs', '/srv/pool', 'it needs root'),
      unknownPool('zfs', 'tank', 'zpool is not installed on this node'),
      unknownPool('lvm-raid', 'vg0-images', 'it needs root'),
      unknownPool('drbd', 'drbd0', 'drbdsetup is not installed on this node'),
      unknownPool('ceph', 'ceph', 'ceph is not installed on this node'),
    ]);
  });

  it('makes a reason or a value of anything', () =>
    expectToSurviveGarbage(
      poolsProbe,
      answerOf({
        ...nothing,
        ...btrfs('pool-degraded/lab-c1'),
        mdstat: documented('mdstat-raid.txt'),
        drbd: documented('drbdsetup-status.json'),
        zpool: documented('zpool-status.txt'),
      }),
    ));
});

function unknownPool(kind: DataPool['kind'], name: string, detail: string): DataPool {
  return { name, kind, state: 'unknown', detail, rebuildPercent: null };
}
