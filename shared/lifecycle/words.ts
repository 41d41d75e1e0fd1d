import type { OperationCommand } from '../model/operation.ts';
import type { NodeStatus } from './statuses.ts';
import { statusLabels } from './statuses.ts';

/** What a recorded operation is called where it stands in the way. */
export const operationNouns: Readonly<Record<OperationCommand, string>> = {
  maintenance: 'Maintenance',
  'force-maintenance': 'Force Maintenance',
  activate: 'Activate',
  remove: 'Remove',
  join: 'Join',
  'shut-down-vm': 'Shut down VM',
  'stop-services': 'Stop Cluster Services',
};

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
] as const;

/** How long ago, in one unit: `14 m ago`; below a minute `just now`, so that a sentence does not change every second. */
export function ago(at: number, now: number): string {
  const past = now - at;
  const unit = units.find(({ ms }) => past >= ms);
  return unit === undefined ? 'just now' : `${String(Math.floor(past / unit.ms))} ${unit.name} ago`;
}

/** `Active, Failed or Fenced`. */
export function eitherOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** The labels of statuses, one of which it takes. */
export const statusesInWords = (statuses: Iterable<NodeStatus>): string =>
  eitherOf([...statuses].map((status) => statusLabels[status]));

/** The text as a sentence of its own: a capital, and a full stop where it has no mark. */
export function asSentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
