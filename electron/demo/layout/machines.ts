import { digitsOf, randomOf, uuidOf } from '../random.ts';
import type { DemoDisk, DemoHardware, DemoNode } from '../world/node.ts';

/** Where a machine stands in the story that the demo tells at its start. */
export type Part =
  | 'plain'
  | 'gpu'
  | 'small'
  | 'pool-failed'
  | 'pool-degraded'
  | 'fenced'
  | 'unfencing'
  | 'entering'
  | 'in-maintenance'
  | 'starting'
  | 'activating'
  | 'other-key';

/** Which worker plays which part, by its number from 1; everyone else is plain. With fewer workers the later parts are not played. */
const parts: Readonly<Record<number, Part>> = {
  2: 'pool-degraded',
  3: 'in-maintenance',
  4: 'fenced',
  5: 'unfencing',
  6: 'entering',
  7: 'activating',
  8: 'starting',
  9: 'pool-failed',
  10: 'other-key',
  12: 'gpu',
  13: 'gpu',
  15: 'small',
  16: 'small',
  17: 'small',
  18: 'small',
};

export const partOf = (worker: number): Part => parts[worker] ?? 'plain';

/** Parts whose node runs VMs at the start. */
export const runsVms = (part: Part): boolean =>
  ['plain', 'gpu', 'small', 'pool-degraded', 'other-key', 'entering'].includes(part);

/** The control nodes of a region of so many members. */
export const controlCount = (members: number): number => Math.min(3, members);

/** `10.77.x.y`, from 10.77.0.11 on. */
export function addressOf(index: number): string {
  const host = index + 11;
  return `10.77.${host >> 8}.${host & 255}`;
}

const boots = ['Intel(R) Xeon(R) Gold 6430', 'AMD EPYC 9354 32-Core Processor'] as const;

/** A machine of the region; `index` counts all of them from 0. */
export function machine(
  seed: number,
  name: string,
  index: number,
  role: DemoNode['role'],
  part: Part,
  now: number,
): DemoNode {
  const random = randomOf(seed, 'machine', name);
  const isControl = role === 'control';
  const days = part === 'unfencing' ? 0.0001 : random.between(3, 240) + random.next();
  const isOff = part === 'fenced' || part === 'starting';
  const failedDisks = part === 'pool-failed' ? ['nvme0n1', 'nvme1n1'] : part === 'pool-degraded' ? ['nvme1n1'] : [];
  const bootedAt = Math.round(now - days * 86_400_000);
  const laid = { power: isOff ? 'off' : 'on', failedDisks } as const;
  return {
    name,
    id: isControl ? String(index + 1) : name,
    index,
    address: addressOf(index),
    machineId: digitsOf(seed, 'machine id', name).slice(0, 32),
    serial: `RS${digitsOf(seed, 'serial', name).slice(0, 8).toUpperCase()}`,
    hardware: hardware(seed, name, isControl ? 'small' : part),
    role,
    power: laid.power,
    bootedAt,
    bootId: uuidOf(seed, 'boot', name),
    services: isOff ? 'stopped' : 'running',
    libvirt: 'running',
    // Not yet set right after its boot.
    clockOffsetMs: part === 'unfencing' ? 2_700 : 0,
    // Who comes back has not joined yet.
    probedAt: isOff || part === 'unfencing' ? null : bootedAt,
    membership: isOff ? 'offline' : part === 'unfencing' ? 'pending' : 'online',
    network: 'good',
    canBeFenced: true,
    failedDisks: new Set(failedDisks),
    laid,
    domains: new Map(),
    units: new Map(),
    load: null,
  };
}

function hardware(seed: number, name: string, part: Part): DemoHardware {
  const random = randomOf(seed, 'hardware', name);
  const isSmall = part === 'small';
  const cpuModel = random.pick(boots);
  const gpus = part === 'gpu' ? ['0000:41:00.0', '0000:42:00.0'] : [];
  return {
    cpuModel,
    sockets: isSmall ? 1 : 2,
    coresPerSocket: 32,
    memoryGib: isSmall ? 256 : 512,
    vendor: cpuModel.startsWith('AMD') ? 'Supermicro' : 'Dell Inc.',
    model: cpuModel.startsWith('AMD') ? 'AS-1115CS-TNR' : 'PowerEdge R660',
    disks: [
      disk('sda', 'Micron_5400_MTFDDAK480TGA', 480_103_981_056, false, false),
      disk('nvme0n1', 'SAMSUNG MZQL27T6HBLA-00A07', 7_681_501_126_656, false, true),
      disk('nvme1n1', 'SAMSUNG MZQL27T6HBLA-00A07', 7_681_501_126_656, false, true),
    ],
    gpus,
  };

  function disk(
    diskName: string,
    model: string,
    sizeBytes: number,
    isRotational: boolean,
    isOfPool: boolean,
  ): DemoDisk {
    const serial = `S${digitsOf(seed, 'disk', name, diskName).slice(0, 12).toUpperCase()}`;
    return { name: diskName, model, serial, sizeBytes, isRotational, isOfPool };
  }
}
