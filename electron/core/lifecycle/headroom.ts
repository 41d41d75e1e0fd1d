import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { ClusterConfiguration } from '#shared/model/configuration.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { isOld, type Reading } from '#shared/model/reading.ts';
import type { Headroom } from '#shared/model/region.ts';
import { readConstraints } from './constraints.ts';
import { placeVms, type Misfit, type Placement, type PlacementTarget } from './placement.ts';
import { outOfService } from './preflight/check-cluster.ts';
import { listWords, memoryWords } from './preflight/words.ts';
import { resourcesAfter } from './resources-after.ts';

const mib = 1_048_576;
/** Lines of explanation that are worth reading. */
const mostLines = 20;

/** A member as its row has it. */
export interface HeadroomNode {
  readonly name: string;
  readonly status: Pick<StatusView, 'status' | 'unknownSince'>;
  readonly reachability: Pick<NodeRow['reachability'], 'kind'>;
  readonly vmMemoryTotalBytes: Reading<number>;
  readonly vmMemoryAllocatedBytes: Reading<number>;
}

export interface HeadroomFacts {
  readonly nodes: readonly HeadroomNode[];
  readonly answer: Pick<ClusterAnswer, 'resources' | 'vms' | 'records'>;
  /** The constraints, where they were read; `null`: memory alone is judged. */
  readonly configuration: Pick<ClusterConfiguration, 'constraints' | 'vms'> | null;
  /** Domains that hold a device of their machine: they do not move, so their node cannot be emptied. */
  readonly passthrough: ReadonlySet<string>;
  readonly now: number;
}

/**
 * How many nodes can be taken out of service now, at the same time: by our own placement, as far as the region's limit goes. Each Active node
 * is asked for alone first (N-1): whether there is room for all its VMs on the other Active ones. Of those that can go, the ones with the least
 * VM memory are taken one behind the other, as the preflight plans them, for as long as the VMs of each fit on what is left. A node that this
 * laptop does not reach neither goes nor takes VMs. Pure; 64 nodes and 2,000 VMs take some milliseconds.
 */
export function headroomOf(facts: HeadroomFacts): Headroom {
  const { nodes, answer, now } = facts;
  const limit = answer.records.maxOutOfService;
  const out = nodes.filter(({ status }) => outOfService.has(status.status)).length;
  const active = nodes.filter(({ status }) => status.status === 'active' && status.unknownSince === null);
  const value = (reading: Reading<number>): number | null =>
    reading.kind === 'known' && !isOld(reading, now) ? reading.value : null;
  const silent = active.filter(({ reachability }) => reachability.kind === 'unreachable').map(({ name }) => name);
  const reached = active.filter(({ name }) => !silent.includes(name));
  const arriving = arrivingBytes(answer);
  const targets: readonly PlacementTarget[] = reached.map(({ name, vmMemoryTotalBytes, vmMemoryAllocatedBytes }) => {
    const used = value(vmMemoryAllocatedBytes);
    return {
      node: name,
      totalBytes: value(vmMemoryTotalBytes),
      usedBytes: used === null ? null : used + (arriving.get(name) ?? 0),
    };
  });
  const vmsOn = vmsByNode(facts);
  const misfitsOf = (names: readonly string[]): readonly Lacking[] => misfitsInRow(names, facts, targets, vmsOn);
  const because: string[] = [];
  const kinds = new Set<Lacking['kind']>();
  const serviceable: string[] = [];
  for (const { name } of reached) {
    const misfits = [...devicesOf(facts, vmsOn.get(name) ?? []), ...misfitsOf([name])];
    for (const { kind } of misfits) kinds.add(kind);
    if (misfits.length === 0 && reached.length > 1) serviceable.push(name);
    for (const misfit of misfits) if (because.length < mostLines) because.push(lineOf(name, misfit));
  }
  if (active.length === 1)
    because.push(`${active[0]?.name ?? ''} is the only Active node: nothing could take its VMs.`);
  if (silent.length > 0)
    because.unshift(`Not reached by this laptop, so nothing moves there or from there: ${listWords(silent)}.`);
  const allowed = Math.max(0, limit - out);
  const most = Math.max(0, Math.min(allowed, serviceable.length, reached.length - 1));
  const together = atOnce(serviceable, most, vmsOn, targets, misfitsOf);
  // Where more could go by memory, it is the limit that keeps them.
  const isLimit = most === allowed && most < serviceable.length && together.count === most;
  const already = out === 0 ? '' : `, and ${out} ${out === 1 ? 'is' : 'are'}`;
  const limits = isLimit ? [`The region allows ${limit} out of service at once${already}.`] : [];
  return {
    out,
    limit,
    serviceable: serviceable.length,
    active: active.length,
    words: wordsOf(together.count, serviceable.length, nodes.length, [active.length, reached.length], kinds),
    because: [...limits, ...together.because, ...because].slice(0, mostLines),
  };
}

/**
 * How many of these nodes, each of which could go alone, can be out together, and what keeps one more from it. Those with the least VM memory
 * go first, so that fewer can go wherever more can: half of what is left is tried at a time.
 */
function atOnce(
  names: readonly string[],
  most: number,
  vmsOn: ReadonlyMap<string, readonly Vm[]>,
  targets: readonly PlacementTarget[],
  misfitsOf: (names: readonly string[]) => readonly Lacking[],
): { readonly count: number; readonly because: readonly string[] } {
  const bytesOn = (name: string): number =>
    (vmsOn.get(name) ?? []).reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
  const order = names.toSorted((a, b) => bytesOn(a) - bytesOn(b) || (a < b ? -1 : 1));
  const hasRoom = (count: number): boolean => {
    const going = new Set(order.slice(0, count));
    const free = targets.reduce(
      (sum, { node, totalBytes, usedBytes }) =>
        going.has(node) || totalBytes === null || usedBytes === null ? sum : sum + Math.max(0, totalBytes - usedBytes),
      0,
    );
    return [...going].reduce((sum, name) => sum + bytesOn(name), 0) <= free;
  };
  let count = Math.min(most, 1);
  let upTo = most;
  while (count < upTo) {
    const middle = Math.ceil((count + upTo) / 2);
    // A sum rules most of them out before anything is placed.
    if (hasRoom(middle) && misfitsOf(order.slice(0, middle)).length === 0) count = middle;
    else upTo = middle - 1;
  }
  if (count < 1 || count >= most) return { count, because: [] };
  const [first] = misfitsOf(order.slice(0, count + 1));
  const nodeOf = order.find((name) => vmsOn.get(name)?.some(({ resource }) => resource === first?.resource));
  const words = first === undefined || nodeOf === undefined ? [] : [lineOf(nodeOf, first)];
  return { count, because: words.map((line) => `With ${count + 1} nodes out at once: ${line}`) };
}

/** What a VM lacks to leave: room, by our placement, or its device. */
type Lacking = Omit<Misfit, 'kind'> & {
  readonly kind: Misfit['kind'] | 'device';
  readonly memoryBytes: number | null;
};

interface Vm {
  readonly resource: string;
  readonly domain: string;
  readonly memoryBytes: number | null;
}

function vmsByNode({ answer }: HeadroomFacts): ReadonlyMap<string, readonly Vm[]> {
  const known = new Map(answer.vms.map((vm) => [vm.resource, vm]));
  const on = new Map<string, Vm[]>();
  for (const { id, agent, role, nodes } of answer.resources) {
    if (!agent.endsWith(':VirtualDomain') || role === 'Stopped') continue;
    const resource = id.replace(/:\d+$/u, '');
    const vm = known.get(resource);
    const memoryMib = vm?.memoryMib ?? null;
    for (const node of nodes) {
      const list = on.get(node) ?? [];
      if (list.length === 0) on.set(node, list);
      const memoryBytes = memoryMib === null ? null : memoryMib * mib;
      list.push({ resource, domain: vm?.domain ?? resource, memoryBytes });
    }
  }
  return on;
}

function devicesOf({ passthrough }: HeadroomFacts, vms: readonly Vm[]): readonly Lacking[] {
  return vms
    .filter(({ domain }) => passthrough.has(domain))
    .map(({ resource, memoryBytes }) => ({ resource, kind: 'device', freeBytes: 0, freeOn: null, memoryBytes }));
}

const nothingExcluded: ReadonlyMap<string, string> = new Map();

/** Bytes that recorded operations are going to bring to a node; on its way a VM is counted on both sides already. */
function arrivingBytes({ resources, vms, records }: HeadroomFacts['answer']): ReadonlyMap<string, number> {
  const planned = records.operations.flatMap((operation) => operation.vms);
  const arriving = new Map<string, number>();
  for (const { resource, target, effect, isDone } of planned) {
    const moves = effect === 'live-migrate' || effect === 'restart-elsewhere';
    if (isDone || target === null || !moves) continue;
    if (resources.some(({ id, nodes }) => id === resource && nodes.includes(target))) continue;
    const memoryMib = vms.find((vm) => vm.resource === resource)?.memoryMib ?? 0;
    arriving.set(target, (arriving.get(target) ?? 0) + memoryMib * mib);
  }
  return arriving;
}

/**
 * VMs of these nodes that would not fit on the others, were these taken out one behind the other: those of the first node that has some. Each
 * takes the room of those behind it, as in the preflight, which plans a node at a time.
 */
function misfitsInRow(
  nodes: readonly string[],
  facts: HeadroomFacts,
  targets: readonly PlacementTarget[],
  vmsOn: ReadonlyMap<string, readonly Vm[]>,
): readonly Lacking[] {
  const at = new Map<string, string>();
  let others = targets.filter(({ node }) => !nodes.includes(node));
  for (const node of nodes) {
    const { placement, vms } = placedFrom(node, facts, others, vmsOn, at);
    const memory = new Map(vms.map((vm) => [vm.resource, vm.memoryBytes]));
    if (placement.misfits.length > 0)
      return placement.misfits.map((misfit) => ({ ...misfit, memoryBytes: memory.get(misfit.resource) ?? null }));
    for (const [resource, target] of placement.targetOf) at.set(resource, target);
    others = others.map((one) => ({ ...one, usedBytes: placement.memory.get(one.node)?.afterBytes ?? one.usedBytes }));
  }
  return [];
}

/** Where the VMs of one node would go. One with a device has its own line. */
function placedFrom(
  node: string,
  { answer, configuration, passthrough }: HeadroomFacts,
  others: readonly PlacementTarget[],
  vmsOn: ReadonlyMap<string, readonly Vm[]>,
  at: ReadonlyMap<string, string>,
): { readonly placement: Placement; readonly vms: readonly Vm[] } {
  const vms = (vmsOn.get(node) ?? []).filter(({ domain }) => !passthrough.has(domain));
  const hasColocations = configuration?.constraints.some(({ kind }) => kind === 'colocation') === true;
  const constraints =
    configuration === null || configuration.constraints.length === 0
      ? null
      : readConstraints(
          configuration,
          // Only what is kept together or apart asks where others are.
          { resources: hasColocations ? resourcesAfter(answer.resources, at) : answer.resources },
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
  return { placement, vms };
}

function lineOf(node: string, { resource, kind, freeBytes, freeOn, memoryBytes }: Lacking): string {
  const vm = `${resource} of ${node}`;
  switch (kind) {
    case 'memory': {
      const needs = memoryBytes === null ? '' : ` (${memoryWords(memoryBytes)})`;
      return `${vm}${needs} would not fit: most room is on ${freeOn ?? 'no node'}, ${memoryWords(freeBytes)}.`;
    }
    case 'device':
      return `${vm} holds a device of its machine, and cannot move.`;
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
  [active, reached]: readonly [number, number],
  kinds: ReadonlySet<Lacking['kind']>,
): string {
  if (members < 2) return 'none: one node only';
  if (active < 2) return 'none: no other node is Active';
  if (reached < 2) return 'none: no other node is reached';
  if (serviceable === 0) return `none: ${lackOf(kinds)}`;
  if (count <= 0) return 'none: limit reached';
  return `${count.toLocaleString('en')} ${count === 1 ? 'node' : 'nodes'} can be serviced`;
}

/** Memory is blamed only where memory is what lacks (R8). */
function lackOf(kinds: ReadonlySet<Lacking['kind']>): string {
  if (kinds.has('memory')) return 'memory';
  if (kinds.has('memory-unknown') || kinds.has('target-unknown')) return 'memory not known';
  return kinds.has('device') ? 'VMs with a device' : 'constraints';
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
