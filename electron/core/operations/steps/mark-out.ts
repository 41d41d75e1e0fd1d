import type { ClusterAnswer, OutRecord } from '#shared/model/cluster.ts';
import { emptyNodeRecord } from '#shared/model/cluster.ts';
import { valueOf } from '#shared/model/reading.ts';
import {
  nodePath,
  regionMarkPath,
  togetherWith,
  type Changes,
  type WrittenNode,
} from '../../cluster/writes/configuration.ts';
import { identityRecord, ofRegion, onNode, outRecord } from '../../cluster/writes/records.ts';
import type { RegionAccess } from '../../region/region-access.ts';
import { readCluster, untilSo } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';
import { memberOf } from './on-node.ts';

/** Whom the mark *Out* is about; without a machine-id, which nobody ever read, the cluster's name stands for it. */
export type OutIdentity = Omit<OutRecord, 'machineId'> & { readonly machineId: string | null };

export const isMember = (answer: ClusterAnswer, node: string): boolean =>
  answer.nodes.some(({ name }) => name === node) || answer.members.some(({ name }) => name === node);

const keyOf = ({ machineId, name }: Pick<OutIdentity, 'machineId' | 'name'>): string => machineId ?? `name-${name}`;

/** What is known of the node while it is a member. */
export function outIdentity(
  region: Pick<RegionAccess, 'rows'>,
  answer: ClusterAnswer,
  node: string,
  by: string,
  at: number,
): OutIdentity {
  const record = answer.records.nodes[node] ?? emptyNodeRecord;
  const row = region.rows().find(({ id }) => id === `member:${node}`);
  const machineId = record.machineId ?? (row === undefined ? null : (valueOf(row.machineId) ?? null));
  const configured = answer.members.find(({ name }) => name === node)?.address ?? null;
  return { machineId, name: node, address: record.address ?? configured, by, at };
}

/**
 * Marks the machine as *Out* (R16). As long as it is a member, its machine-id is recorded on it too: the table lists a machine that is a
 * member as that, and only that.
 */
export function outChanges(member: WrittenNode, answer: ClusterAnswer, identity: OutIdentity): Changes {
  const mark = ofRegion(outRecord({ ...identity, machineId: keyOf(identity) }));
  const before = answer.records.nodes[member.name] ?? emptyNodeRecord;
  if (identity.machineId === null || before.machineId !== null) return mark;
  return togetherWith(mark, onNode(member, identityRecord({ ...before, machineId: identity.machineId })));
}

const pathOf = (machineId: string): string => regionMarkPath(`rackside-out-${machineId}`);

/** The mark that this operation has made, or an earlier one of the same machine. */
function markIn(answer: ClusterAnswer, { node, record }: OperationContext): OutRecord | undefined {
  return answer.records.out.find(({ name, at }) => name === node && at >= record().startedAt);
}

/** Never before the operation began, whatever the clock of the laptop says that goes on with it: by that the mark is known. */
const markedAt = ({ clock, record }: OperationContext): number => Math.max(clock.now(), record().startedAt);

/** Before the node leaves, because nothing of it is left afterwards to tell who it was. */
export const markOutStep: Step = {
  id: 'mark-out',
  title: 'Mark its identity Out',
  async isDone(context) {
    const answer = await readCluster(context);
    return !isMember(answer, context.node) || markIn(answer, context) !== undefined;
  },
  async act(context) {
    const { region, node, record, write } = context;
    const answer = await readCluster(context);
    const identity = outIdentity(region, answer, node, record().owner, markedAt(context));
    // Without a machine-id it would stand beside the member in the table: it is marked when that is gone.
    if (identity.machineId === null) return;
    const member = memberOf(answer, node);
    await write.merge('mark-out', outChanges(member, answer, identity), { requires: nodePath(member) });
  },
  async verify(context) {
    const answer = await readCluster(context);
    return markIn(answer, context) === undefined ? 'its machine-id was never read: its name is marked' : '';
  },
};

const shownWithinMs = 60_000;

/** The end of it by a fresh read: gone from crm_mon and from corosync, and marked. */
export const outStep: Step = {
  id: 'out',
  title: 'Read again: it is out',
  isDone: () => Promise.resolve(false),
  async act(context) {
    const answer = await readCluster(context);
    if (markIn(answer, context) !== undefined) return;
    const { node, record, write } = context;
    const machineId = keyOf({ machineId: null, name: node });
    const mark = outRecord({ machineId, name: node, address: null, by: record().owner, at: markedAt(context) });
    await write.merge('out', ofRegion(mark));
  },
  async verify(context) {
    const { node } = context;
    const answer = await untilSo(context, (seen) => !isMember(seen, node) && markIn(seen, context) !== undefined, {
      forMs: shownWithinMs,
    });
    if (answer === undefined)
      stepFailed(
        `The cluster does not show yet that ${node} is out.`,
        'Look at crm_mon and at pcs quorum status, then continue.',
      );
    return 'neither crm_mon nor corosync names it';
  },
};

/** Takes the mark back of a node that stays. */
export async function unmark(context: OperationContext): Promise<void> {
  const mark = markIn(await readCluster(context), context);
  if (mark !== undefined) await context.write.delete('stay', pathOf(mark.machineId));
}
