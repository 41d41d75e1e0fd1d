import { memberId, type NodeId } from '#shared/model/ids.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import { commandWords } from '#shared/model/operation.ts';
import type { PlacementTarget } from '../placement.ts';
import { indexOf } from '../answer-index.ts';
import { newestFencing } from '../fencing.ts';
import type { NodeInRegion, PreflightNode } from './facts.ts';
import { proof } from './source.ts';
import { vmIndexOf } from './vm-index.ts';

/** Nodes that VMs may go to now (R4), with their memory; and why each other node is none. */
export interface Targets {
  readonly targets: readonly PlacementTarget[];
  /** In words by node, the source aside: "c3 is In maintenance". */
  readonly refused: ReadonlyMap<string, string>;
  /** Why the memory of a target is not known, by node. */
  readonly memoryUnknown: ReadonlyMap<string, string>;
}

/** What a plan adds to the region: the nodes that are taken out with the source. */
type TargetFacts = NodeInRegion & { readonly choices?: Pick<MaintenanceChoices, 'alsoOut' | 'ahead'> };

/**
 * Every node but the source that is Active by status and able by the cluster, reached by this laptop, and in nobody's hands.
 * @param ahead bytes that plans which are not recorded yet bring to a node before this one's turn.
 */
export function targetsOf(facts: TargetFacts, ahead: ReadonlyMap<string, number>): Targets {
  const targets: PlacementTarget[] = [];
  const refused = new Map<string, string>();
  const memoryUnknown = new Map<string, string>();
  const reserved = reservedBytes(facts);
  for (const node of facts.nodes) {
    if (node.name === facts.node) continue;
    const because = refusalOf(node, facts);
    if (because !== undefined) {
      refused.set(node.name, because);
      continue;
    }
    const total = proof(node.vmMemoryTotalBytes, facts.now, 'not-old');
    const used = proof(node.vmMemoryAllocatedBytes, facts.now, 'not-old');
    for (const one of [total, used]) if (one.kind === 'unknown') memoryUnknown.set(node.name, one.because);
    targets.push({
      node: node.name,
      totalBytes: total.kind === 'proven' ? total.value : null,
      usedBytes:
        used.kind === 'proven' ? used.value + (reserved.get(node.name) ?? 0) + (ahead.get(node.name) ?? 0) : null,
      isLastResort: wasJustFenced(facts, node.name),
    });
  }
  return { targets, refused, memoryUnknown };
}

/** What made the cluster fence it may be there still: VMs that leave one node must not end with another. */
function wasJustFenced({ answer, now }: NodeInRegion, node: string): boolean {
  const newest = newestFencing(answer.fencing.filter(({ target }) => target === node));
  return newest !== undefined && now - newest.completedAt < lastResortMs;
}

const lastResortMs = 3_600_000;

function refusalOf(node: PreflightNode, facts: TargetFacts): string | undefined {
  const { status, unknownSince } = node.status;
  const member = indexOf(facts.answer).node(node.name);
  if (unknownSince !== null) return 'its status is not known now';
  if (status !== 'active') return `it is ${statusLabels[status]}`;
  if (member === undefined || !member.isOnline) return 'the cluster does not call it online';
  if (member.isStandby || member.isStandbyOnFail) return 'it is in standby';
  if (member.isUnclean || member.isPending) return 'the cluster is not sure of it (unclean or pending)';
  if (member.isShuttingDown) return 'it is shutting down';
  if (member.isInPacemakerMaintenance) return "Pacemaker's maintenance mode is on there";
  if (node.frozenBecause !== null) return node.frozenBecause;
  if (isTakenToo(memberId(node.name), facts)) return 'it is taken out of service too';
  const operation = facts.answer.records.operations.find((one) => one.node === node.name);
  if (operation !== undefined && operation.command !== 'shut-down-vm')
    return `an operation is recorded on it (${commandWords[operation.command]} by ${operation.owner})`;
  if (node.host.reachability.kind !== 'reachable') return 'this laptop does not reach it';
  const libvirt = proof(node.host.libvirt, facts.now, 'not-old');
  if (libvirt.kind === 'proven' && libvirt.value !== 'answers') return 'its libvirt does not answer';
  return undefined;
}

function isTakenToo(id: NodeId, { choices }: TargetFacts): boolean {
  return choices?.alsoOut.includes(id) === true || choices?.ahead.some(({ nodeId }) => nodeId === id) === true;
}

/** Memory that other recorded operations are going to bring to a node, so that two plans do not count the same room twice. */
function reservedBytes({ answer, configuration, ownOperation }: NodeInRegion): ReadonlyMap<string, number> {
  const reserved = new Map<string, number>();
  if (answer.records.operations.length === 0) return reserved;
  const index = vmIndexOf(answer, configuration);
  for (const operation of answer.records.operations) {
    if (operation.id === ownOperation) continue;
    for (const { resource, target, effect, isDone } of operation.vms) {
      if (isDone || target === null || effect === 'stop' || effect === 'cannot-move') continue;
      const vm = index.get(resource);
      // On its way it is counted on both sides already.
      if (vm === undefined || vm.nodes.includes(target)) continue;
      reserved.set(target, (reserved.get(target) ?? 0) + (vm.memoryBytes ?? 0));
    }
  }
  return reserved;
}
