import { describe, expect, it } from 'vitest';
import { fastProbe } from '../../../../electron/core/probes/fast.ts';
import type { Probe } from '../../../../electron/core/probes/probe.ts';
import { slowProbeIds, slowProbes } from '../../../../electron/core/probes/slow-probes.ts';
import { capturedAnswer } from './captures.ts';
import { valueOf } from './parse.ts';

/** What a probe's whole script said on a node of our lab. */
function read<T>(node: string, probe: Probe<T>): T {
  const isRootMissing = node.includes('-') && probe.command.privilege === 'root';
  return valueOf(probe, {
    ...capturedAnswer(node, probe.id),
    ...(isRootMissing ? { withoutRootBecause: 'it needs root' } : {}),
  });
}

describe.each(['c2', 'c2-bare', 'c2-tech', 'w1'])('the scripts as %s answered them', (node) => {
  it('the fast values', () => {
    expect(read(node, fastProbe)).toMatchObject({
      onlineCpus: 2,
      network: { lo: {}, eth0: {}, eth1: {} },
      disks: { vda: {} },
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it.each(slowProbeIds)('%s', (id) => {
    expect(read<unknown>(node, slowProbes[id])).toBeTypeOf('object');
  });

  it('its two links, its one disk and its logs, also to a user without any rights', () => {
    const links = read(node, slowProbes.links).filter(({ type }) => type === 'physical');
    expect(links.map(({ name, speedMbps, driver }) => ({ name, speedMbps, driver }))).toEqual([
      { name: 'eth0', speedMbps: 10000, driver: 'veth' },
      { name: 'eth1', speedMbps: 10000, driver: 'veth' },
    ]);
    expect(read(node, slowProbes.disks).map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['vda', 274877906944],
    ]);
    expect(read(node, slowProbes.filesystems).map(({ mountPoint }) => mountPoint)).toEqual(['/', '/var/log']);
    expect(read(node, slowProbes.system).hostname).toBe(node.slice(0, 2));
    expect(read(node, slowProbes.cpu)).toMatchObject({ model: 'AMD EPYC', threads: 2 });
  });
});

describe('the domains of our lab', () => {
  it('are seen by root, by a member of libvirt and by a user of no group alike', () => {
    for (const node of ['c2', 'c2-tech', 'c2-bare']) {
      expect(read(node, slowProbes.domains).map(({ name, state }) => [name, state])).toEqual([
        ['vm1', 'running'],
        ['vm2', 'running'],
      ]);
    }
    expect(read('w1', slowProbes.domains)).toMatchObject([{ name: 'vm4', memoryBytes: 24 * 1024 ** 2, vcpus: 1 }]);
  });

  it('run on services of which a worker has other ones than a control', () => {
    const installed = (node: string) =>
      read(node, slowProbes.services)
        .filter(({ isInstalled, activeState }) => isInstalled && activeState === 'active')
        .map(({ unit }) => unit);
    expect(installed('c2')).toEqual(expect.arrayContaining(['corosync.service', 'pacemaker.service']));
    expect(installed('w1')).toContain('pacemaker_remote.service');
    expect(installed('w1')).not.toContain('corosync.service');
  });
});

describe('a btrfs pool of two loop devices, mounted on a folder with a space in its name', () => {
  const pool = { name: '/mnt/my pool', kind: 'btrfs', rebuildPercent: null };

  it('is read by root, whole and with one device gone', () => {
    expect(read('btrfs_ok', slowProbes.pools)).toEqual([{ ...pool, state: 'healthy', detail: '2 devices' }]);
    expect(read('btrfs_degraded', slowProbes.pools)).toEqual([
      { ...pool, state: 'degraded', detail: 'missing device' },
    ]);
  });

  it('is unknown to a user without root, whom btrfs tells nothing and calls it success', () => {
    expect(read('btrfs-user', slowProbes.pools)).toEqual([{ ...pool, state: 'unknown', detail: 'it needs root' }]);
  });
});
