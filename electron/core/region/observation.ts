import type { FastRates, FastSample } from '#shared/model/hardware.ts';
import type { Reachability, SlowReadings } from '#shared/model/node.ts';
import type { FirstSeen } from './node-identity.ts';
import { unknown, type Reading } from '#shared/model/reading.ts';

/** Everything this laptop has read on one node itself, as plain data: it is cached as it stands. */
export interface Observation {
  readonly reachability: Reachability;
  /** Who the node is, as this laptop first saw it (R12). */
  readonly firstSeen: FirstSeen;
  /** Why the node is frozen: another machine answers under its name (R12); `null` while it is itself. */
  readonly frozenBecause: string | null;
  /** The address that last answered. */
  readonly address: string | null;
  readonly hostKey: Reading<{ readonly type: string; readonly fingerprint: string }>;
  readonly sample: Reading<FastSample>;
  readonly rates: Reading<FastRates>;
  /** The node's clock minus this laptop's, in ms, less half the round trip. */
  readonly clockOffsetMs: Reading<number>;
  readonly slow: SlowReadings;
}

const notYet = unknown('this laptop has not read it yet');
const hasLeft = unknown('it has left the cluster, and is not read any more');

/** A node that nothing was read of yet. */
export const nothingObserved: Observation = {
  reachability: { kind: 'not-tried', because: 'not tried yet' },
  firstSeen: { machineId: null, hostKey: null, serial: null },
  frozenBecause: null,
  address: null,
  hostKey: notYet,
  sample: notYet,
  rates: notYet,
  clockOffsetMs: notYet,
  slow: allSlow(notYet),
};

/** Of a server that has left the cluster: it is not looked at any more. */
export const leftTheCluster: Observation = {
  ...nothingObserved,
  reachability: { kind: 'not-tried', because: 'it has left the cluster' },
  hostKey: hasLeft,
  sample: hasLeft,
  rates: hasLeft,
  clockOffsetMs: hasLeft,
  slow: allSlow(hasLeft),
};

/** Every slow fact with the same reading. */
export function allSlow(reading: Reading<never>): SlowReadings {
  return {
    system: reading,
    cpu: reading,
    memory: reading,
    links: reading,
    disks: reading,
    filesystems: reading,
    pciDevices: reading,
    services: reading,
    domains: reading,
    pools: reading,
  };
}
