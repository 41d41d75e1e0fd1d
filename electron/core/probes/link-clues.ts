import { numberOf } from './untrusted.ts';

/** What `/sys/class/net` tells of one link besides `ip`. */
export interface LinkClues {
  readonly carrier: boolean | null;
  readonly speedMbps: number | null;
  readonly duplex: string | null;
  readonly hasDevice: boolean;
  readonly driver: string | null;
  readonly pciSlot: string | null;
}

const pciAddress = /[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g;

/**
 * @param texts `sysfs`: lines `eth0/carrier=1`, with nothing or an error of `cat` where the kernel refuses to tell; `devices`:
 *   `ls -l` of the symbolic links.
 */
export function readLinkClues(texts: {
  readonly sysfs: string;
  readonly devices: string;
}): ReadonlyMap<string, LinkClues> {
  const values = new Map<string, string>();
  for (const match of texts.sysfs.matchAll(/^([^/\n]+\/(?:carrier|speed|duplex))=(.*)$/gm)) {
    values.set(match[1] ?? '', match[2] ?? '');
  }
  const targets = new Map<string, string>();
  for (const match of texts.devices.matchAll(/ \/sys\/class\/net\/(\S+) -> (.*)$/gm)) {
    targets.set(match[1] ?? '', match[2] ?? '');
  }

  const names = new Set([...values.keys(), ...targets.keys()].map((key) => key.split('/')[0] ?? ''));
  const clues = new Map<string, LinkClues>();
  for (const name of names) {
    const carrier = values.get(`${name}/carrier`);
    const speed = numberOf(values.get(`${name}/speed`));
    const duplex = values.get(`${name}/duplex`);
    clues.set(name, {
      carrier: carrier === '1' ? true : carrier === '0' ? false : null,
      // The kernel says -1 where the driver does not know (Documentation/ABI/testing/sysfs-class-net).
      speedMbps: speed !== null && speed > 0 ? speed : null,
      duplex: duplex === 'full' || duplex === 'half' ? duplex : null,
      hasDevice: targets.has(`${name}/device`),
      driver: targets.get(`${name}/device/driver`)?.split('/').at(-1) ?? null,
      // The last PCI address on the way to the device is its own; those before it are bridges.
      pciSlot: targets.get(name)?.match(pciAddress)?.at(-1) ?? null,
    });
  }
  return clues;
}

/** udev's properties by interface index; `text`: lines `/run/udev/data/n2:E:KEY=value` of `grep -H`. */
export function udevByIndex(text: string): ReadonlyMap<number, ReadonlyMap<string, string>> {
  const byIndex = new Map<number, Map<string, string>>();
  for (const match of text.matchAll(/^\/run\/udev\/data\/n(\d+):E:([A-Z0-9_]+)=(.*)$/gm)) {
    const index = Number(match[1]);
    const properties = byIndex.get(index) ?? new Map<string, string>();
    byIndex.set(index, properties.set(match[2] ?? '', match[3] ?? ''));
  }
  return byIndex;
}
