import type { DataPool } from '#shared/model/hardware.ts';
import { linesOf, parseJson, recordOf, recordsOf, textOf } from './untrusted.ts';

/**
 * The btrfs filesystems of more than one device.
 *
 * btrfs throws no device out: one that fails stays a member, and only its error counters (`btrfs device stats`, kept until
 * somebody resets them) tell of it. So errors that were written or lost are a degraded pool, like a missing device.
 *
 * @param show `btrfs filesystem show`  @param mounts `findmnt -J -t btrfs`  @param stats `btrfs device stats` of each mount
 */
export function btrfsPools(show: string, mounts: string, stats: string): readonly DataPool[] {
  const mounted = recordsOf(recordOf(parseJson(mounts))?.['filesystems']);
  const pools: DataPool[] = [];
  for (const block of show.split(/^(?=Label: )/m)) {
    const [, label, uuid] = /^Label: (?:none|'(.*)') +uuid: (\S+)/.exec(block) ?? [];
    const total = Number(/Total devices (\d+)/.exec(block)?.[1] ?? 0);
    if (uuid === undefined || total < 2) continue;
    const devices = [...block.matchAll(/devid +(\d+) .* path (\S*) *(MISSING)?$/gm)];
    const paths = devices.map((match) => match[2] ?? '');
    const isMissing = /\bMISSING\b|devices missing/.test(block);
    const mount = mounted.find((candidate) => paths.includes((textOf(candidate['source']) ?? '').replace(/\[.*$/, '')));
    const errors = errorsOf(stats, devices);
    const isReadOnly = mount !== undefined && (textOf(mount['options']) ?? '').split(',').includes('ro');
    const words = [
      isMissing ? 'missing device' : undefined,
      errors,
      isReadOnly ? 'read-only' : undefined,
      mount === undefined ? 'not mounted' : undefined,
    ].filter((word) => word !== undefined);
    pools.push({
      name: (mount === undefined ? null : textOf(mount['target'])) ?? label ?? uuid,
      kind: 'btrfs',
      // A pool that btrfs itself made read-only after errors serves nothing any more.
      state:
        isReadOnly && (isMissing || errors !== undefined) ? 'failed' : isMissing || errors ? 'degraded' : 'healthy',
      detail: words.length > 0 ? words.join(', ') : `${total} devices`,
      rebuildPercent: null,
    });
  }
  return pools;
}

/** The devices of the pool that have errors, with how many; a device that is missing answers by its number. */
function errorsOf(stats: string, devices: readonly RegExpExecArray[]): string | undefined {
  const names = new Set(devices.flatMap((match) => [match[2] ?? '', `devid:${match[1] ?? ''}`]));
  // By device and counter: a filesystem that is mounted twice answers twice with the same numbers.
  const counters = new Map<string, { readonly device: string; readonly count: number }>();
  for (const line of linesOf(stats)) {
    const [, device, counter, count] = /^\[(.+)\]\.(\w+)_errs +(\d+)$/.exec(line) ?? [];
    if (device !== undefined && counter !== undefined && names.has(device)) {
      counters.set(`${device} ${counter}`, { device, count: Number(count) });
    }
  }
  const errors = new Map<string, number>();
  for (const { device, count } of counters.values()) errors.set(device, (errors.get(device) ?? 0) + count);
  const bad = [...errors].filter(([, count]) => count > 0).map(([device, count]) => `${count} errors on ${device}`);
  return bad.length === 0 ? undefined : bad.join(', ');
}
