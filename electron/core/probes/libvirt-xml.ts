import { XMLParser } from 'fast-xml-parser';
import { numberOf, recordOf, recordsOf, textOf } from './untrusted.ts';

/** What a domain's XML says of it (libvirt.org/formatdomain.html). `null` where it does not. */
export interface DomainDefinition {
  readonly name: string;
  readonly uuid: string | null;
  readonly memoryBytes: number | null;
  readonly vcpus: number | null;
  /** PCI addresses passed through, as the kernel writes them: `0000:00:03.0`. */
  readonly hostDevices: readonly string[];
}

/** Only these can repeat; everything else is a single element, so that a lone device is an array too. */
const repeating = new Set(['domain.devices.hostdev', 'domain.devices.interface']);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  isArray: (_name, path) => repeating.has(String(path)),
});

/** The definitions in the outputs of `virsh dumpxml`, one after the other; one that is damaged is left out. */
export function domainDefinitions(text: string): readonly DomainDefinition[] {
  return text
    .split(/^(?=<domain[\s>])/m)
    .map(definitionOf)
    .filter((definition) => definition !== null);
}

function definitionOf(xml: string): DomainDefinition | null {
  if (!xml.startsWith('<domain') || !xml.includes('</domain>')) return null;
  let document: unknown;
  try {
    document = parser.parse(xml);
  } catch {
    return null;
  }
  const domain = recordOf(recordOf(document)?.['domain']);
  const name = textOf(domain?.['name']);
  if (domain === null || name === null) return null;
  const devices = recordOf(domain['devices']);
  const passedThrough = [
    ...recordsOf(devices?.['hostdev']).filter((device) => device['@type'] === 'pci'),
    // A virtual function that was given to the domain as its network card.
    ...recordsOf(devices?.['interface']).filter((device) => device['@type'] === 'hostdev'),
  ];
  return {
    name,
    uuid: textOf(domain['uuid']),
    memoryBytes: memoryBytes(domain['memory']),
    vcpus: numberOf(elementText(domain['vcpu'])),
    hostDevices: passedThrough.flatMap((device) => pciAddress(recordOf(recordOf(device['source'])?.['address']))),
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
function memoryBytes(element: unknown): number | null {
  const amount = numberOf(elementText(element));
  const unit = unitBytes[textOf(recordOf(element)?.['@unit']) ?? 'KiB'];
  return amount === null || unit === undefined ? null : amount * unit;
}

function elementText(element: unknown): unknown {
  return recordOf(element)?.['#text'] ?? element;
}

/** `domain='0x0000' bus='0x00' slot='0x03' function='0x0'` as the kernel writes it; empty where it is no PCI address. */
function pciAddress(address: Readonly<Record<string, unknown>> | null): readonly string[] {
  const [domain, bus, slot, fn] = ['@domain', '@bus', '@slot', '@function'].map((key) => {
    const digits = /^0x([0-9a-f]+)$/i.exec(textOf(address?.[key]) ?? '')?.[1];
    return digits === undefined ? undefined : Number.parseInt(digits, 16);
  });
  if (bus === undefined || slot === undefined || fn === undefined) return [];
  const hex = (number: number, width: number) => number.toString(16).padStart(width, '0');
  return [`${hex(domain ?? 0, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`];
}
