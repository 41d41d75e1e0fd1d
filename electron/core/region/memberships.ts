import { emptyNodeRecord, type ClusterAnswer } from '#shared/model/cluster.ts';
import { memberId, nodeId, type NodeId } from '#shared/model/ids.ts';
import { indexOf } from '../lifecycle/answer-index.ts';
import type { Membership } from './region-node.ts';

/** A row the cluster knows of, before this laptop has looked at it. */
export interface ListedNode {
  readonly id: NodeId;
  readonly name: string;
  readonly membership: Membership;
}

/**
 * Every row that a believed answer names: members first, then candidates and removed servers of our records.
 * A server that is a member again is listed once, as a member. Pure.
 */
export function listNodes(answer: ClusterAnswer): readonly ListedNode[] {
  const names = new Set([...answer.nodes.map((node) => node.name), ...answer.members.map((member) => member.name)]);
  const vms = vmsByNode(answer);
  const members = [...names].map((name) => memberOf(answer, name, vms.get(name) ?? []));
  const machineIds = new Set(members.map((member) => member.membership.record.machineId).filter((id) => id !== null));
  const candidates = answer.records.candidates
    .filter((candidate) => candidate.machineId === null || !machineIds.has(candidate.machineId))
    .map((candidate): ListedNode => ({
      id: nodeId(`candidate:${candidate.id}`),
      name: candidate.name ?? candidate.address,
      membership: {
        ...notAMember(answer),
        kind: 'candidate',
        address: candidate.address,
        record: { ...emptyNodeRecord, machineId: candidate.machineId },
      },
    }));
  const out = answer.records.out
    .filter((record) => !machineIds.has(record.machineId))
    .map((record): ListedNode => ({
      id: nodeId(`out:${record.machineId}`),
      name: record.name,
      membership: {
        ...notAMember(answer),
        kind: 'out',
        address: record.address,
        record: { ...emptyNodeRecord, machineId: record.machineId },
      },
    }));
  return [...members, ...candidates, ...out];
}

function memberOf(answer: ClusterAnswer, name: string, clusterVms: Membership['clusterVms']): ListedNode {
  const seen = indexOf(answer).node(name);
  const configured = indexOf(answer).member(name);
  const record = answer.records.nodes[name] ?? emptyNodeRecord;
  const type = seen?.type ?? configured?.type ?? 'member';
  return {
    id: memberId(name),
    name,
    membership: {
      kind: 'member',
      role: type === 'remote' ? 'worker' : 'control',
      isDc: answer.dc === name,
      address: record.address ?? configured?.address ?? null,
      memoryCapacityMib: configured?.memoryCapacityMib ?? null,
      clusterVms,
      record,
      operation: answer.records.operations.find((operation) => operation.node === name) ?? null,
      readAt: answer.readAt,
    },
  };
}

const notAMember = (answer: ClusterAnswer) =>
  ({
    role: 'worker',
    isDc: false,
    memoryCapacityMib: null,
    clusterVms: [],
    operation: null,
    readAt: answer.readAt,
  }) as const;

/** The VMs by the nodes their resource lists; one that moves is on both. One pass, whatever the number of nodes. */
function vmsByNode(answer: ClusterAnswer): ReadonlyMap<string, Membership['clusterVms']> {
  const vms = new Map(answer.vms.map((vm) => [vm.resource, vm]));
  const byNode = new Map<string, { domain: string; memoryMib: number | null }[]>();
  for (const resource of answer.resources) {
    const vm = vms.get(resource.id);
    if (vm === undefined) continue;
    for (const node of resource.nodes) {
      byNode.set(node, [...(byNode.get(node) ?? []), { domain: vm.domain, memoryMib: vm.memoryMib }]);
    }
  }
  return byNode;
}

/** Members of which the cluster now says something else than before: what runs there is worth a look at once. Pure. */
export function membersThatChanged(earlier: ClusterAnswer | undefined, answer: ClusterAnswer): readonly NodeId[] {
  return answer.nodes.flatMap((node) => {
    const before = earlier === undefined ? undefined : indexOf(earlier).node(node.name);
    const isSame =
      before !== undefined &&
      before.isOnline === node.isOnline &&
      before.isStandby === node.isStandby &&
      before.isPending === node.isPending &&
      before.resourcesRunning === node.resourcesRunning;
    return isSame ? [] : [memberId(node.name)];
  });
}
