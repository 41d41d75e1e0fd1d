import type { CallInput } from '#shared/contract/contract.ts';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { emptyNodeRecord } from '#shared/model/cluster.ts';
import type { NodeId } from '#shared/model/ids.ts';
import { foldedName } from '#shared/model/texts.ts';
import { fail, problemOf } from '#shared/problems.ts';
import { nodePath, togetherWith, type Changes } from '../cluster/writes/configuration.ts';
import { guardedMerge, quorumGuard, type Conditions } from '../cluster/writes/guarded.ts';
import {
  descriptionRecord,
  limitsRecord,
  nameRecord,
  onNoOtherNode,
  ofRegion,
  onNode,
  stillOfRegion,
  stillOnNode,
  tagsRecord,
  type WrittenRecord,
} from '../cluster/writes/records.ts';
import type { WriteOutcome } from '../cluster/writes/write-outcome.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { runSections } from '../ssh/sections.ts';
import { requireAvailable } from './begin.ts';
import { controlOf } from './channels.ts';
import { memberOf } from './steps/on-node.ts';

/** What small changes are made with. */
export interface SmallChanges {
  readonly region: RegionAccess;
  readonly now: () => number;
  /** Told after each: who did what stands in the log. */
  readonly onDone: (words: string) => void;
}

/**
 * Renames a node for everybody; its hostname is untouched. What two people change at once is never written over unseen.
 * @throws ProblemError `changed-meanwhile` with the value that stands there, `name-taken`, `not-available`.
 */
export async function rename(changes: SmallChanges, input: CallInput<'nodes.rename'>): Promise<null> {
  const { region } = changes;
  const { nodeId, name, description, expectedName, expectedDescription } = input;
  const answer = await readFor(changes, nodeId, 'rename');
  const node = region.node(nodeId).name;
  const record = answer.records.nodes[node] ?? emptyNodeRecord;
  const seen = { name: record.displayName ?? node, description: record.description ?? '' };
  if (seen.name !== expectedName || seen.description !== expectedDescription) {
    fail({
      code: 'changed-meanwhile',
      message: `${node} was renamed by somebody else meanwhile: it is called “${seen.name}”${seen.description === '' ? '' : `, “${seen.description}”`} now.`,
      advice: 'Nothing was written. Look at both, then choose again.',
    });
  }
  const sameName = (other: string): boolean => foldedName(other) === foldedName(name);
  const taken = region.rows().find((row) => row.id !== nodeId && (sameName(row.name) || sameName(row.hostname)));
  if (taken !== undefined) {
    fail({
      code: 'name-taken',
      message: `Another node of ${region.profile.name} has that name: ${taken.name} (${taken.hostname}).`,
      advice: 'Choose another name.',
    });
  }
  const member = memberOf(answer, node);
  const conditions = [
    stillOnNode(member, 'rackside-name', standing(answer, node, 'rackside-name')),
    stillOnNode(member, 'rackside-description', standing(answer, node, 'rackside-description')),
    // Two people who give two nodes one name in the same second: exactly one is given.
    onNoOtherNode(member, nameRecord(name)),
    { requires: nodePath(member) },
  ];
  const written = togetherWith(onNode(member, nameRecord(name)), onNode(member, descriptionRecord(description)));
  await write(changes, written, conditions);
  changes.onDone(`${node} is called “${name}” now`);
  return null;
}

const tries = 5;

/** Adds and removes tags. Two people who add different ones both keep theirs: what stands there is read again and merged. */
export async function changeTags(changes: SmallChanges, input: CallInput<'nodes.changeTags'>): Promise<null> {
  const { nodeId, add, remove } = input;
  const node = changes.region.node(nodeId).name;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await readFor(changes, nodeId, 'edit-tags');
    const member = memberOf(answer, node);
    const { tags } = answer.records.nodes[node] ?? emptyNodeRecord;
    const removed = new Set(remove);
    const next = [...new Set([...tags.filter((tag) => !removed.has(tag)), ...add.map((tag) => tag.normalize('NFC'))])];
    const isSame = next.length === tags.length && next.every((tag) => tags.includes(tag));
    if (isSame) return null;
    try {
      await write(changes, onNode(member, tagsRecord(next)), [
        stillOnNode(member, 'rackside-tags', standing(answer, node, 'rackside-tags')),
        { requires: nodePath(member) },
      ]);
    } catch (error) {
      if (problemOf(error)?.code !== 'changed-meanwhile' || attempt >= tries) throw error;
      continue;
    }
    changes.onDone(`the tags of ${node} are ${next.join(', ') || 'none'} now`);
    return null;
  }
}

/** The record exactly as it stood when it was read; `null`: it was absent. `node`: empty for the region's. */
export function standing({ records }: ClusterAnswer, node: string, name: string): WrittenRecord | null {
  const value = records.written[node]?.[name];
  return value === undefined ? null : { name, value };
}

/** Sets the region's limits, for everybody; `null` leaves one as it is. */
export async function setLimits(changes: SmallChanges, input: CallInput<'regions.setLimits'>): Promise<null> {
  const { region } = changes;
  requireWritable(region);
  const answer = await region.readFresh();
  const { records } = answer;
  const seen = { maxOutOfService: records.maxOutOfService, maxMovesAtOnce: records.maxMovesAtOnce };
  const next = {
    maxOutOfService: input.maxOutOfService ?? seen.maxOutOfService,
    maxMovesAtOnce: input.maxMovesAtOnce ?? seen.maxMovesAtOnce,
  };
  await write(changes, ofRegion(limitsRecord(next)), [
    stillOfRegion('rackside-limits', standing(answer, '', 'rackside-limits')),
  ]);
  changes.onDone(
    `${next.maxOutOfService} nodes may be out of service at once, and ${next.maxMovesAtOnce} VMs move at once in ${region.profile.name}`,
  );
  return null;
}

/** Lifts the brake after a mass failure (R14) for ten minutes. @throws ProblemError `name-mismatch`, `not-available`. */
export function overrideBrake(changes: SmallChanges, { typedName }: CallInput<'regions.overrideBrake'>): Promise<null> {
  const { region } = changes;
  const { brake } = region.view();
  if (brake === null) {
    fail({
      code: 'not-available',
      message: `No brake holds ${region.profile.name}.`,
      advice: 'There is nothing to lift.',
    });
  }
  requireTyped(typedName, region.profile.name, 'the region');
  region.liftBrake();
  changes.onDone(
    `the brake of ${region.profile.name} is lifted for ten minutes (${brake.nodes.join(', ')} had left Active)`,
  );
  return Promise.resolve(null);
}

/** @throws ProblemError `name-mismatch` where what was typed is another name; letters that look the same are the same (NFC). */
export function requireTyped(typed: string, name: string, of: string): void {
  if (typed.trim().normalize('NFC') === name.trim().normalize('NFC')) return;
  fail({
    code: 'name-mismatch',
    message: `What was typed is not the name of ${of}: it is ${name}.`,
    advice: 'Type the name exactly, with its capitals.',
  });
}

async function readFor({ region, now }: SmallChanges, nodeId: NodeId, command: NodeCommand): Promise<ClusterAnswer> {
  requireAvailable(region, nodeId, command, now());
  const answer = await region.readFresh();
  requireAvailable(region, nodeId, command, now());
  return answer;
}

export function requireWritable(region: RegionAccess): void {
  const { readOnlyBecause, connection, name } = region.view();
  if (connection.kind === 'live' && readOnlyBecause === null) return;
  fail({
    code: 'not-available',
    message:
      connection.kind === 'live'
        ? `${name} is open for reading only: ${readOnlyBecause ?? ''}.`
        : `${name} does not answer.`,
    advice: 'Try again when that is over.',
  });
}

type Condition = Pick<Conditions, 'unless' | 'requires'>;

/** One write under quorum alone, on the condition that nothing changed since it was read; then a fresh read, so that the table shows it. */
export async function write(
  { region }: SmallChanges,
  changes: Changes,
  conditions: readonly Condition[],
): Promise<void> {
  const all = (of: 'unless' | 'requires', joint: string) =>
    conditions.flatMap((condition) => condition[of] ?? []).join(joint);
  const [unless, requires] = [all('unless', ' or '), all('requires', ' and ')];
  const command = guardedMerge({
    guard: quorumGuard,
    changes,
    ...(unless === '' ? {} : { unless }),
    ...(requires === '' ? {} : { requires }),
  });
  const output = await runSections(controlOf(region), command.command, { deadlineMs: command.deadlineMs });
  const outcome = command.parse(output);
  region.noteOwnWrite();
  if (outcome.kind !== 'written') fail(whyNot(outcome));
  await region.readFresh();
}

function whyNot(outcome: Exclude<WriteOutcome, { kind: 'written' }>): Parameters<typeof fail>[0] {
  switch (outcome.kind) {
    case 'exists':
    case 'changed':
      return {
        code: 'changed-meanwhile',
        message: 'Somebody else changed the same thing at this moment, so nothing was written.',
        advice: 'Look at what stands there now, and choose again.',
      };
    case 'refused':
      return {
        code: 'no-quorum',
        message: 'The cluster has no quorum, so nothing was written.',
        advice: 'Try again once more than half of the votes are back.',
      };
    case 'not-proven':
      return {
        code: 'outcome-unknown',
        message: `Whether it was written is not known: ${outcome.because}.`,
        advice: 'Look at what stands there now before you try again.',
      };
    case 'error':
      return {
        code: 'write-refused',
        message: `The cluster refused it (status ${outcome.exitStatus}): ${outcome.because.trim() || 'without a word'}.`,
        advice: 'Nothing was written.',
      };
  }
}
