import { describe, expect, it } from 'vitest';
import { disksProbe } from '../../../../electron/core/probes/disks.ts';
import { captured, documented } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

/** The lab asked smartctl of all disks in one file; the probe asks in one section a disk. */
const [sda = '', sdb = '', vda = ''] = captured('vm-node/lab-v1/smartctl.json').split(/(?<=^}\n)/m);
const machine = answerOf({
  lsblk: captured('vm-node/lab-v1/lsblk.json'),
  'smart.sda': sda,
  'smart.sdb': sdb,
  'smart.vda': { text: vda, status: 1 },
});

describe('the disks probe', () => {
  it('reads disks with their health, and why it is not known', () => {
    expect(valueOf(disksProbe, machine)).toEqual([
      {
        name: 'sda',
        model: 'QEMU HARDDISK',
        serial: 'LABDISK1',
        sizeBytes: 67108864,
        isRotational: true,
        transport: 'sata',
        wwn: null,
        health: 'passed',
        healthReason: null,
      },
      expect.objectContaining({ name: 'sdb', serial: 'LABDISK2', health: 'passed' }),
      expect.objectContaining({
        name: 'vda',
        sizeBytes: 3221225472,
        health: 'unknown',
        healthReason: 'smartctl says “/dev/vda: Unable to detect device type”',
      }),
    ]);
  });

  it('counts no RAM disk, no removable disk, and one multipath disk once; older lsblk writes numbers as strings', () => {
    const container = answerOf({ lsblk: captured('healthy/lab-c1/lsblk-short.json') });
    expect(valueOf(disksProbe, container).map(({ name }) => name)).toEqual(['vda']);
    // Documented output, not a capture: the lab has no multipath.
    const multipath = answerOf({ lsblk: documented('lsblk-multipath.json') });
    expect(valueOf(disksProbe, multipath).map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['sda', 1920383410176],
      ['sdb', 1099511627776],
    ]);
  });

  // Documented output, not a capture: the lab has no failing, sleeping or NVMe disk.
  it.each([
    ['smartctl-failing.json', 8, 'failing', /SMART/],
    ['smartctl-standby.json', 2, 'unknown', /not woken/],
    ['smartctl-nvme.json', 0, 'passed', undefined],
  ])('reads %s', (file, status, health, reason) => {
    const answer = answerOf({
      lsblk: captured('healthy/lab-c1/lsblk.json'),
      'smart.vda': { text: documented(file), status },
    });
    const [disk] = valueOf(disksProbe, answer);
    expect(disk?.health).toBe(health);
    if (reason === undefined) expect(disk?.healthReason).toBeNull();
    else expect(disk?.healthReason).toMatch(reason);
  });

  it('still lists disks without smartctl and without root', () => {
    const lsblk = captured('healthy/lab-c1/lsblk.json');
    expect(valueOf(disksProbe, answerOf({ lsblk, 'smart.vda': notInstalled('smartctl') }))).toMatchObject([
      { health: 'unknown', healthReason: 'smartctl is not installed on this node' },
    ]);
    const refused = JSON.stringify({
      smartctl: { exit_status: 2, messages: [{ string: 'Smartctl open device: /dev/vda failed: Permission denied' }] },
    });
    const output = { ...answerOf({ lsblk, 'smart.vda': refused }), withoutRootBecause: 'it needs root' };
    expect(valueOf(disksProbe, output)).toMatchObject([{ healthReason: 'it needs root' }]);
  });

  it('is unknown without lsblk', () => {
    expect(becauseOf(disksProbe, answerOf({ lsblk: notInstalled('lsblk') }))).toContain('lsblk is not installed');
    expect(becauseOf(disksProbe, answerOf({ lsblk: '{"block' }))).toContain('lsblk');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(disksProbe, machine));
});
