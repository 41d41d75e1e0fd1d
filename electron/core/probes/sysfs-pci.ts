import type { LspciDevice } from './lspci.ts';

/** The base classes of PCI (PCI Code and ID Assignment Specification 1.11, chapter 1), for nodes without lspci. */
const classNames: Readonly<Record<string, string>> = {
  '01': 'Mass storage controller',
  '02': 'Network controller',
  '03': 'Display controller',
  '04': 'Multimedia controller',
  '05': 'Memory controller',
  '06': 'Bridge',
  '07': 'Communication controller',
  '08': 'System peripheral',
  '09': 'Input device controller',
  '0b': 'Processor',
  '0c': 'Serial bus controller',
  '0d': 'Wireless controller',
  '12': 'Processing accelerator',
};

/** `SLOT/class=0x020000` lines, and `ls -l` of the links `driver` and `iommu_group`. Names are not known there: ids stand in. */
export function sysfsPciDevices(text: string): readonly LspciDevice[] {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^(\S+\/(?:class|vendor|device))=0x([0-9a-f]+)$/gm)) {
    values.set(match[1] ?? '', match[2] ?? '');
  }
  for (const match of text.matchAll(/ \/sys\/bus\/pci\/devices\/(\S+\/(?:driver|iommu_group)) -> \S*?([^/\s]+)$/gm)) {
    values.set(match[1] ?? '', match[2] ?? '');
  }
  const slots = new Set([...values.keys()].map((key) => key.split('/')[0] ?? ''));
  return [...slots].map((slot) => {
    const code = values.get(`${slot}/class`) ?? '';
    const vendorId = values.get(`${slot}/vendor`) ?? null;
    const deviceId = values.get(`${slot}/device`) ?? null;
    const group = values.get(`${slot}/iommu_group`);
    return {
      slot,
      className: classNames[code.slice(0, 2)] ?? `Class ${code.slice(0, 4)}`,
      vendor: `Vendor ${vendorId ?? ''}`.trim(),
      device: `Device ${deviceId ?? ''}`.trim(),
      vendorId,
      deviceId,
      driver: values.get(`${slot}/driver`) ?? null,
      iommuGroup: group !== undefined && /^\d+$/.test(group) ? Number(group) : null,
    };
  });
}
