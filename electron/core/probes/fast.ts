import type { FastSample } from '#shared/model/hardware.ts';
import { beginSection, headingInHereDocument, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';

/** A line of a file by the shell itself: no process. An absent file gives an empty line, not the one read before. */
const readLine = (file: string) => `l=; IFS= read -r l <${file}; printf '%s\\n' "$l"`;

/**
 * Runs every few seconds on every node, so it starts two processes and no more: `cat` for the two files whose length nobody
 * knows, with the second's heading between them from a here-document, and `date`, because no file tells the time of day to
 * less than a second. `/proc/stat` is cut to its first line on the node: its `intr` line alone is 20 KB on a large machine.
 */
export const fastCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    beginSection('stat'),
    readLine('/proc/stat'),
    beginSection('online'),
    `l=; IFS= read -r l </sys/devices/system/cpu/online; if [ -n "$l" ]; then printf '%s\\n' "$l"; else cat /proc/stat; fi`,
    beginSection('meminfo'),
    `a=; b=; c=; { IFS= read -r a; IFS= read -r b; IFS= read -r c; } </proc/meminfo; printf '%s\\n' "$a" "$b" "$c"`,
    beginSection('boot-id'),
    readLine('/proc/sys/kernel/random/boot_id'),
    beginSection('loadavg'),
    readLine('/proc/loadavg'),
    beginSection('uptime'),
    readLine('/proc/uptime'),
    beginSection('net-dev'),
    `cat /proc/net/dev - /proc/diskstats <<@@\n${headingInHereDocument('diskstats')}@@`,
    beginSection('clock'),
    'date +%s%N',
  ]),
};

export const fastProbe: Probe<FastSample> = {
  id: 'fast',
  command: fastCommand,
  deadlineMs: 8_000,
  parse: parseFast,
};

/** Reads `/proc` as proc(5) describes it. Every value must be there: a sample without one of them is no sample. */
export function parseFast(output: ProbeOutput): Parsed<FastSample> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const textOf = (name: string) => sectionOf(split.value, name).text;

  const ticks = cpuTicks(textOf('stat'));
  if (ticks === null) return notUnderstood('/proc/stat', textOf('stat'));
  const onlineCpus = countOnline(textOf('online'));
  if (onlineCpus === null) return notUnderstood('/sys/devices/system/cpu/online', textOf('online'));
  const memoryTotalBytes = meminfoBytes(textOf('meminfo'), 'MemTotal');
  const memoryAvailableBytes = meminfoBytes(textOf('meminfo'), 'MemAvailable');
  if (memoryTotalBytes === null || memoryAvailableBytes === null) {
    return notUnderstood('/proc/meminfo', textOf('meminfo'));
  }
  const uptimeSeconds = decimal(/^(\d+\.\d+) \d+\.\d+\n/.exec(textOf('uptime'))?.[1]);
  if (uptimeSeconds === null) return notUnderstood('/proc/uptime', textOf('uptime'));
  const load1 = decimal(/^(\d+\.\d+) \d+\.\d+ \d+\.\d+ /.exec(textOf('loadavg'))?.[1]);
  if (load1 === null) return notUnderstood('/proc/loadavg', textOf('loadavg'));
  const network = networkCounters(textOf('net-dev'));
  if (network === null) return notUnderstood('/proc/net/dev', textOf('net-dev'));
  const disks = diskCounters(textOf('diskstats'));
  if (disks === null) return notUnderstood('/proc/diskstats', textOf('diskstats'));
  const clockMs = clock(textOf('clock'));
  if (clockMs === null) return notUnderstood('date +%s%N', textOf('clock'));

  return parsedValue({
    uptimeSeconds,
    bootId: /^[0-9a-f-]{36}$/.exec(textOf('boot-id').trim())?.[0] ?? null,
    ...ticks,
    onlineCpus,
    memoryTotalBytes,
    memoryAvailableBytes,
    load1,
    network,
    disks,
    clockMs,
  });
}

/**
 * The number of CPUs in a kernel CPU list (`0-3,8`), as in `/sys/devices/system/cpu/online`; or counted from the `cpuN` lines
 * of `/proc/stat`, which has only those online. `null` where it is neither.
 */
export function countOnline(text: string): number | null {
  const list = text.trim();
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) {
    const lines = list.match(/^cpu\d+ /gm);
    return lines === null ? null : lines.length;
  }
  let count = 0;
  for (const range of list.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    if (last < first) return null;
    count += last - first + 1;
  }
  return count;
}

/** A line of `/proc/meminfo` in bytes; its "kB" are 1024 bytes. */
export function meminfoBytes(text: string, name: string): number | null {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * Busy and total time of all cores. Waiting for a disk (iowait) is not busy; guest time is already within user and nice,
 * so it is not added again (proc(5)).
 */
function cpuTicks(text: string): Pick<FastSample, 'cpuBusyTicks' | 'cpuTotalTicks'> | null {
  const numbers = /^cpu +(\d+(?: \d+){3,})\n/.exec(text)?.[1]?.split(' ').map(Number);
  if (numbers === undefined) return null;
  const cpuTotalTicks = numbers.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  return { cpuBusyTicks: cpuTotalTicks - (numbers[3] ?? 0) - (numbers[4] ?? 0), cpuTotalTicks };
}

function networkCounters(text: string): FastSample['network'] | null {
  const counters: Record<string, { rxBytes: number; txBytes: number }> = {};
  const [first, , ...lines] = text.split('\n');
  if (first === undefined || !first.startsWith('Inter-|')) return null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const [, name, rest] = /^ *([^\s:]+): *(\d+(?: +\d+){8,})$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) return null;
    const numbers = rest.split(/ +/);
    counters[name] = { rxBytes: Number(numbers[0]), txBytes: Number(numbers[8]) };
  }
  return counters;
}

/** What is no disk of the machine: made of others or of memory, removable, or somewhere else in the network. */
const notADisk = /^(?:loop|ram|zram|dm-|md|sr|fd|nbd|rbd|drbd|zd|bcache)\d|^nvme\d+c\d+n\d+$/;

function diskCounters(text: string): FastSample['disks'] | null {
  const counters: Record<string, { readBytes: number; writtenBytes: number }> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const fields = line.trim().split(/ +/);
    const [name, sectorsRead, sectorsWritten] = [fields[2], fields[5], fields[9]];
    if (name === undefined || !/^\d+$/.test(sectorsRead ?? '') || !/^\d+$/.test(sectorsWritten ?? '')) return null;
    if (notADisk.test(name)) continue;
    // The kernel counts in sectors of 512 bytes whatever the disk's own are (Documentation/admin-guide/iostats.rst).
    counters[name] = { readBytes: Number(sectorsRead) * 512, writtenBytes: Number(sectorsWritten) * 512 };
  }
  for (const name of Object.keys(counters)) {
    const disk = /^(.*\d)p\d+$/.exec(name)?.[1] ?? /^(.*\D)\d+$/.exec(name)?.[1];
    if (disk !== undefined && disk in counters) delete counters[name];
  }
  return counters;
}

/** `date` of BusyBox knows no `%N`: then the clock is known to the second only. */
function clock(text: string): number | null {
  const digits = /^(\d{9,19})[%N]*\n/.exec(text)?.[1];
  if (digits === undefined) return null;
  return digits.length > 12 ? Math.floor(Number(digits.slice(0, -3)) / 1000) : Number(digits) * 1000;
}

function decimal(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function notUnderstood(what: string, text: string): Parsed<never> {
  const said = text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 60);
  return parsedUnknown(`${what} was not understood: ${said === '' ? 'it is empty' : `“${said}”`}`);
}
