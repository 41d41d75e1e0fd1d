import type { SystemFacts } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { firstWords } from './reasons.ts';

/** Serial numbers are readable by root alone; without root everything else still comes. */
export const systemCommand: RemoteCommand = {
  privilege: 'root',
  script: sectionScript([
    section('os-release', 'cat /etc/os-release || cat /usr/lib/os-release'),
    section('uname', 'uname -a'),
    section('machine-id', 'cat /etc/machine-id'),
    section('boot-id', 'cat /proc/sys/kernel/random/boot_id'),
    section(
      'dmi',
      'for f in sys_vendor product_name product_serial chassis_serial bios_version; do ' +
        `printf '%s=' $f; cat /sys/class/dmi/id/$f 2>&1; done`,
    ),
    // Machines without DMI (most of ARM, POWER, RISC-V) name themselves in the device tree; its strings end in NUL.
    section(
      'devicetree',
      'for f in model serial-number; do [ -r /proc/device-tree/$f ] || continue; ' +
        `printf '%s=' $f; tr '\\0' '\\n' </proc/device-tree/$f; done`,
    ),
  ]),
};

export const systemProbe: Probe<SystemFacts> = {
  id: 'system',
  command: systemCommand,
  deadlineMs: 15_000,
  parse: parseSystem,
};

/** What makers leave in a field that they did not fill. */
const placeholder =
  /^(to be filled by o\.?e\.?m\.?|not specified|not applicable|default string|system (serial number|product name|manufacturer)|none|n\/a|0+|0123456789|unknown|x+)$/i;

export function parseSystem(output: ProbeOutput): Parsed<SystemFacts> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const textOf = (name: string) => sectionOf(split.value, name).text;

  const [, hostname, kernel] = /^\S+ (\S+) (\S+) /.exec(textOf('uname')) ?? [];
  if (hostname === undefined || kernel === undefined) {
    return parsedUnknown(`uname was not understood: “${firstWords(textOf('uname'))}”`);
  }
  const machineId = /^[0-9a-f]{32}$/.exec(textOf('machine-id').trim())?.[0];
  if (machineId === undefined) return parsedUnknown('/etc/machine-id has no machine id');
  const bootId = /^[0-9a-f-]{36}$/.exec(textOf('boot-id').trim())?.[0];
  if (bootId === undefined) return parsedUnknown('/proc/sys/kernel/random/boot_id has no boot id');

  const dmi = fields(textOf('dmi'));
  const tree = fields(textOf('devicetree'));
  const serial = dmi.get('product_serial') ?? dmi.get('chassis_serial') ?? tree.get('serial-number') ?? null;
  return parsedValue({
    hostname,
    machineId,
    bootId,
    osName: osName(textOf('os-release')),
    kernel,
    vendor: dmi.get('sys_vendor') ?? null,
    model: dmi.get('product_name') ?? tree.get('model') ?? null,
    serial,
    biosVersion: dmi.get('bios_version') ?? null,
    serialReason: serial === null ? serialReason(textOf('dmi'), output) : null,
  });
}

/** `PRETTY_NAME` of os-release(5), else `NAME`, else plain Linux: os-release(5) gives the same default. */
function osName(text: string): string {
  for (const key of ['PRETTY_NAME', 'NAME']) {
    const value = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1];
    const name = value?.replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\\(.)/g, '$1');
    if (name !== undefined && name !== '') return name;
  }
  return 'Linux';
}

/** The fields that say something: no error of `cat`, no placeholder of the maker. */
function fields(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([a-z_-]+)=(.*)$/.exec(line) ?? [];
    const said = value?.trim();
    if (key === undefined || said === undefined || said === '') continue;
    if (said.startsWith('cat: ') || placeholder.test(said)) continue;
    found.set(key, said);
  }
  return found;
}

function serialReason(dmi: string, output: ProbeOutput): string {
  if (/^product_serial=.*permission denied/im.test(dmi)) {
    return output.withoutRootBecause ?? 'only root may read it';
  }
  if (/^product_serial=.*no such file/im.test(dmi))
    return 'this node has no DMI (a container, or a machine without it)';
  return 'the maker left it empty';
}
