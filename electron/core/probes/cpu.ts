import type { CpuFacts } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { countOnline } from './fast.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { linesOf } from './untrusted.ts';

/** `/proc/cpuinfo` is cut on the node: with 256 CPUs its flags alone are 300 KB. */
export const cpuCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    section(
      'cpuinfo',
      `grep -iE '^(processor|model name|model|cpu|cpu model|hardware|physical id|core id)[[:space:]]*:' /proc/cpuinfo`,
    ),
    section('online', 'cat /sys/devices/system/cpu/online'),
    section(
      'topology',
      `for f in /sys/devices/system/cpu/cpu[0-9]*/topology/physical_package_id /sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list; do ` +
        `l=; IFS= read -r l <"$f" && printf '%s=%s\\n' "\${f##*/}" "$l"; done`,
    ),
    // ARM's cpuinfo has numbers where x86 has a name; lscpu knows them by heart.
    section('lscpu', 'lscpu'),
  ]),
};

export const cpuProbe: Probe<CpuFacts> = { id: 'cpu', command: cpuCommand, deadlineMs: 15_000, parse: parseCpu };

/**
 * Sockets are the different packages, cores the different groups of sibling threads (the kernel's admin-guide/cputopology);
 * where `/sys` does not tell, `/proc/cpuinfo` of x86 does, and where neither does, each thread is a core of one socket.
 */
export function parseCpu(output: ProbeOutput): Parsed<CpuFacts> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const textOf = (name: string) => sectionOf(split.value, name).text;
  const cpuinfo = textOf('cpuinfo');

  const processors = linesOf(cpuinfo).filter((line) => /^processor\s*:/.test(line)).length;
  const threads = countOnline(textOf('online')) ?? processors;
  if (threads === 0) return parsedUnknown('neither /sys/devices/system/cpu nor /proc/cpuinfo tells of a CPU');

  const topology = textOf('topology');
  const packages = new Set(matches(topology, /^physical_package_id=(\d+)$/gm));
  const siblings = new Set(matches(topology, /^thread_siblings_list=([\d,-]+)$/gm));
  const ofCpuinfo = cpuinfoTopology(cpuinfo);
  return parsedValue({
    model: modelName(cpuinfo, textOf('lscpu')),
    sockets: packages.size || ofCpuinfo.sockets || 1,
    cores: siblings.size || ofCpuinfo.cores || threads,
    threads,
  });
}

/** x86 and LoongArch say `model name`, POWER `cpu`, MIPS `cpu model`; old ARM and others leave it to `Hardware` or to lscpu. */
function modelName(cpuinfo: string, lscpu: string): string {
  for (const key of ['model name', 'cpu model', 'cpu', 'hardware', 'model']) {
    const value = new RegExp(`^${key}\\s*:(.*)$`, 'im').exec(cpuinfo)?.[1]?.trim();
    // A bare number is the family's or model's code, not its name.
    if (value !== undefined && /[A-Za-z]/.test(value)) return value;
  }
  const vendor = /^Vendor ID:\s*(.*)$/m.exec(lscpu)?.[1]?.trim();
  const model = /^Model name:\s*(.*)$/m.exec(lscpu)?.[1]?.trim();
  if (model !== undefined && model !== '' && model !== '-') return [vendor, model].filter(Boolean).join(' ');
  return 'unknown model';
}

function cpuinfoTopology(cpuinfo: string): { readonly sockets: number; readonly cores: number } {
  const sockets = new Set<string>();
  const cores = new Set<string>();
  let socket = '';
  for (const line of linesOf(cpuinfo)) {
    const [, key, value = ''] = /^(physical id|core id)\s*:\s*(\d+)/.exec(line) ?? [];
    if (key === 'physical id') {
      socket = value;
      sockets.add(value);
    } else if (key === 'core id') cores.add(`${socket}/${value}`);
  }
  return { sockets: sockets.size, cores: cores.size };
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}
