import type { DataPool } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections, type Section } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { btrfsPools } from './pool-btrfs.ts';
import { cephPool } from './pool-ceph.ts';
import { drbdPools } from './pool-drbd.ts';
import { lvmPools } from './pool-lvm.ts';
import { mdPools } from './pool-md.ts';
import { zfsPools } from './pool-zfs.ts';
import { parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { linesOf, parseJson, recordOf, recordsOf, textOf } from './untrusted.ts';

const ifThere = (tool: string, script: string) => `command -v ${tool} >/dev/null || (exit 127) && ${script}`;

/**
 * Each kind by its own tool, where that is installed; `traces` are what any user can see of a pool whose tool is missing or
 * wants root, so that a pool nobody may ask is shown as unknown, and a node without one shows none.
 */
export const poolsCommand: RemoteCommand = {
  privilege: 'root',
  script: sectionScript([
    section('mdstat', '[ -e /proc/mdstat ] && cat /proc/mdstat'),
    section('btrfs-mounts', 'findmnt -J -t btrfs'),
    section('btrfs-show', 'ls -d /sys/fs/btrfs/*-* >/dev/null 2>&1 && timeout 20 btrfs filesystem show'),
    // A space in a mount point is `\040` there, which the `%b` of every `printf` reads; findmnt's `\x20` only bash's does.
    section(
      'btrfs-stats',
      'while read -r d m t o; do case $t in btrfs) ' +
        `timeout 10 btrfs device stats "$(printf '%b' "$m")";; esac; done </proc/self/mounts`,
    ),
    section('zpool', ifThere('zpool', 'timeout 20 zpool status')),
    section(
      'lvs',
      ifThere(
        'lvs',
        'timeout 20 lvs --reportformat json --readonly -o vg_name,lv_name,lv_attr,segtype,copy_percent,lv_health_status,raid_sync_action',
      ),
    ),
    section(
      'ceph',
      `[ -e /etc/ceph/ceph.conf ] && { ${ifThere('ceph', 'timeout 15 ceph --connect-timeout 10 status --format json')}; }`,
    ),
    section('drbd', ifThere('drbdsetup', 'timeout 10 drbdsetup status --json')),
    section('drbd-proc', '[ -e /proc/drbd ] && cat /proc/drbd'),
    section(
      'traces',
      '{ ls -d /sys/block/drbd[0-9]* /sys/fs/btrfs/*-*/devinfo/* /sys/fs/btrfs/*-*/devices/* /proc/spl/kstat/zfs/*/state; ' +
        `for f in /sys/block/dm-*/dm/name; do l=; IFS= read -r l <"$f" && printf 'dm=%s\\n' "$l"; done; } 2>/dev/null`,
    ),
  ]),
};

export const poolsProbe: Probe<readonly DataPool[]> = {
  id: 'pools',
  command: poolsCommand,
  deadlineMs: 120_000,
  parse: parsePools,
};

/** Every redundant store of data on the node, or that the node is part of; empty where there is none. */
export function parsePools(output: ProbeOutput): Parsed<readonly DataPool[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const of = (name: string): Section => sectionOf(split.value, name);
  const traces = linesOf(of('traces').text);

  const btrfs = btrfsPools(of('btrfs-show').text, of('btrfs-mounts').text, of('btrfs-stats').text);
  const zfs = zfsPools(of('zpool').text);
  const lvm = lvmPools(of('lvs').text);
  const drbd = drbdPools(of('drbd').text, of('drbd-proc').text);
  const ceph = cephPool(of('ceph').text);
  return parsedValue([
    ...mdPools(of('mdstat').text),
    ...(btrfs.length > 0
      ? btrfs
      : unasked('btrfs', btrfsTraces(traces, of('btrfs-mounts').text), of('btrfs-show'), 'btrfs', output)),
    ...(zfs.length > 0 ? zfs : unasked('zfs', named(traces, /\/zfs\/(.+)\/state$/), of('zpool'), 'zpool', output)),
    ...(lvm ?? unasked('lvm-raid', named(traces, /^dm=(.+)_[rm]image_\d+$/), of('lvs'), 'lvs', output)),
    ...(drbd.length > 0 ? drbd : unasked('drbd', named(traces, /\/(drbd\d+)$/), of('drbd'), 'drbdsetup', output)),
    // A configured client without a key is all that tells of Ceph without its tool.
    ...(ceph === null ? unasked('ceph', cephTraces(of('ceph')), of('ceph'), 'ceph', output) : [ceph]),
  ]);
}

/** The pools that left a trace and that nobody could ask. */
function unasked(
  kind: DataPool['kind'],
  names: readonly string[],
  answer: Section,
  tool: string,
  output: ProbeOutput,
): readonly DataPool[] {
  // A tool that answered root saw everything. Without root some answer nothing and call it success (btrfs).
  if (answer.status === 0 && output.withoutRootBecause === undefined) return [];
  const because = reasonOf(answer, tool, output);
  return [...new Set(names)].map((name) => ({ name, kind, state: 'unknown', detail: because, rebuildPercent: null }));
}

function named(traces: readonly string[], pattern: RegExp): readonly string[] {
  return traces.flatMap((trace) => pattern.exec(trace)?.[1] ?? []);
}

/**
 * A btrfs of one device is a filesystem and no pool. `/sys/fs/btrfs` of a container is its host's, so only those count that are
 * mounted here; behind the device mapper the names differ on both sides, and then they count without a proof.
 */
function btrfsTraces(traces: readonly string[], mounts: string): readonly string[] {
  const mounted = recordsOf(recordOf(parseJson(mounts))?.['filesystems']);
  const uuids = named(traces, /\/btrfs\/([0-9a-f-]+)\/devinfo\/\d+$/);
  const several = new Set(uuids.filter((uuid, index) => uuids.indexOf(uuid) !== index));
  return [...several].flatMap((uuid) => {
    const devices = named(traces, new RegExp(`/btrfs/${uuid}/devices/(.+)$`)).map((device) => `/dev/${device}`);
    const mount = mounted.find(({ source }) => devices.includes((textOf(source) ?? '').replace(/\[.*$/, '')));
    if (mount !== undefined) return textOf(mount['target']) ?? uuid;
    return mounted.some(({ source }) => textOf(source)?.startsWith('/dev/mapper/') === true) ? uuid : [];
  });
}

/** `[ -e … ]` alone, with no error of a tool behind it, means that there is no configuration. */
function cephTraces(ceph: Section): readonly string[] {
  return ceph.status === 0 || (ceph.status === 1 && ceph.error === '') || ceph.status === null ? [] : ['ceph'];
}
