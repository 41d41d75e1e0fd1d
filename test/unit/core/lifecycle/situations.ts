import { noOperationChoices } from '#shared/model/cluster.ts';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { HostFacts, NodeFacts, Subject } from '../../../../electron/core/lifecycle/facts.ts';
import type { StatusMemory } from '../../../../electron/core/lifecycle/memory.ts';
import type { StatusView } from '../../../../shared/lifecycle/statuses.ts';
import { emptyNodeRecord } from '../../../../shared/model/cluster.ts';
import type { ClusterAnswer, ClusterNode, NodeRecord, OperationRecord } from '../../../../shared/model/cluster.ts';
import { hostOf } from './replay.ts';

/** The captures' day, in the middle of it. */
export const noon = Date.UTC(2026, 10, 22, 12, 0);

export function withNode(answer: ClusterAnswer, name: string, change: Partial<ClusterNode>): ClusterAnswer {
  return { ...answer, nodes: answer.nodes.map((node) => (node.name === name ? { ...node, ...change } : node)) };
}

export function withRecord(answer: ClusterAnswer, name: string, change: Partial<NodeRecord>): ClusterAnswer {
  return { ...answer, records: { ...answer.records, nodes: { [name]: { ...emptyNodeRecord, ...change } } } };
}

/** What the record of an operation holds beside who does what: nothing. */
export const emptyOperation = {
  direction: 'on',
  reason: '',
  failure: null,
  choices: noOperationChoices,
  vms: [],
  others: [],
  undo: [],
  units: [],
  fencedAt: 0,
} as const;

export function withOperation(
  answer: ClusterAnswer,
  operation: Partial<OperationRecord> & { node: string },
): ClusterAnswer {
  const base = {
    id: 'op1',
    command: 'maintenance',
    step: '5 of 8 moved',
    owner: 'anna',
    startedAt: noon,
    ...emptyOperation,
  } as const;
  // Whoever drives it holds the lock.
  const marks = [{ name: `rackside-lease-${operation.node}`, value: '0123456789abcdef.4.e30' }];
  return { ...answer, records: { ...answer.records, operations: [{ ...base, ...operation }], marks } };
}

export interface Watched {
  readonly view: StatusView;
  readonly memory: StatusMemory;
}

export interface WatchOptions {
  readonly host?: (at: number, answer: ClusterAnswer) => HostFacts;
  readonly before?: StatusMemory | undefined;
  readonly times?: number;
  readonly everyMs?: number;
  readonly startAt?: number;
  readonly earlier?: ClusterAnswer;
}

/** The same answer, read again and again (three times, 2 s apart): what the status is once everything has settled. */
export function watch(answer: ClusterAnswer, subject: string | Subject, options: WatchOptions = {}): Watched {
  const { times = 3, everyMs = 2000, startAt = noon, earlier } = options;
  const who: Subject = typeof subject === 'string' ? { kind: 'member', name: subject } : subject;
  const name = who.kind === 'member' ? who.name : '';
  let last: Watched | undefined;
  for (let sample = 0; sample < times; sample += 1) {
    const at = startAt + sample * everyMs;
    const host = options.host?.(at, answer) ?? hostOf(answer, name, at);
    const cluster = clusterFacts({ ...answer, readAt: at }, who, sample === 0 ? earlier : answer);
    const facts: NodeFacts = { cluster, host, ownWriteAt: null };
    last = deriveStatus(last?.memory ?? options.before, facts, at);
  }
  return last!;
}
