import type { Domain } from '#shared/model/hardware.ts';

const mib = 1_048_576;

/** The memory a host keeps for itself where the cluster sets no capacity: the larger of the two. */
export interface HostReserve {
  readonly bytes: number;
  /** Of the installed memory, 0 to 1. */
  readonly share: number;
}

/** Bytes; `null` where it cannot be known. */
export interface VmMemory {
  readonly total: number | null;
  readonly allocated: number;
  readonly available: number | null;
}

/** What VM memory is computed from. */
export interface VmMemoryFacts {
  /** The cluster's utilization capacity for the node, MiB; `null` where not set. */
  readonly capacityMib: number | null;
  /** The VMs whose resource lists the node, each by its domain's name; on its way, a VM is on both. */
  readonly clusterVms: readonly { readonly domain: string; readonly memoryMib: number | null }[];
  /** `null` where it was not read. */
  readonly installedBytes: number | null;
  readonly reserve: HostReserve;
  /** What libvirt lists there; empty where it was not read. */
  readonly domains: readonly Pick<Domain, 'name' | 'state' | 'memoryBytes'>[];
}

/**
 * What VMs may use on a node, and how much of it is taken (docs/status.md, The list's columns).
 *
 * Total: the cluster's capacity for the node where set, else the installed memory minus the host's reserve. Allocated: the memory of the
 * VMs on it, or moving in. By the cluster that is every VM whose resource lists the node; by libvirt every domain that is not shut off,
 * which finds those the cluster does not manage, or reports as stopped while they move. Each VM counts once, with what libvirt says of
 * its memory, else the cluster. Available never falls below 0.
 */
export function vmMemory({ capacityMib, clusterVms, installedBytes, reserve, domains }: VmMemoryFacts): VmMemory {
  const total =
    capacityMib !== null
      ? capacityMib * mib
      : installedBytes === null
        ? null
        : Math.max(0, installedBytes - Math.max(reserve.bytes, Math.round(installedBytes * reserve.share)));
  const bytes = new Map(clusterVms.map(({ domain, memoryMib }) => [domain, (memoryMib ?? 0) * mib]));
  for (const { name, state, memoryBytes } of domains) {
    if (!/^shut ?off$/u.test(state)) bytes.set(name, memoryBytes);
  }
  const allocated = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  return { total, allocated, available: total === null ? null : Math.max(0, total - allocated) };
}
