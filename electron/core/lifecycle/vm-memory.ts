import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { Domain } from '#shared/model/hardware.ts';

const mib = 1_048_576;
const gib = 1_073_741_824;

/** The memory a host keeps for itself where the cluster sets no capacity: the larger of the two. */
export interface HostReserve {
  readonly bytes: number;
  /** Of the installed memory, 0 to 1. */
  readonly share: number;
}

export const defaultReserve: HostReserve = { bytes: 4 * gib, share: 0.1 };

/** Bytes; `null` where it cannot be known. */
export interface VmMemory {
  readonly total: number | null;
  readonly allocated: number;
  readonly available: number | null;
}

/**
 * What VMs may use on a node, and how much of it is taken (status.md, The list's columns).
 *
 * Total: the cluster's capacity for the node where set, else the installed memory minus the host's reserve. Allocated: the memory of the
 * VMs on it, or moving in. By the cluster that is every VM whose resource lists the node; by libvirt (`domains`, where read) every domain
 * that is not shut off, which finds those the cluster does not manage, or reports as stopped while they move. Each VM counts once, with
 * what libvirt says of its memory, else the cluster. Available never falls below 0.
 */
export function vmMemory(
  answer: ClusterAnswer,
  node: string,
  installedBytes: number | null,
  reserve: HostReserve = defaultReserve,
  domains: readonly Pick<Domain, 'name' | 'state' | 'memoryBytes'>[] = [],
): VmMemory {
  const capacity = answer.members.find(({ name }) => name === node)?.memoryCapacityMib ?? null;
  const total =
    capacity !== null
      ? capacity * mib
      : installedBytes === null
        ? null
        : Math.max(0, installedBytes - Math.max(reserve.bytes, Math.round(installedBytes * reserve.share)));
  const bytes = new Map<string, number>();
  for (const vm of answer.vms) {
    const isHere = answer.resources.some(({ id, nodes }) => id === vm.resource && nodes.includes(node));
    if (isHere) bytes.set(vm.domain, (vm.memoryMib ?? 0) * mib);
  }
  for (const { name, state, memoryBytes } of domains) {
    if (!/^shut ?off$/u.test(state)) bytes.set(name, memoryBytes);
  }
  const allocated = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  return { total, allocated, available: total === null ? null : Math.max(0, total - allocated) };
}
