import { known, mapReading, unknown, valueOf, type Reading } from '#shared/model/reading.ts';
import { vmMemory, type HostReserve } from '../lifecycle/vm-memory.ts';
import type { RegionNode } from './region-node.ts';
import { summaryOf } from './slow-summary.ts';

/**
 * The three VM memory columns. They are as fresh as the oldest of what they are computed from: the cluster's placement, and
 * libvirt's domains where those were read.
 */
export function vmMemoryReadings(
  node: RegionNode,
  context: { readonly clusterIntervalMs: number; readonly reserve: HostReserve },
): Readonly<Record<'total' | 'allocated' | 'available', Reading<number>>> {
  const { membership, observation } = node;
  const { installedBytes, domains } = summaryOf(observation.slow);
  const result = vmMemory({
    capacityMib: membership.memoryCapacityMib,
    clusterVms: membership.clusterVms,
    installedBytes: valueOf(installedBytes) ?? null,
    reserve: context.reserve,
    domains: valueOf(domains) ?? [],
  });
  const placed: Reading<number> =
    domains.kind === 'known'
      ? mapReading(domains, () => result.allocated)
      : known(result.allocated, membership.readAt, context.clusterIntervalMs);
  const { total } = result;
  if (total === null) {
    const because =
      installedBytes.kind === 'unknown' ? installedBytes.because : 'its installed memory has not been read';
    return { total: unknown(because), allocated: placed, available: unknown(because) };
  }
  return {
    total:
      membership.memoryCapacityMib === null
        ? mapReading(installedBytes, () => total)
        : known(total, membership.readAt, context.clusterIntervalMs),
    allocated: placed,
    available: mapReading(placed, () => Math.max(0, total - result.allocated)),
  };
}
