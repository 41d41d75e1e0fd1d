import { cpuProbe } from './cpu.ts';
import { disksProbe } from './disks.ts';
import { domainsProbe } from './domains.ts';
import { filesystemsProbe } from './filesystems.ts';
import { linksProbe } from './links.ts';
import { memoryProbe } from './memory.ts';
import { pciDevicesProbe } from './pci-devices.ts';
import { poolsProbe } from './pools.ts';
import { servicesProbe } from './services.ts';
import { systemProbe } from './system.ts';

/** What is read at the slow pace and on demand, cheap ones first; the keys are those of a node's detail. */
export const slowProbes = {
  system: systemProbe,
  cpu: cpuProbe,
  memory: memoryProbe,
  links: linksProbe,
  domains: domainsProbe,
  services: servicesProbe,
  filesystems: filesystemsProbe,
  pciDevices: pciDevicesProbe,
  disks: disksProbe,
  pools: poolsProbe,
} as const;

export type SlowProbeId = keyof typeof slowProbes;

/** In the order they are read in. */
export const slowProbeIds: readonly SlowProbeId[] = [
  'system',
  'cpu',
  'memory',
  'links',
  'domains',
  'services',
  'filesystems',
  'pciDevices',
  'disks',
  'pools',
];
