import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { known, mapReading, none, unknown, valueOf, type Reading } from '#shared/model/reading.ts';
import type { RegionNode } from './region-node.ts';
import type { HostReserve } from '../lifecycle/vm-memory.ts';
import { summaryOf } from './slow-summary.ts';
import { vmMemoryReadings } from './vm-memory-readings.ts';

/** What the cells depend on besides the node itself. */
export interface RowContext {
  readonly clusterIntervalMs: number;
  readonly reserve: HostReserve;
}

/** The table's row of a node; sources and formulas are those of `docs/status.md`, The list's columns. Pure. */
export function buildRow(node: RegionNode, context: RowContext): NodeRow {
  const { observation, membership, status } = node;
  const { sample } = observation;
  const { machineId, installedBytes, physicalLinks, storageBytes, searchTerms } = summaryOf(observation.slow);
  const isMember = membership.kind === 'member';
  const vmMemory = vmMemoryReadings(node, context);
  return {
    id: node.id,
    name: membership.record.displayName ?? node.name,
    hostname: node.name,
    description: membership.record.description ?? '',
    role: membership.role,
    isDc: membership.isDc,
    status: withWarning(status, observation.frozenBecause),
    frozenBecause: observation.frozenBecause,
    reachability: observation.reachability,
    address: addressReading(node, context),
    machineId,
    cpuPercent: mapReading(observation.rates, (rates) => rates.cpuPercent),
    vcpus: mapReading(sample, (value) => value.onlineCpus),
    memoryBytes: installedBytes,
    memoryUsedPercent: mapReading(
      sample,
      (value) => (100 * (value.memoryTotalBytes - value.memoryAvailableBytes)) / value.memoryTotalBytes,
    ),
    vmMemoryTotalBytes: isMember ? vmMemory.total : none,
    vmMemoryAllocatedBytes: isMember ? vmMemory.allocated : none,
    vmMemoryAvailableBytes: isMember ? vmMemory.available : none,
    networkRxBitsPerSecond: sumOverLinks(node, (rates) => rates.rxBitsPerSecond),
    networkTxBitsPerSecond: sumOverLinks(node, (rates) => rates.txBitsPerSecond),
    linkBitsPerSecond: mapReading(physicalLinks, (links) =>
      links.reduce((sum, link) => sum + (link.speedMbps ?? 0) * 1e6, 0),
    ),
    storageBytes,
    uptimeSeconds: mapReading(sample, (value) => value.uptimeSeconds),
    tags: membership.record.tags,
    operation: membership.operation,
    maintenance: membership.record.maintenance,
    searchTerms,
  };
}

/** A frozen node keeps its status, which is the cluster's word, and says beside it why nothing may be written to it (R12). */
function withWarning(status: StatusView, warning: string | null): StatusView {
  return warning === null ? status : { ...status, warnings: [...status.warnings, warning] };
}

/** Everything known of a node, for its detail page. Pure. */
export function buildDetail(node: RegionNode, context: RowContext): NodeDetail {
  const { observation } = node;
  return {
    row: buildRow(node, context),
    ...observation.slow,
    memoryUsedBytes: mapReading(observation.sample, (value) => value.memoryTotalBytes - value.memoryAvailableBytes),
    load1: mapReading(observation.sample, (value) => value.load1),
    hostKey: observation.hostKey,
  };
}

/** The address this laptop reaches it by; before it was reached, the one the cluster names. */
function addressReading(node: RegionNode, context: RowContext): Reading<string> {
  const { observation, membership } = node;
  if (observation.reachability.kind === 'reachable' && observation.address !== null) {
    return known(observation.address, observation.reachability.at, context.clusterIntervalMs);
  }
  const address = observation.address ?? membership.address;
  return address === null
    ? unknown('neither the cluster nor a record names its address')
    : known(address, membership.readAt, context.clusterIntervalMs);
}

/** Σ over physical links; which those are is a slow fact, so both readings are needed. */
function sumOverLinks(
  node: RegionNode,
  pick: (rates: { readonly rxBitsPerSecond: number; readonly txBitsPerSecond: number }) => number,
): Reading<number> {
  const { rates, slow } = node.observation;
  const { physicalLinks } = summaryOf(slow);
  const links = valueOf(physicalLinks);
  if (links === undefined) return physicalLinks.kind === 'unknown' ? physicalLinks : none;
  return mapReading(rates, (value) =>
    links.reduce((sum, link) => {
      const linkRates = value.network[link.name];
      return linkRates === undefined ? sum : sum + pick(linkRates);
    }, 0),
  );
}
