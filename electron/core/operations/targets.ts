import { isOld, valueOf } from '#shared/model/reading.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { fencedAt } from '../lifecycle/fencing.ts';
import { markOf } from './move-marks.ts';
import type { OperationContext } from './step.ts';

const mib = 1_048_576;

/** What a target is judged with beside its row. */
export interface Judging {
  /** UTC ms: what is older than two of its intervals proves nothing. */
  readonly now: number;
  /** Bytes of VMs on their way there that its own figure does not count yet. */
  readonly arrivingBytes: number;
}

/** The row of a member by the cluster's name of it. */
export const rowOf = (rows: readonly NodeRow[], target: string): NodeRow | undefined =>
  rows.find(({ hostname, id }) => hostname === target || id === `member:${target}`);

/** Why a node is no target for a VM of this size now (R4), in words; `undefined`: it is one. */
export function whyNoTarget(
  rows: readonly NodeRow[],
  answer: ClusterAnswer,
  target: string,
  memoryBytes: number | null,
  { now, arrivingBytes }: Judging,
): string | undefined {
  const node = answer.nodes.find(({ name }) => name === target);
  const row = rowOf(rows, target);
  if (node === undefined || row === undefined) return `${target} is not a member any more`;
  if (!node.isOnline || node.isUnclean || node.isPending) return `${target} is not online`;
  if (node.isStandby || node.isStandbyOnFail) return `${target} is in standby`;
  if (node.isShuttingDown) return `${target} is shutting down`;
  if (row.status.status !== 'active' || row.status.unknownSince !== null) return `${target} is not Active`;
  if (row.operation !== null) return `an operation is under way on ${target}`;
  if (row.frozenBecause !== null) return `${target} is frozen: ${row.frozenBecause}`;
  if (memoryBytes === null) return 'its memory is not known';
  const free = valueOf(row.vmMemoryAvailableBytes);
  if (free === undefined) return `the free memory of ${target} is not known`;
  if (isOld(row.vmMemoryAvailableBytes, now)) return `the free memory of ${target} was read too long ago`;
  if (free < memoryBytes) return `${target} lacks the memory now`;
  if (free - arrivingBytes < memoryBytes)
    return `${target} lacks the memory once the VMs that are on their way there have come`;
  return undefined;
}

/** Reads a target anew whose free memory is not known, or was read more than two of its intervals ago. */
export async function refreshTarget({ region, clock }: OperationContext, target: string): Promise<void> {
  const row = rowOf(region.rows(), target);
  if (row === undefined) return;
  const { vmMemoryAvailableBytes: free } = row;
  if (free.kind !== 'known' || isOld(free, clock.now())) await region.readNode(row.id);
}

/**
 * What is on its way to `target` and does not count there yet: this operation's other moves under way, and those of other operations, whose
 * marks stand in the cluster. What the target's libvirt has already is counted by its own figure.
 */
export function judgingOf(
  { handle, id, region, clock }: OperationContext,
  answer: ClusterAnswer,
  target: string,
  resource: string,
): Judging {
  const own = handle
    .get()
    .vms.filter((vm) => vm.target === target && (vm.state === 'moving' || vm.state === 'handing-back'))
    .map((vm) => vm.resource);
  const others = answer.records.operations
    .filter((operation) => operation.id !== id)
    .flatMap(({ vms }) =>
      vms.filter((vm) => vm.target === target && !vm.isDone && markOf(answer, vm.resource) !== undefined),
    )
    .map((vm) => vm.resource);
  const there = region.nodes().find(({ name }) => name === target)?.observation.slow.domains;
  const counted = new Set((there === undefined ? [] : (valueOf(there) ?? [])).map(({ name }) => name));
  const arriving = new Set([...own, ...others].filter((one) => one !== resource));
  const bytes = answer.vms
    .filter((vm) => arriving.has(vm.resource) && !counted.has(vm.domain))
    .map(({ memoryMib }) => (memoryMib ?? 0) * mib);
  return { now: clock.now(), arrivingBytes: bytes.reduce((sum, each) => sum + each, 0) };
}

type FenceHistory = Pick<ClusterAnswer, 'fencing'>;

/** The fence history as it was when a target was judged first since somebody began, or continued, the operation: that was theirs to see. */
const firstHistories = new WeakMap<OperationContext['handle'], FenceHistory>();
function seenFirst({ handle }: OperationContext, answer: ClusterAnswer): FenceHistory {
  const first = firstHistories.get(handle) ?? { fencing: answer.fencing };
  firstHistories.set(handle, first);
  return first;
}

/**
 * Why a VM of the cluster may not go there at this very moment (R4), whatever was planned and waited for before; `undefined`: it may. An
 * operation on the target that is this one is none.
 */
export function whyNotThere(
  context: OperationContext,
  answer: ClusterAnswer,
  resource: string,
  target: string,
): string | undefined {
  if (fencedAt(answer, target) > fencedAt(seenFirst(context, answer), target))
    return `${target} was fenced meanwhile, and what it was fenced for may be there still`;
  const memoryMib = answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? null;
  const rows = context.region
    .rows()
    .map((row) => (row.operation?.id === context.id ? { ...row, operation: null } : row));
  const memoryBytes = memoryMib === null ? null : memoryMib * mib;
  return whyNoTarget(rows, answer, target, memoryBytes, judgingOf(context, answer, target, resource));
}
