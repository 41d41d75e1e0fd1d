import type { DemoNode } from '../world/node.ts';
import { printed, sectioned, toolSection } from './command.ts';

interface IpLink {
  readonly name: string;
  readonly index: number;
  readonly mac: string;
  readonly kind: 'loopback' | 'port' | 'bond' | 'bridge' | 'tap';
  readonly master?: string;
  readonly slot?: string;
}

const ports = [
  ['eno1', '0000:17:00.0'],
  ['eno2', '0000:17:00.1'],
] as const;
const driver = 'mlx5_core';

function linksOf(node: DemoNode): readonly IpLink[] {
  const mac = (part: number) => `0c:42:a1:${hex(node.index >> 8)}:${hex(node.index)}:${hex(part)}`;
  return [
    { name: 'lo', index: 1, mac: '00:00:00:00:00:00', kind: 'loopback' },
    ...ports.map(([name, slot], index) => ({
      name,
      slot,
      index: index + 2,
      mac: mac(index),
      kind: 'port' as const,
      master: 'bond0',
    })),
    { name: 'bond0', index: 4, mac: mac(0), kind: 'bond', master: 'br0' },
    { name: 'br0', index: 5, mac: mac(0), kind: 'bridge' },
    ...[...node.domains.keys()].map((_, tap) => ({
      name: `vnet${tap}`,
      index: tap + 6,
      mac: mac(tap + 16),
      kind: 'tap' as const,
      master: 'br0',
    })),
  ];
}

const hex = (byte: number): string => (byte & 255).toString(16).padStart(2, '0');

function ipLink({ name, index, mac, kind, master, slot }: IpLink): object {
  const info = {
    loopback: undefined,
    port: { info_slave_kind: 'bond', info_slave_data: { state: 'ACTIVE', mii_status: 'UP' } },
    bond: { info_kind: 'bond', info_data: { mode: '802.3ad', miimon: 100 } },
    bridge: { info_kind: 'bridge', info_data: { stp_state: 0 } },
    tap: { info_kind: 'tun', info_data: { type: 'tap', persist: false }, info_slave_kind: 'bridge' },
  }[kind];
  const isLoopback = kind === 'loopback';
  return {
    ifindex: index,
    ifname: name,
    flags: isLoopback ? ['LOOPBACK', 'UP', 'LOWER_UP'] : ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: isLoopback ? 65_536 : 1_500,
    qdisc: isLoopback || kind === 'bridge' ? 'noqueue' : 'mq',
    ...(master === undefined ? {} : { master }),
    operstate: isLoopback ? 'UNKNOWN' : 'UP',
    linkmode: 'DEFAULT',
    group: 'default',
    txqlen: 1_000,
    link_type: isLoopback ? 'loopback' : 'ether',
    address: mac,
    broadcast: isLoopback ? mac : 'ff:ff:ff:ff:ff:ff',
    promiscuity: 0,
    ...(info === undefined ? {} : { linkinfo: info }),
    ...(slot === undefined ? {} : { parentbus: 'pci', parentdev: slot }),
  };
}

export const answerLinks = sectioned(({ node }) => {
  const links = linksOf(node);
  const addresses = links.map((link) => ({
    ...ipLink(link),
    addr_info:
      link.name === 'br0'
        ? [{ family: 'inet', local: node.address, prefixlen: 16, scope: 'global', label: 'br0' }]
        : link.name === 'lo'
          ? [{ family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host', label: 'lo' }]
          : [],
  }));
  const speedOf = ({ kind }: IpLink): string =>
    kind === 'port' ? '10000' : kind === 'bond' ? '20000' : kind === 'tap' ? '10' : '';
  const sysfs = links.flatMap((link) => [
    `${link.name}/carrier=1`,
    `${link.name}/speed=${speedOf(link)}`,
    `${link.name}/duplex=${speedOf(link) === '' ? '' : 'full'}`,
  ]);
  const linkLine = (path: string, target: string): string =>
    `lrwxrwxrwx 1 root root 0 Nov 22 11:00 ${path} -> ${target}`;
  const devices = links.map(({ name, slot }) =>
    linkLine(
      `/sys/class/net/${name}`,
      slot === undefined
        ? `../../devices/virtual/net/${name}`
        : `../../devices/pci0000:16/0000:16:02.0/${slot}/net/${name}`,
    ),
  );
  const ofPorts = ports.flatMap(([name, slot]) => [
    linkLine(`/sys/class/net/${name}/device`, `../../../${slot}`),
    linkLine(`/sys/class/net/${name}/device/driver`, `../../../../bus/pci/drivers/${driver}`),
  ]);
  const udev = ports.flatMap(([name, slot], index) =>
    [
      'ID_BUS=pci',
      'ID_VENDOR_ID=0x15b3',
      'ID_MODEL_ID=0x1015',
      'ID_VENDOR_FROM_DATABASE=Mellanox Technologies',
      'ID_MODEL_FROM_DATABASE=MT27710 Family [ConnectX-4 Lx]',
      `ID_NET_DRIVER=${driver}`,
      `ID_NET_NAME=${name}`,
      `ID_PATH=pci-${slot}`,
    ].map((property) => `/run/udev/data/n${index + 2}:E:${property}`),
  );
  return [
    printed('ip-link', JSON.stringify(links.map(ipLink))),
    printed('ip-addr', JSON.stringify(addresses)),
    printed('sysfs', sysfs.join('\n')),
    printed('devices', [...devices, ...ofPorts].join('\n')),
    printed('udev', udev.join('\n')),
    toolSection('lspci', { status: 0 }),
  ];
});
