import { attribute, childOf, childrenOf, parseXml } from '../xml/xml.ts';
import type { XmlElement } from '../xml/xml.ts';
import { numberOf, textOf } from './untrusted.ts';

/** What a domain's XML says of it (libvirt.org/formatdomain.html). `null` where it does not. */
export interface DomainDefinition {
  readonly name: string;
  readonly uuid: string | null;
  readonly memoryBytes: number | null;
  readonly vcpus: number | null;
  /** PCI addresses passed through, as the kernel writes them: `0000:00:03.0`. */
  readonly hostDevices: readonly string[];
}

/** The definitions in the outputs of `virsh dumpxml`, one after the other; one that is damaged is left out. */
export function domainDefinitions(text: string): readonly DomainDefinition[] {
  return text
    .split(/^(?=<domain[\s>])/m)
    .map(definitionOf)
    .filter((definition) => definition !== null);
}

function definitionOf(text: string): DomainDefinition | null {
  const end = text.lastIndexOf('</domain>');
  const domain = end < 0 ? undefined : parseXml(text.slice(0, end + '</domain>'.length));
  const name = textOf(childOf(domain, 'name')?.text);
  if (domain?.name !== 'domain' || name === null) return null;
  const devices = childOf(domain, 'devices');
  const passedThrough = [
    ...childrenOf(devices, 'hostdev').filter((device) => attribute(device, 'type') === 'pci'),
    // A virtual function that was given to the domain as its network card.
    ...childrenOf(devices, 'interface').filter((device) => attribute(device, 'type') === 'hostdev'),
  ];
  return {
    name,
    uuid: textOf(childOf(domain, 'uuid')?.text),
    memoryBytes: memoryBytes(childOf(domain, 'memory')),
    vcpus: numberOf(childOf(domain, 'vcpu')?.text),
    hostDevices: passedThrough.flatMap((device) => pciAddress(childOf(childOf(device, 'source'), 'address'))),
  };
}

const unitBytes: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TB: 1e12,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
};

/** What the domain may take at most: a balloon that is blown up now can be let out by the guest. KiB unless said. */
function memoryBytes(element: XmlElement | undefined): number | null {
  const amount = numberOf(element?.text);
  const unit = unitBytes[textOf(attribute(element, 'unit')) ?? 'KiB'];
  return amount === null || unit === undefined ? null : amount * unit;
}

/** `domain='0x0000' bus='0x00' slot='0x03' function='0x0'` as the kernel writes it; empty where it is no PCI address. */
function pciAddress(address: XmlElement | undefined): readonly string[] {
  const [domain, bus, slot, fn] = ['domain', 'bus', 'slot', 'function'].map((key) => {
    const digits = /^0x([0-9a-f]+)$/i.exec(attribute(address, key).trim())?.[1];
    return digits === undefined ? undefined : Number.parseInt(digits, 16);
  });
  if (bus === undefined || slot === undefined || fn === undefined) return [];
  const hex = (number: number, width: number) => number.toString(16).padStart(width, '0');
  return [`${hex(domain ?? 0, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`];
}
