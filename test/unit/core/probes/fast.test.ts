import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { countOnline, fastProbe } from '../../../../electron/core/probes/fast.ts';
import { frameSections, runSections, splitSections } from '../../../../electron/core/ssh/sections.ts';
import { runProbe } from '../../../../electron/core/probes/run-probe.ts';
import { localShell } from '../cluster/local-shell.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';

/** The script's answer where a node's files read as captured. The lab did not capture the clock nor the list of CPUs. */
function answer(node: string, changes: Readonly<Record<string, string>> = {}) {
  const texts: Record<string, string> = {
    stat: captured(`${node}/proc-stat.txt`),
    online: '0-1\n',
    meminfo: captured(`${node}/proc-meminfo.txt`),
    'boot-id': captured(`${node}/boot_id.txt`),
    loadavg: captured(`${node}/proc-loadavg.txt`),
    uptime: captured(`${node}/proc-uptime.txt`),
    'net-dev': captured(`${node}/proc-net-dev.txt`),
    diskstats: captured(`${node}/proc-diskstats.txt`),
    clock: '1795346258123456789\n',
    ...changes,
  };
  return frameSections(Object.entries(texts).map(([name, text]) => ({ name, text })));
}

describe('the fast probe', () => {
  it('reads what a control node of the lab had', () => {
    expect(fastProbe.parse(answer('healthy/lab-c1'))).toEqual({
      kind: 'value',
      value: {
        uptimeSeconds: 2656.15,
        bootId: captured('healthy/lab-c1/boot_id.txt').trim(),
        cpuBusyTicks: 110197 + 110800 + 988 + 303,
        cpuTotalTicks: 110197 + 110800 + 303783 + 2315 + 988 + 303,
        onlineCpus: 2,
        memoryTotalBytes: 24684084 * 1024,
        memoryAvailableBytes: 22500972 * 1024,
        load1: 64.51,
        network: {
          lo: { rxBytes: 66175, txBytes: 66175 },
          eth0: { rxBytes: 2927252, txBytes: 5322400 },
          eth1: { rxBytes: 7176, txBytes: 1006 },
        },
        disks: { vda: { readBytes: 19184666 * 512, writtenBytes: 22891488 * 512 } },
        clockMs: 1795346258123,
      },
    });
  });

  it('counts no loop device, no md array and no RAM disk as a disk, and every disk under them', () => {
    const parsed = fastProbe.parse(answer('vm-node/lab-v1'));
    expect(parsed).toMatchObject({ kind: 'value' });
    if (parsed.kind === 'value') expect(Object.keys(parsed.value.disks).toSorted()).toEqual(['sda', 'sdb', 'vda']);
  });

  it('counts a disk once, not again in its partitions', () => {
    const line = (name: string) => ` 8 0 ${name} 1 0 2 0 3 0 4 0 0 0 0\n`;
    const names = [
      'sda',
      'sda1',
      'nvme0n1',
      'nvme0n1p1',
      'nvme0c0n1',
      'nvme1n1',
      'mmcblk0',
      'mmcblk0p2',
      'dm-0',
      'zd16',
    ];
    const parsed = fastProbe.parse(answer('healthy/lab-c1', { diskstats: names.map(line).join('') }));
    expect(parsed).toMatchObject({
      value: { disks: { sda: { readBytes: 1024, writtenBytes: 2048 }, nvme0n1: {}, nvme1n1: {}, mmcblk0: {} } },
    });
    if (parsed.kind === 'value') expect(Object.keys(parsed.value.disks)).toHaveLength(4);
  });

  it('takes the clock to the second where date knows no nanoseconds', () => {
    expect(fastProbe.parse(answer('healthy/lab-c1', { clock: '1795346258%N\n' }))).toMatchObject({
      value: { clockMs: 1795346258000 },
    });
  });

  it('counts CPUs from a kernel list or from /proc/stat, and nothing else', () => {
    expect(countOnline('0-3,8,10-11\n')).toBe(7);
    expect(countOnline('0\n')).toBe(1);
    expect(countOnline(captured('healthy/lab-c1/proc-stat.txt'))).toBe(2);
    expect(countOnline('3-0\n')).toBeNull();
    expect(countOnline('')).toBeNull();
  });

  it.each([
    ['stat', 'intr 1 2 3\n', '/proc/stat'],
    ['stat', '\n', '/proc/stat'],
    ['meminfo', 'MemTotal: 12 kB\n', '/proc/meminfo'],
    ['uptime', 'up 3 days\n', '/proc/uptime'],
    ['net-dev', '', '/proc/net/dev'],
    ['diskstats', 'Permission denied\n', '/proc/diskstats'],
    ['clock', 'Sun Nov 22\n', 'date'],
  ])('names what it did not understand: %s %j', (name, text, named) => {
    const parsed = fastProbe.parse(answer('healthy/lab-c1', { [name]: text }));
    expect(parsed).toEqual({ kind: 'unknown', because: expect.stringContaining(named) as string });
  });

  it('makes a reason or a value of anything a node may send', () => {
    expectToSurviveGarbage(fastProbe, answer('healthy/lab-c1'));
  });

  it('starts two processes and no more: cat and date', async () => {
    const counted = `PATH=/nonexistent
cat() { echo cat >&2; /bin/cat "$@"; }
date() { echo date >&2; /bin/date "$@"; }`;
    const output = await runSections(localShell(counted), fastProbe.command, { deadlineMs: 5_000 });
    expect(splitSections(output).kind).toBe('value');
    expect(output.stderr).toBe(`cat\ndate\n\n${output.nonce} complete\n`);
  });

  it.each(['sh', 'dash', 'bash'])('is answered by this machine under %s with what the kernel says', async (shell) => {
    if (spawnSync(shell, ['-c', ':']).status !== 0) return;
    const parsed = await runProbe(localShell('', '', shell), fastProbe);
    expect(parsed).toMatchObject({ kind: 'value', value: { onlineCpus: cpus().length } });
    if (parsed.kind === 'value') {
      expect(Math.abs(parsed.value.clockMs - Date.now())).toBeLessThan(2_000);
      expect(parsed.value.bootId).not.toBeNull();
    }
  });
});
