import type { NodeLink } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { readLinkClues, udevByIndex, type LinkClues } from './link-clues.ts';
import { lspciDevices } from './lspci.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { numberOf, parseJson, recordOf, recordsOf, textOf, textsOf } from './untrusted.ts';

export const linksCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    section('ip-link', 'ip -j -d link'),
    section('ip-addr', 'ip -j addr'),
    // Read by the shell itself: a hypervisor with 300 taps would cost 900 processes. Reading fails where a link is down.
    section(
      'sysfs',
      '{ for i in /sys/class/net/*; do [ -d "$i" ] || continue; for f in carrier speed duplex; do ' +
        `l=; IFS= read -r l <"$i/$f"; printf '%s/%s=%s\\n' "\${i##*/}" "$f" "$l"; done; done; } 2>/dev/null`,
    ),
    // Where each link's device is, and its driver; `ls -l` tells of all symbolic links at once.
    section('devices', 'ls -ld /sys/class/net/* /sys/class/net/*/device /sys/class/net/*/device/driver'),
    section('udev', `grep -H '^E:ID_' /run/udev/data/n[0-9]*`),
    // Where udev did not look the names up (in a container, or without its hardware database), lspci may.
    section(
      'lspci',
      'if ls -d /sys/class/net/*/device >/dev/null 2>&1 && ' +
        '! grep -qs ^E:ID_VENDOR_FROM_DATABASE= /run/udev/data/n[0-9]*; then lspci -Dvmmnnk; fi',
    ),
  ]),
};

export const linksProbe: Probe<readonly NodeLink[]> = {
  id: 'links',
  command: linksCommand,
  deadlineMs: 15_000,
  parse: parseLinks,
};

type IpLink = Readonly<Record<string, unknown>>;

/** Reads `ip -j -d link` (iproute2) and what `/sys/class/net` and udev add to it; in the kernel's order. */
export function parseLinks(output: ProbeOutput): Parsed<readonly NodeLink[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const textIn = (name: string) => sectionOf(split.value, name).text;

  const ipLink = sectionOf(split.value, 'ip-link');
  const links = recordsOf(parseJson(ipLink.text)).filter((link) => textOf(link['ifname']) !== null);
  if (links.length === 0) return parsedUnknown(reasonOf(ipLink, 'ip -j link', output));
  const addresses = addressesByName(recordsOf(parseJson(textIn('ip-addr'))));
  const clues = readLinkClues({ sysfs: textIn('sysfs'), devices: textIn('devices') });
  const udev = udevByIndex(textIn('udev'));
  const pci = new Map(lspciDevices(textIn('lspci')).map((device) => [device.slot, device]));

  const isMachine = links.some((link) => hasDevice(link, clues.get(nameOf(link))));
  return parsedValue(
    links.map((link): NodeLink => {
      const name = nameOf(link);
      const clue = clues.get(name);
      const known = udev.get(numberOf(link['ifindex']) ?? 0);
      const info = recordOf(link['linkinfo']);
      const kind = textOf(info?.['info_kind']);
      const data = recordOf(info?.['info_data']);
      const flags = textsOf(link['flags']);
      const type = linkType(link, kind, clue, isMachine);
      const pciSlot = clue?.pciSlot ?? (link['parentbus'] === 'pci' ? textOf(link['parentdev']) : null);
      const device = pciSlot === null ? undefined : pci.get(pciSlot);
      const otherName = textsOf(link['altnames'])[0] ?? known?.get('ID_NET_NAME') ?? null;
      return {
        name,
        deviceName: otherName === name ? null : otherName,
        mac: link['link_type'] === 'ether' || link['link_type'] === 'infiniband' ? textOf(link['address']) : null,
        isAdminUp: flags.includes('UP'),
        operState: (textOf(link['operstate']) ?? 'UNKNOWN').toLowerCase(),
        hasCarrier: flags.includes('UP') ? (clue?.carrier ?? flags.includes('LOWER_UP')) : null,
        mtu: numberOf(link['mtu']) ?? 0,
        speedMbps: clue?.speedMbps ?? null,
        duplex: clue?.duplex ?? null,
        driver: clue?.driver ?? known?.get('ID_NET_DRIVER') ?? device?.driver ?? kind,
        type,
        vendor: known?.get('ID_VENDOR_FROM_DATABASE') ?? device?.vendor ?? null,
        model: known?.get('ID_MODEL_FROM_DATABASE') ?? device?.device ?? null,
        pciSlot,
        deviceId: udevDeviceId(known) ?? (device?.vendorId ? `${device.vendorId}:${device.deviceId ?? ''}` : null),
        master: textOf(link['master']),
        bondMode: kind === 'bond' ? textOf(data?.['mode']) : null,
        vlanId: kind === 'vlan' ? numberOf(data?.['id']) : null,
        parent: kind === 'vlan' || kind === 'macvlan' || kind === 'ipvlan' ? textOf(link['link']) : null,
        addresses: addresses.get(name) ?? [],
      };
    }),
  );
}

/**
 * What carries traffic off the node is a link with a device of its own (`parentbus`, or a `device` link in `/sys`).
 * A container has none: there, and only there, the end of a veth, macvlan or ipvlan whose other end is in another network
 * namespace is its way out. On a machine those are ways into its own containers and count as `other`.
 */
function linkType(
  link: IpLink,
  kind: string | null,
  clue: LinkClues | undefined,
  isMachine: boolean,
): NodeLink['type'] {
  if (link['link_type'] === 'loopback') return 'loopback';
  switch (kind) {
    case 'bond':
    case 'team':
      return 'bond';
    case 'bridge':
    case 'openvswitch':
      return 'bridge';
    case 'vlan':
      return 'vlan';
    case 'tun':
    case 'macvtap':
    case 'ipvtap':
      return 'tap';
    case 'veth':
    case 'macvlan':
    case 'ipvlan':
      return !isMachine && link['link_netnsid'] !== undefined ? 'physical' : 'other';
    default:
      return hasDevice(link, clue) ? 'physical' : 'other';
  }
}

function hasDevice(link: IpLink, clue: LinkClues | undefined): boolean {
  return clue?.hasDevice === true || textOf(link['parentbus']) !== null;
}

function nameOf(link: IpLink): string {
  return textOf(link['ifname']) ?? '';
}

function udevDeviceId(known: ReadonlyMap<string, string> | undefined): string | null {
  const [vendor, model] = ['ID_VENDOR_ID', 'ID_MODEL_ID'].map((key) => known?.get(key)?.replace(/^0x/, ''));
  return vendor === undefined || model === undefined ? null : `${vendor}:${model}`;
}

function addressesByName(links: readonly IpLink[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    links.map((link) => [
      nameOf(link),
      recordsOf(link['addr_info']).flatMap((info) => {
        const local = textOf(info['local']);
        return local === null ? [] : [`${local}/${numberOf(info['prefixlen']) ?? ''}`];
      }),
    ]),
  );
}
