import type { PciDevice } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { chooseVirsh, dumpDomains } from './domains.ts';
import { domainDefinitions } from './libvirt-xml.ts';
import { lspciDevices } from './lspci.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { sysfsPciDevices } from './sysfs-pci.ts';

/** Libvirt is asked only where a device is in the hands of VFIO: without that none is passed through. */
export const pciDevicesCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    section('lspci', 'lspci -Dvmmnnk'),
    // The numbers without the names, where lspci is not installed.
    section(
      'sysfs',
      'command -v lspci >/dev/null || { for d in /sys/bus/pci/devices/*; do [ -d "$d" ] || continue; for f in class vendor device; do ' +
        `l=; IFS= read -r l <"$d/$f"; printf '%s/%s=%s\\n' "\${d##*/}" "$f" "$l"; done; done; ` +
        'ls -ld /sys/bus/pci/devices/*/driver /sys/bus/pci/devices/*/iommu_group; }',
    ),
    section(
      'dumpxml',
      `for d in /sys/bus/pci/drivers/vfio-pci/*:*; do [ -e "$d" ] || continue; ${chooseVirsh}; ${dumpDomains}; break; done`,
    ),
  ]),
};

export const pciDevicesProbe: Probe<readonly PciDevice[]> = {
  id: 'pciDevices',
  command: pciDevicesCommand,
  deadlineMs: 60_000,
  parse: parsePciDevices,
};

/** An empty list is an answer: a small ARM machine or a container has no PCI. */
export function parsePciDevices(output: ProbeOutput): Parsed<readonly PciDevice[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const lspci = sectionOf(split.value, 'lspci');
  const fromLspci = lspciDevices(lspci.text);
  const devices = fromLspci.length > 0 ? fromLspci : sysfsPciDevices(sectionOf(split.value, 'sysfs').text);
  if (devices.length === 0 && lspci.status !== 0 && lspci.status !== 127) {
    return parsedUnknown(reasonOf(lspci, 'lspci', output));
  }
  if (devices.length === 0 && lspci.text.trim() !== '') return parsedUnknown(reasonOf(lspci, 'lspci', output));
  const domainBySlot = new Map<string, string>();
  for (const { name, hostDevices } of domainDefinitions(sectionOf(split.value, 'dumpxml').text)) {
    for (const slot of hostDevices) domainBySlot.set(slot, name);
  }
  return parsedValue(
    devices.map((device) => ({
      ...device,
      // A domain that is shut off names its devices too; they are not with it now.
      vm: device.driver === 'vfio-pci' ? (domainBySlot.get(device.slot) ?? null) : null,
    })),
  );
}
