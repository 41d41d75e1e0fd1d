import type { Disk } from '#shared/model/hardware.ts';
import { section, sectionOf, sectionScript, splitSections } from '../ssh/sections.ts';
import type { RemoteCommand } from '../ssh/transport.ts';
import { parsedUnknown, parsedValue, type Parsed, type Probe, type ProbeOutput } from './probe.ts';
import { reasonOf } from './reasons.ts';
import { smartHealth } from './smart-health.ts';
import { booleanOf, numberOf, parseJson, recordOf, recordsOf, textOf } from './untrusted.ts';

/**
 * `-n standby` leaves a disk that sleeps asleep. A disk that hangs costs its own seconds only, as far as the kernel lets
 * `timeout` end the process.
 */
export const disksCommand: RemoteCommand = {
  privilege: 'root',
  script: sectionScript([
    section('lsblk', 'lsblk -J -b -o NAME,TYPE,SIZE,MODEL,SERIAL,ROTA,TRAN,WWN,RM'),
    'for d in /sys/block/*; do d=${d##*/}',
    'case $d in loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*|rbd*|drbd*|zd*) continue;; esac',
    section('smart."$d"', 'timeout 10 smartctl -n standby -j -i -H "/dev/$d"'),
    'done',
  ]),
};

export const disksProbe: Probe<readonly Disk[]> = {
  id: 'disks',
  command: disksCommand,
  deadlineMs: 60_000,
  parse: parseDisks,
};

/** Block devices that `lsblk` calls disks and that are none of the machine's: made of memory, of a file or of the network. */
const notADisk = /^(loop|ram|zram|nbd|rbd|drbd|zd|md|dm-|fd|sr)\d/;

/** The node's disks: `lsblk` type disk, with a size, not removable; health by smartctl, where root may ask and it answers. */
export function parseDisks(output: ProbeOutput): Parsed<readonly Disk[]> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return split;
  const lsblk = sectionOf(split.value, 'lsblk');
  const answer = recordOf(parseJson(lsblk.text));
  if (answer === null || !Array.isArray(answer['blockdevices'])) {
    return parsedUnknown(reasonOf(lsblk, 'lsblk', output));
  }
  const disks: Disk[] = [];
  const multipaths = new Set<string>();
  for (const device of recordsOf(answer['blockdevices'])) {
    const name = textOf(device['name']);
    const sizeBytes = numberOf(device['size']);
    if (name === null || sizeBytes === null || sizeBytes <= 0 || device['type'] !== 'disk') continue;
    if (notADisk.test(name) || booleanOf(device['rm']) === true) continue;
    // Two paths to one disk are one disk: both lead to the same multipath device.
    const multipath = recordsOf(device['children']).find((child) => child['type'] === 'mpath');
    const multipathName = multipath === undefined ? null : textOf(multipath['name']);
    if (multipathName !== null && multipaths.has(multipathName)) continue;
    if (multipathName !== null) multipaths.add(multipathName);
    disks.push({
      name,
      model: textOf(device['model']),
      serial: textOf(device['serial']),
      sizeBytes,
      isRotational: booleanOf(device['rota']),
      transport: textOf(device['tran']),
      wwn: textOf(device['wwn']),
      ...smartHealth(split.value.get(`smart.${name}`), output),
    });
  }
  return parsedValue(disks);
}
