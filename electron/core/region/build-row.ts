import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { NodeLink } from '#shared/model/hardware.ts';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { known, mapReading, none, unknown, valueOf, type Reading } from '#shared/model/reading.ts';
import type { RegionNode } from './region-node.ts';
import type { HostReserve } from '../lifecycle/vm-memory.ts';
import { vmMemoryReadings } from './vm-memory-readings.ts';

/** What the cells depend on besides the node itself. */
export interface RowContext {
  readonly clusterIntervalMs: number;
  readonly reserve: HostReserve;
}

/** The table's row of a node; sources and formulas are those of `docs/status.md`, The list's columns. Pure. */
export function buildRow(node: RegionNode, context: RowContext): NodeRow {
  const { observation, membership, status } = node;
  const { sample, slow } = observation;
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
    machineId: mapReading(slow.system, (system) => system.machineId),
    cpuPercent: mapReading(observation.rates, (rates) => rates.cpuPercent),
    vcpus: mapReading(sample, (value) => value.onlineCpus),
    memoryBytes: mapReading(slow.memory, (memory) => memory.installedBytes),
    memoryUsedPercent: mapReading(
      sample,
      (value) => (100 * (value.memoryTotalBytes - value.memoryAvailableBytes)) / value.memoryTotalBytes,
    ),
    vmMemoryTotalBytes: isMember ? vmMemory.total : none,
    vmMemoryAllocatedBytes: isMember ? vmMemory.allocated : none,
    vmMemoryAvailableBytes: isMember ? vmMemory.available : none,
    networkRxBitsPerSecond: sumOverLinks(node, (rates) => rates.rxBitsPerSecond),
    networkTxBitsPerSecond: sumOverLinks(node, (rates) => rates.txBitsPerSecond),
    linkBitsPerSecond: mapReading(slow.links, (links) =>
      physical(links).reduce((sum, link) => sum + (link.speedMbps ?? 0) * 1e6, 0),
    ),
    storageBytes: mapReading(slow.disks, (disks) => disks.reduce((sum, disk) => sum + disk.sizeBytes, 0)),
    uptimeSeconds: mapReading(sample, (value) => value.uptimeSeconds),
    tags: membership.record.tags,
    searchTerms: searchTerms(node),
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

function physical(links: readonly NodeLink[]): readonly NodeLink[] {
  return links.filter((link) => link.type === 'physical');
}

/** Σ over physical links; which those are is a slow fact, so both readings are needed. */
function sumOverLinks(
  node: RegionNode,
  pick: (rates: { readonly rxBitsPerSecond: number; readonly txBitsPerSecond: number }) => number,
): Reading<number> {
  const { rates, slow } = node.observation;
  const links = valueOf(slow.links);
  if (links === undefined) return slow.links.kind === 'unknown' ? slow.links : none;
  return mapReading(rates, (value) =>
    physical(links).reduce((sum, link) => {
      const linkRates = value.network[link.name];
      return linkRates === undefined ? sum : sum + pick(linkRates);
    }, 0),
  );
}

/** What the search box finds besides name, address and tags. */
function searchTerms(node: RegionNode): readonly string[] {
  const { system, disks, links } = node.observation.slow;
  const terms = [
    valueOf(system)?.serial,
    valueOf(system)?.machineId,
    ...(valueOf(disks) ?? []).map((disk) => disk.serial),
    ...(valueOf(links) ?? []).map((link) => link.mac),
  ];
  return terms.flatMap((term) => (term === null || term === undefined || term === '' ? [] : [term.toLowerCase()]));
}
