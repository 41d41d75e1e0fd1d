import type { Filesystem } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { linesOf } from './untrusted.ts';

/** Folders that are worth a line of their own, also where they are no mount points. */
export const watchedFolders: readonly string[] = ['/var/log', '/mnt/data', '/mnt/containers'];

/** `-l`: a dead NFS server would hang `df` for ever. A watched folder may lie on one, hence its own time limit. */
export const filesystemsCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    section('df', 'timeout 10 df -l -B1 -P'),
    // Without the options, which may name what nobody else should read.
    section('mounts', `while read -r d m t o; do printf '%s %s %s\\n' "$d" "$m" "$t"; done </proc/self/mounts`),
    ...watchedFolders.map((folder) => section(`df.${folder}`, `[ -d ${folder} ] && timeout 5 df -B1 -P ${folder}`)),
  ]),
};

export const filesystemsProbe: Probe<readonly Filesystem[]> = {
  id: 'filesystems',
  command: filesystemsCommand,
  deadlineMs: 40_000,
  parse: parseFilesystems,
};

/** Filesystems of memory and of the kernel: they hold nothing that anybody keeps. */
const memoryTypes = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'squashfs', 'efivarfs', 'proc', 'sysfs', 'fuse.lxcfs']);
/** Where the system itself mounts things: a container's view of its host, snaps, images. */
const systemMounts = /^\/(run|proc|sys|dev|snap)(\/|$)/;

/** The local filesystems by mount point, then the watched folders that are no mount points, each with where it lives. */
export function parseFilesystems(output: ProbeOutput): Parsed<readonly Filesystem[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const df = sectionOf(split.value, 'df');
  const types = mountTypes(sectionOf(split.value, 'mounts').text);
  const all = dfLines(df.text, types);
  if (all.length === 0) return parsedUnknown(reasonOf(df, 'df', output));

  const kept = all.filter(({ mountPoint, device, type }) => {
    const isMemory = type === null ? /^(tmpfs|devtmpfs|udev|none)$/.test(device) : memoryTypes.has(type);
    return mountPoint === '/' || !(isMemory || systemMounts.test(mountPoint));
  });
  for (const folder of watchedFolders) {
    if (kept.some(({ mountPoint }) => mountPoint === folder)) continue;
    const [home] = dfLines(sectionOf(split.value, `df.${folder}`).text, types);
    if (home !== undefined) kept.push({ ...home, mountPoint: folder, livesOn: home.mountPoint });
  }
  return parsedValue(kept);
}

/** `df -P` (POSIX.1-2017): device, size, used, available, capacity, mount point; with `-B1` in bytes. */
function dfLines(text: string, types: ReadonlyMap<string, string>): Filesystem[] {
  const found: Filesystem[] = [];
  for (const line of linesOf(text)) {
    const [, device, size, used, available, mountPoint] =
      /^(\S.*?) +(\d+) +(\d+) +(-?\d+) +\S+ (\/.*)$/.exec(line) ?? [];
    if (device === undefined || mountPoint === undefined) continue;
    found.push({
      mountPoint,
      device,
      type: types.get(mountPoint) ?? null,
      sizeBytes: Number(size),
      usedBytes: Number(used),
      // Below zero where the space that is reserved for root is used up.
      availableBytes: Math.max(0, Number(available)),
    });
  }
  return found;
}

/** Type by mount point; a later mount covers an earlier one. Spaces come as `\040` (fstab(5)). */
function mountTypes(text: string): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, mountPoint, type] = line.split(' ');
    if (mountPoint === undefined || type === undefined) continue;
    types.set(
      mountPoint.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8))),
      type,
    );
  }
  return types;
}
