import { describe, expect, it } from 'vitest';
import { linksProbe } from '../../../../electron/core/probes/links.ts';
import { captured, documented } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

const none = { 'ip-addr': '[]', sysfs: '', devices: '', udev: '', lspci: '' };

function answer(node: string, changes: Readonly<Record<string, string>> = {}) {
  return answerOf({
    ...none,
    'ip-link': captured(`${node}/ip-link.json`),
    'ip-addr': captured(`${node}/ip-addr.json`),
    sysfs: captured(`${node}/sys-class-net.txt`),
    ...changes,
  });
}

describe('the links probe', () => {
  it('reads the network cards of a machine, with what lspci calls them', () => {
    const lspci = captured('vm-node/lab-v1/lspci.txt');
    const [loopback, card, virtio] = valueOf(linksProbe, answer('vm-node/lab-v1', { lspci }));
    expect(loopback).toMatchObject({ name: 'lo', type: 'loopback', mac: null, speedMbps: null });
    expect(card).toEqual({
      name: 'enp0s4',
      deviceName: null,
      mac: '52:54:00:12:34:56',
      isAdminUp: true,
      operState: 'up',
      hasCarrier: true,
      mtu: 1500,
      speedMbps: 1000,
      duplex: 'full',
      driver: 'e1000e',
      type: 'physical',
      vendor: 'Intel Corporation',
      model: '82574L Gigabit Network Connection',
      pciSlot: '0000:00:04.0',
      deviceId: '8086:10d3',
      master: null,
      bondMode: null,
      vlanId: null,
      parent: null,
      addresses: ['10.213.0.71/24', 'fe80::5054:ff:fe12:3456/64'],
    });
    expect(virtio).toMatchObject({ name: 'enp0s2', type: 'physical', speedMbps: null, duplex: null });
  });

  it('finds the driver and the PCI slot of a virtio card by its links in /sys', () => {
    const devices =
      'lrwxrwxrwx 1 root root 0 Nov 22 11:59 /sys/class/net/enp0s2 -> ../../devices/pci0000:00/0000:00:02.0/virtio0/net/enp0s2\n' +
      'lrwxrwxrwx 1 root root 0 Nov 22 11:59 /sys/class/net/enp0s2/device -> ../../../virtio0\n' +
      'lrwxrwxrwx 1 root root 0 Nov 22 11:59 /sys/class/net/enp0s2/device/driver -> ../../../../bus/virtio/drivers/virtio_net\n';
    const links = valueOf(linksProbe, answer('vm-node/lab-v1', { devices }));
    expect(links.find(({ name }) => name === 'enp0s2')).toMatchObject({
      driver: 'virtio_net',
      pciSlot: '0000:00:02.0',
    });
  });

  it("counts a container's veth as its physical link, and sees that it lost its carrier", () => {
    const links = valueOf(linksProbe, answer('nic-eth1-down/lab-c2'));
    expect(links.map(({ name, type, hasCarrier, driver }) => ({ name, type, hasCarrier, driver }))).toEqual([
      { name: 'lo', type: 'loopback', hasCarrier: true, driver: null },
      { name: 'eth0', type: 'physical', hasCarrier: true, driver: 'veth' },
      { name: 'eth1', type: 'physical', hasCarrier: false, driver: 'veth' },
    ]);
  });

  it('tells bridges and taps from links that leave the node', () => {
    const links = valueOf(linksProbe, answerOf({ ...none, 'ip-link': captured('kernel-links/plain/ip-link.json') }));
    expect(links.map(({ name, type, master }) => ({ name, type, master }))).toEqual([
      { name: 'lo', type: 'loopback', master: null },
      { name: 'v1', type: 'other', master: 'br0' },
      { name: 'v0', type: 'other', master: null },
      { name: 'br0', type: 'bridge', master: null },
      { name: 'tap0', type: 'tap', master: 'br0' },
    ]);
  });

  // Documented output, not a capture: the lab's kernel has no bonding and no VLANs.
  it('reads a bond with its mode and members, a VLAN with its id, and counts no veth of a machine', () => {
    const links = valueOf(
      linksProbe,
      answerOf({ ...none, 'ip-link': documented('ip-link-bond-vlan.json'), udev: documented('udev-net.txt') }),
    );
    const byName = new Map(links.map((link) => [link.name, link]));
    expect(byName.get('ens1f0')).toMatchObject({
      type: 'physical',
      master: 'bond0',
      deviceName: 'enp59s0f0',
      driver: 'mlx5_core',
      vendor: 'Mellanox Technologies',
      model: 'MT27800 Family [ConnectX-5]',
      deviceId: '15b3:1017',
      pciSlot: '0000:3b:00.0',
    });
    expect(byName.get('ens1f1')).toMatchObject({ type: 'physical', hasCarrier: false, operState: 'down' });
    expect(byName.get('bond0')).toMatchObject({ type: 'bond', bondMode: '802.3ad' });
    expect(byName.get('bond0.120')).toMatchObject({ type: 'vlan', vlanId: 120, parent: 'bond0' });
    expect(byName.get('cali1a2b3c')).toMatchObject({ type: 'other' });
  });

  it('is unknown where ip is missing or speaks no JSON', () => {
    expect(becauseOf(linksProbe, answerOf({ ...none, 'ip-link': notInstalled('ip') }))).toContain('not installed');
    expect(
      becauseOf(linksProbe, answerOf({ ...none, 'ip-link': { error: 'ip: unrecognized option: j', status: 1 } })),
    ).toContain('unrecognized option');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(linksProbe, answer('vm-node/lab-v1')));
});
