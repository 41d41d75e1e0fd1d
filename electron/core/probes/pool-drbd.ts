import type { DataPool } from '#shared/model/hardware.ts';
import { numberOf, parseJson, recordsOf, textOf } from './untrusted.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The resources of DRBD 9 (`drbdsetup status --json`), else the devices of DRBD 8.4 (`/proc/drbd`). */
export function drbdPools(json: string, proc: string): readonly DataPool[] {
  const resources = recordsOf(parseJson(json));
  return resources.length > 0 ? resources.flatMap(resourcePool) : procPools(proc);
}

function resourcePool(resource: Fields): readonly DataPool[] {
  const name = textOf(resource['name']);
  if (name === null) return [];
  const devices = recordsOf(resource['devices']);
  const connections = recordsOf(resource['connections']);
  const peers = connections.flatMap((connection) => recordsOf(connection['peer_devices']));
  const local = devices.map((device) => textOf(device['disk-state']) ?? 'DUnknown');
  const remote = peers.map((peer) => textOf(peer['peer-disk-state']) ?? 'DUnknown');
  const lines = connections.map((connection) => textOf(connection['connection-state']) ?? 'Unknown');
  // A diskless client, here or there, is meant to be without a copy.
  const isClient = (device: Fields) => device['client'] === true || device['peer-client'] === true;
  const copies = [
    ...local.filter((_, index) => !isClient(devices[index] ?? {})),
    ...remote.filter((_, index) => !isClient(peers[index] ?? {})),
  ];
  const inSync = peers.flatMap((peer) => numberOf(peer['percent-in-sync']) ?? []);
  const isSyncing = peers.some((peer) => /^Sync(Source|Target)$/.test(textOf(peer['replication-state']) ?? ''));
  const hasQuorum = devices.every((device) => device['quorum'] !== false);
  const isUsable = hasQuorum && (devices.every(isClient) ? remote : local).every(isWhole);
  const isWholePool = copies.every(isWhole) && lines.every((state) => state === 'Connected');
  const state = isUsable
    ? isWholePool
      ? 'healthy'
      : 'degraded'
    : remote.some(isWhole) && hasQuorum
      ? 'degraded'
      : 'failed';
  return [
    {
      name,
      kind: 'drbd',
      state,
      detail: [local.join(','), remote.join(','), ...lines.filter((line) => line !== 'Connected')]
        .filter((word) => word !== '')
        .join(' / ')
        .concat(hasQuorum ? '' : ', no quorum'),
      rebuildPercent: isSyncing && inSync.length > 0 ? Math.min(...inSync) : null,
    },
  ];
}

/** ` 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----`, with `sync'ed: 12.3%` below while it syncs. */
function procPools(proc: string): readonly DataPool[] {
  return proc.split(/^(?=\s*\d+: cs:)/m).flatMap((block): readonly DataPool[] => {
    const [, minor, connection, local, remote] = /^\s*(\d+): cs:(\S+) .*ds:(\w+)\/(\w+)/.exec(block) ?? [];
    if (minor === undefined || connection === undefined || local === undefined || remote === undefined) return [];
    const synced = /sync'ed: *(\d+(?:\.\d+)?)%/.exec(block)?.[1];
    const isWholePool = connection === 'Connected' && isWhole(local) && isWhole(remote);
    return [
      {
        name: `drbd${minor}`,
        kind: 'drbd',
        state: isWholePool ? 'healthy' : isWhole(local) || isWhole(remote) ? 'degraded' : 'failed',
        detail: `${local}/${remote} ${connection}`,
        rebuildPercent: synced === undefined ? null : Number(synced),
      },
    ];
  });
}

function isWhole(diskState: string): boolean {
  return diskState === 'UpToDate';
}
