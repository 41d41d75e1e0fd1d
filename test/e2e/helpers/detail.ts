import type { Filesystem } from '#shared/model/hardware.ts';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { known, unknown } from '#shared/model/reading.ts';
import { slowMs } from './rows.ts';

const gib = 2 ** 30;

function filesystem(mountPoint: string, sizeBytes: number, availableBytes: number): Filesystem {
  return {
    mountPoint,
    device: `/dev/mapper/vg-${mountPoint.replaceAll('/', '')}`,
    type: 'ext4',
    sizeBytes,
    usedBytes: sizeBytes - availableBytes,
    availableBytes,
  };
}

/** Everything known of the node of the picture `08-node-overview`. */
export function detailOf(row: NodeRow, now: number): NodeDetail {
  const slow = <T>(value: T): Reading<T> => known(value, now - 60_000, slowMs);
  return {
    row,
    system: slow({
      hostname: row.hostname,
      machineId: '4f1c2a9b7d3e4c5f8a6b0d1e2f3a4b5c',
      bootId: '0c2f5b9e-5d7f-4a57-9f8e-6b1f2c3d4e5f',
      osName: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-26-amd64',
      vendor: 'Dell Inc.',
      model: 'PowerEdge R7615',
      serial: '7KX2P14',
      biosVersion: '1.14.3',
    }),
    cpu: slow({ model: 'AMD EPYC 9354', sockets: 1, cores: 32, threads: 64 }),
    memory: slow({ installedBytes: 512 * gib, source: 'dmi' }),
    memoryUsedBytes: known(446 * gib, now - 1500, 5000),
    load1: known(41.2, now - 1500, 5000),
    links: slow([]),
    disks: slow(
      Array.from({ length: 8 }, (_, index) => ({
        name: `nvme${String(index)}n1`,
        model: 'Dell NVMe CM7',
        serial: `Y3K0A0${String(index)}`,
        sizeBytes: 3.84e12,
        isRotational: false,
        transport: 'nvme',
        wwn: null,
        health: 'passed' as const,
        healthReason: null,
      })),
    ),
    filesystems: slow([
      filesystem('/', 50 * gib, 28 * gib),
      filesystem('/mnt/containers', 200 * gib, 124 * gib),
      filesystem('/mnt/data', 30.7e12, 11.6e12),
      filesystem('/var/log', 20 * gib, 1.8 * gib),
    ]),
    pciDevices: slow([]),
    services: slow([]),
    domains: slow(
      Array.from({ length: 14 }, (_, index) => ({
        name: `vm-${String(index)}`,
        uuid: `00000000-0000-0000-0000-0000000000${String(10 + index)}`,
        state: 'running',
        memoryBytes: 32 * gib,
        vcpus: 4,
        hostDevices: [],
      })),
    ),
    pools: slow([]),
    hostKey: slow({ type: 'ssh-ed25519', fingerprint: 'SHA256:Jm3kQ0b7YtH5uYw1zq8mRk2c6pV0d9eX4nL7sA1V9sQ' }),
  };
}

/** A node where much could not be read, each part for its own reason. */
export function poorDetailOf(row: NodeRow, now: number): NodeDetail {
  const full = detailOf(row, now);
  return {
    ...full,
    system: known(
      {
        hostname: row.hostname,
        machineId: '4f1c',
        bootId: '0c2f',
        osName: 'Debian GNU/Linux 12 (bookworm)',
        kernel: '6.1.0-26-amd64',
        vendor: null,
        model: null,
        serial: null,
        biosVersion: null,
        serialReason: 'only root may read it, and sudo asks rackadm for a password',
      },
      now - 40 * 60_000,
      slowMs,
    ),
    memory: known(
      {
        installedBytes: 503 * gib,
        source: 'meminfo',
        sourceReason: 'dmidecode needs root, and sudo asks rackadm for a password',
      },
      now - 40 * 60_000,
      slowMs,
    ),
    disks: unknown('lsblk ended with “Permission denied”'),
    filesystems: known(
      [
        filesystem('/', 50 * gib, 1.2 * gib),
        { ...filesystem('/', 50 * gib, 1.2 * gib), mountPoint: '/var/log', livesOn: '/' },
      ],
      now - 40 * 60_000,
      slowMs,
    ),
    domains: unknown('libvirtd does not answer: /run/libvirt/libvirt-sock is missing'),
    pools: known(
      [
        { name: 'data-2', kind: 'md', state: 'degraded', detail: 'raid1 [2/1] [U_]', rebuildPercent: 41 },
        { name: 'tank', kind: 'zfs', state: 'unknown', detail: 'zpool is not installed', rebuildPercent: null },
      ],
      now - 60_000,
      slowMs,
    ),
    hostKey: unknown('no key of it was ever trusted'),
  };
}
