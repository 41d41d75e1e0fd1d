import { describe, expect, it } from 'vitest';
import { pciDevicesProbe } from '../../../../electron/core/probes/pci-devices.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

const machine = answerOf({
  lspci: captured('vm-node/lab-v1/lspci.txt'),
  sysfs: '',
  dumpxml: captured('vm-node/lab-v1/virsh-dumpxml.xml'),
});

describe('the PCI probe', () => {
  it('reads devices with driver and IOMMU group, and the VM that one is passed through to', () => {
    const devices = valueOf(pciDevicesProbe, machine);
    expect(devices).toHaveLength(9);
    expect(devices.find(({ slot }) => slot === '0000:00:03.0')).toEqual({
      slot: '0000:00:03.0',
      className: 'Display controller',
      vendor: 'Vendor 1234',
      device: 'Device 1111',
      vendorId: '1234',
      deviceId: '1111',
      driver: 'vfio-pci',
      iommuGroup: 3,
      vm: 'gpu1',
    });
    expect(devices.filter(({ vm }) => vm !== null)).toHaveLength(1);
  });

  it('gives no device to a VM that is shut off', () => {
    const output = answerOf({
      lspci: captured('vm-node/lab-v1/lspci.txt').replace('Driver:\tvfio-pci', 'Driver:\tbochs-drm'),
      sysfs: '',
      dumpxml: captured('vm-node/lab-v1/virsh-dumpxml.xml'),
    });
    expect(valueOf(pciDevicesProbe, output).filter(({ vm }) => vm !== null)).toEqual([]);
  });

  it('reads the numbers from /sys where lspci is not installed', () => {
    const sysfs =
      '0000:00:04.0/class=0x020000\n0000:00:04.0/vendor=0x8086\n0000:00:04.0/device=0x10d3\n' +
      'lrwxrwxrwx 1 root root 0 Nov 22 12:00 /sys/bus/pci/devices/0000:00:04.0/driver -> ../../../bus/pci/drivers/e1000e\n' +
      'lrwxrwxrwx 1 root root 0 Nov 22 12:00 /sys/bus/pci/devices/0000:00:04.0/iommu_group -> ../../../kernel/iommu_groups/4\n';
    expect(valueOf(pciDevicesProbe, answerOf({ lspci: notInstalled('lspci'), sysfs, dumpxml: '' }))).toEqual([
      {
        slot: '0000:00:04.0',
        className: 'Network controller',
        vendor: 'Vendor 8086',
        device: 'Device 10d3',
        vendorId: '8086',
        deviceId: '10d3',
        driver: 'e1000e',
        iommuGroup: 4,
        vm: null,
      },
    ]);
  });

  it('a node without PCI has no devices; an lspci that fails tells nothing', () => {
    expect(valueOf(pciDevicesProbe, answerOf({ lspci: '', sysfs: '', dumpxml: '' }))).toEqual([]);
    const failed = { error: 'lspci: Cannot open /sys/bus/pci/devices', status: 1 };
    expect(becauseOf(pciDevicesProbe, answerOf({ lspci: failed, sysfs: '', dumpxml: '' }))).toContain('Cannot open');
    expect(becauseOf(pciDevicesProbe, answerOf({ lspci: 'noise\n', sysfs: '', dumpxml: '' }))).toContain('noise');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(pciDevicesProbe, machine));
});
