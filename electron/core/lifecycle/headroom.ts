import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration } from '#shared/model/configuration.ts';
import { isOld, type Reading } from '#shared/model/reading.ts';
import type { Headroom } from '#shared/model/region.ts';
import { readConstraints } from './constraints.ts';
import { placeVms, type Misfit, type PlacementTarget } from './placement.ts';
import { outOfService } from './preflight/check-cluster.ts';
import { memoryWords } from './preflight/words.ts';

const mib = 1_048_576;
/** Lines of explanation that are worth reading. */
const mostLines = 20;

/** A member as its row has it. */
export interface HeadroomNode {
  readonly name: string;
  readonly status: Pick<StatusView, 'status' | 'unknownSince'>;
  readonly vmMemoryTotalBytes: Reading<number>;
  readonly vmMemoryAllocatedBytes: Reading<number>;
}

export interface HeadroomFacts {
  readonly nodes: readonly HeadroomNode[];
  readonly answer: Pick<ClusterAnswer, 'resources' | 'vms' | 'records'>;
  /** The constraints, where they were read; `null`: memory alone is judged. */
  readonly configuration: Pick<ClusterConfiguration, 'constraints' | 'vms'> | null;
  /** Domains that hold a device of their machine: they do not move, so they need no room elsewhere. */
  readonly passthrough: ReadonlySet<string>;
  readonly now: number;
}

/**
 * Whether any one node can be taken out of service now: for each Active node, whether our own placement finds room for all its VMs on the
 * other Active ones (N-1), and what the region's limit leaves. Pure; 64 nodes and 2,000 VMs take some milliseconds.
 */
export function headroomOf(facts: HeadroomFacts): Headroom {
  const { nodes, answer, now } = facts;
  const limit = answer.records.maxOutOfService;
  const out = nodes.filter(({ status }) => outOfService.has(status.status)).length;
  const active = nodes.filter(({ status }) => status.status === 'active' && status.unknownSince === null);
  const value = (reading: Reading<number>): number | null =>
    reading.kind === 'known' && !isOld(reading, now) ? reading.value : null;
  const targets: readonly PlacementTarget[] = active.map(({ name, vmMemoryTotalBytes, vmMemoryAllocatedBytes }) => ({
    node: name,
    totalBytes: value(vmMemoryTotalBytes),
    usedBytes: value(vmMemoryAllocatedBytes),
  }));
  const vmsOn = vmsByNode(facts);
  const because: string[] = [];
  const kinds = new Set<Misfit['kind']>();
  let serviceable = 0;
  for (const { name } of active) {
    const misfits = misfitsWithout(name, facts, targets, vmsOn.get(name) ?? []);
    for (const { misfit } of misfits) kinds.add(misfit.kind);
    if (misfits.length === 0 && active.length > 1) serviceable += 1;
    for (const { misfit, memoryBytes } of misfits)
      if (because.length < mostLines) because.push(lineOf(name, misfit, memoryBytes));
  }
  if (active.length === 1)
    because.push(`${active[0]?.name ?? ''} is the only Active node: nothing could take its VMs.`);
  return {
    out,
    limit,
    serviceable,
    active: active.length,
    words: wordsOf(Math.min(serviceable, limit - out), serviceable, nodes.length, active.length, kinds),
    because,
  };
}

interface Vm {
  readonly resource: string;
  readonly memoryBytes: number | null;
}

function vmsByNode({ answer, passthrough }: HeadroomFacts): ReadonlyMap<string, readonly Vm[]> {
  const known = new Map(answer.vms.map((vm) => [vm.resource, vm]));
  const on = new Map<string, Vm[]>();
  for (const { id, agent, role, nodes } of answer.resources) {
    if (!agent.endsWith(':VirtualDomain') || role === 'Stopped') continue;
    const resource = id.replace(/:\d+$/u, '');
    const vm = known.get(resource);
    if (passthrough.has(vm?.domain ?? resource)) continue;
    const memoryMib = vm?.memoryMib ?? null;
    for (const node of nodes) {
      const list = on.get(node) ?? [];
      if (list.length === 0) on.set(node, list);
      list.push({ resource, memoryBytes: memoryMib === null ? null : memoryMib * mib });
    }
  }
  return on;
}

const nothingExcluded: ReadonlyMap<string, string> = new Map();

function misfitsWithout(
  node: string,
  { answer, configuration }: HeadroomFacts,
  targets: readonly PlacementTarget[],
  vms: readonly Vm[],
): readonly { readonly misfit: Misfit; readonly memoryBytes: number | null }[] {
  if (vms.length === 0) return [];
  const others = targets.filter((target) => target.node !== node);
  const constraints =
    configuration === null || configuration.constraints.length === 0
      ? null
      : readConstraints(
          configuration,
          answer,
          vms.map(({ resource }) => resource),
          node,
          others.map((target) => target.node),
        );
  const placement = placeVms({
    vms: vms.map(({ resource, memoryBytes }) => ({
      resource,
      memoryBytes,
      excluded: constraints?.of.get(resource)?.excluded ?? nothingExcluded,
      chosen: null,
    })),
    targets: others,
    apart: constraints?.apart ?? [],
    effort: 'quick',
  });
  const memory = new Map(vms.map((vm) => [vm.resource, vm.memoryBytes]));
  return placement.misfits.map((misfit) => ({ misfit, memoryBytes: memory.get(misfit.resource) ?? null }));
}

function lineOf(node: string, { resource, kind, freeBytes, freeOn }: Misfit, memoryBytes: number | null): string {
  const vm = `${resource} of ${node}`;
  switch (kind) {
    case 'memory': {
      const needs = memoryBytes === null ? '' : ` (${memoryWords(memoryBytes)})`;
      return `${vm}${needs} would not fit: most room is on ${freeOn ?? 'no node'}, ${memoryWords(freeBytes)}.`;
    }
    case 'memory-unknown':
      return `${vm}: how much memory it needs is not known.`;
    case 'target-unknown':
      return `${vm}: it fits on no node whose memory is known.`;
    case 'excluded':
    case 'not-a-target':
      return `${vm}: constraints bar it from every other Active node.`;
    case 'apart':
      return `${vm}: every node with room runs a VM that it must be kept apart from.`;
    case 'no-target':
      return `${vm}: no other node is Active.`;
    default:
      return kind satisfies never;
  }
}

function wordsOf(
  count: number,
  serviceable: number,
  members: number,
  active: number,
  kinds: ReadonlySet<Misfit['kind']>,
): string {
  if (members < 2) return 'none: one node only';
  if (active < 2) return 'none: no other node is Active';
  if (serviceable === 0) return `none: ${lackOf(kinds)}`;
  if (count <= 0) return 'none: limit reached';
  return `${count.toLocaleString('en')} ${count === 1 ? 'node' : 'nodes'} can be serviced`;
}

/** Memory is blamed only where memory is what lacks (R8). */
function lackOf(kinds: ReadonlySet<Misfit['kind']>): string {
  if (kinds.has('memory')) return 'memory';
  return kinds.has('memory-unknown') || kinds.has('target-unknown') ? 'memory not known' : 'constraints';
}

/** What stands above the table as long as it is so; `null`: nothing. @param members of the cluster, whatever their status. */
export function headroomWarning({ serviceable, active, because }: Headroom, members: number): string | null {
  if (members === 0) return null;
  if (members < 2)
    return 'This cluster has one node: it cannot be serviced, and nothing takes over should it fail. Keep at least two nodes.';
  if (active < 2) return `${active === 0 ? 'No node is' : 'Only one node is'} Active: nothing can take over its VMs.`;
  if (serviceable > 0) return null;
  return `No node can be serviced: its VMs could not all go to the others. ${because[0] ?? ''}`.trim();
}
