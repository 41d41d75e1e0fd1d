/** One device as `lspci -Dvmmnnk` tells it; ids without `0x`, `null` where it does not say. */
export interface LspciDevice {
  readonly slot: string;
  readonly className: string;
  readonly vendor: string;
  readonly device: string;
  readonly vendorId: string | null;
  readonly deviceId: string | null;
  readonly driver: string | null;
  readonly iommuGroup: number | null;
}

/** Reads the machine-readable verbose form of lspci(8): one `Tag:\tvalue` a line, a blank line between devices. */
export function lspciDevices(text: string): readonly LspciDevice[] {
  const devices: LspciDevice[] = [];
  for (const record of text.split(/\n\s*\n/)) {
    const tags = new Map<string, string>();
    for (const match of record.matchAll(/^([A-Za-z]+):\t(.*)$/gm)) {
      // A device with several modules repeats the tag; the first is the one that counts.
      const tag = match[1] ?? '';
      if (!tags.has(tag)) tags.set(tag, (match[2] ?? '').trim());
    }
    const slot = tags.get('Slot');
    const className = tags.get('Class');
    if (slot === undefined || className === undefined) continue;
    const vendor = nameAndId(tags.get('Vendor') ?? '');
    const device = nameAndId(tags.get('Device') ?? '');
    const group = tags.get('IOMMUGroup');
    devices.push({
      slot,
      className: nameAndId(className).name,
      vendor: vendor.name,
      device: device.name,
      vendorId: vendor.id,
      deviceId: device.id,
      driver: tags.get('Driver') ?? null,
      iommuGroup: group !== undefined && /^\d+$/.test(group) ? Number(group) : null,
    });
  }
  return devices;
}

/** `Intel Corporation [8086]` in its two parts; of a name that lspci does not know only `Vendor` or `Device` is left, so the id stays. */
function nameAndId(text: string): { readonly name: string; readonly id: string | null } {
  const [, name, id] = /^(.*) \[([0-9a-f]{4})\]$/.exec(text) ?? [];
  if (name === undefined || id === undefined) return { name: text, id: null };
  return { name: name === 'Vendor' || name === 'Device' ? `${name} ${id}` : name, id };
}
