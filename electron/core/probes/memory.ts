import type { MemoryFacts } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { meminfoBytes } from './fast.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { firstWords, reasonOf } from './reasons.ts';

export const memoryCommand: RemoteCommand = {
  privilege: 'root',
  script: sectionScript([
    section('meminfo', 'head -n 3 /proc/meminfo'),
    section('dmidecode', 'timeout 10 dmidecode -q -t 17'),
  ]),
};

export const memoryProbe: Probe<MemoryFacts> = {
  id: 'memory',
  command: memoryCommand,
  deadlineMs: 20_000,
  parse: parseMemory,
};

/**
 * The memory that is installed: the sum of DMI's memory devices (SMBIOS 3.7, type 17). MemTotal, which is less by what the
 * kernel and the firmware keep, stands in where DMI is not to be had, and where it tells less than there is.
 */
export function parseMemory(output: ProbeOutput): Parsed<MemoryFacts> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const meminfo = sectionOf(split.value, 'meminfo');
  const memTotal = meminfoBytes(meminfo.text, 'MemTotal');
  if (memTotal === null) return parsedUnknown(`/proc/meminfo was not understood: “${firstWords(meminfo.text)}”`);

  const dmidecode = sectionOf(split.value, 'dmidecode');
  const installed = installedBytes(dmidecode.text);
  if (installed >= memTotal) return parsedValue({ installedBytes: installed, source: 'dmi', sourceReason: null });
  const sourceReason = installed > 0 ? 'DMI tells of less memory than the kernel has' : dmiReason();
  return parsedValue({ installedBytes: memTotal, source: 'meminfo', sourceReason });

  function dmiReason(): string {
    // Without DMI in /sys dmidecode looks into the memory itself, which a container does not have.
    if (/no smbios nor dmi entry point|\/dev\/mem: no such file/i.test(dmidecode.text + dmidecode.error)) {
      return 'this node has no DMI (a container, or a machine without it)';
    }
    if (dmidecode.status === 0 && dmidecode.text.trim() === '') return 'DMI names no memory device';
    return reasonOf(dmidecode, 'dmidecode', output);
  }
}

const unitBytes: Readonly<Record<string, number>> = {
  bytes: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/** A persistent memory module counts with its volatile part alone, which newer versions of dmidecode tell apart. */
function installedBytes(text: string): number {
  let sum = 0;
  for (const device of text.split(/\n\s*\n/)) {
    if (!/^Memory Device$/m.test(device)) continue;
    const isPersistent = sizeIn(device, 'Non-Volatile Size') > 0;
    sum += sizeIn(device, isPersistent ? 'Volatile Size' : 'Size');
  }
  return sum;
}

/** `Size: 16 GB`; what is no amount (`No Module Installed`, `None`, `Unknown`) is none. */
function sizeIn(device: string, key: string): number {
  const [, amount, unit = ''] = new RegExp(`^\\s+${key}: (\\d+) (\\w+)\\s*$`, 'm').exec(device) ?? [];
  return amount === undefined ? 0 : Number(amount) * (unitBytes[unit] ?? 0);
}
