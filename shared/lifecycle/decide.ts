import type { Problem } from '../problems.ts';
import { nodeCommands } from './commands.ts';
import type { NodeCommand } from './commands.ts';
import type { DecisionContext } from './context.ts';
import { guardRules, objection } from './guards.ts';
import type { GuardRule } from './guards.ts';
import { statusLabels } from './statuses.ts';
import { transitions } from './transitions.ts';
import type { Confirmation } from './transitions.ts';
import { ago, statusesInWords } from './words.ts';

/** A command that is built, and not available now. */
export interface Refusal {
  readonly kind: 'refused';
  /** The rule that is against it; `status`: the node's status is. */
  readonly rule: GuardRule | 'status';
  /** What is against it, a sentence that names the node or the region. */
  readonly because: string;
  /** What would make it available, a sentence. */
  readonly until: string;
  /** The recorded operation that is in the way, for a link to its page; `null` where none is. */
  readonly operationId: string | null;
}

/** Whether a command may be asked for; `absent`: it is not built, so it is nowhere in the interface. */
export type Decision =
  | { readonly kind: 'allowed'; readonly confirmation: Confirmation }
  | Refusal
  | { readonly kind: 'absent' };

/** Rules that are told before the status: where one of them is broken, another status would not help. */
const beforeStatus: ReadonlySet<GuardRule | 'status'> = new Set<GuardRule>([
  'region-live',
  'region-writable',
  'status-known',
  'member',
  'more-than-one-node',
]);
const order: readonly (GuardRule | 'status')[] = [
  ...guardRules.filter((rule) => beforeStatus.has(rule)),
  'status',
  ...guardRules.filter((rule) => !beforeStatus.has(rule)),
];

/**
 * Whether `command` is available for the node now. Pure; the same in the interface and in the core, where it is asked again with what
 * was read fresh. A refusal tells the first rule against it, in the order of `guards.ts` with the status in between.
 */
export function decide(command: NodeCommand, context: DecisionContext): Decision {
  const { isBuilt, guards, confirmation } = transitions[command];
  if (!isBuilt) return { kind: 'absent' };
  for (const rule of order) {
    if (rule !== 'status' && !guards.includes(rule)) continue;
    const found = rule === 'status' ? notFromHere(command, context) : objection(rule, context);
    if (found === undefined) continue;
    const isInTheWay = rule === 'no-operation' || rule === 'no-other-operation';
    return { kind: 'refused', rule, ...found, operationId: isInTheWay ? (context.operation?.id ?? null) : null };
  }
  return { kind: 'allowed', confirmation };
}

/** From which statuses each command is available, in words: made once, for a selection of thousands. */
const fromWords: ReadonlyMap<NodeCommand, string> = new Map(
  nodeCommands.map((command) => [command, statusesInWords(transitions[command].from)]),
);

function notFromHere(command: NodeCommand, context: DecisionContext): { because: string; until: string } | undefined {
  const { from, already, hint } = transitions[command];
  const { name, status, maintenance, region } = context;
  if (from.has(status)) return undefined;
  const isAlready = already.includes(status);
  const by =
    isAlready && status === 'in-maintenance' && maintenance !== null
      ? `, put there by ${maintenance.by} ${ago(maintenance.at, region.now)}`
      : '';
  return {
    because: `${name} is ${isAlready ? 'already ' : ''}${statusLabels[status]}${by}.`,
    until: `Available while it is ${fromWords.get(command) ?? ''}.${hint === '' ? '' : ` ${hint}`}`,
  };
}

/** Why and until when, as the two sentences that stand beneath an action. */
export const refusalWords = ({ because, until }: Pick<Refusal, 'because' | 'until'>): string => `${because} ${until}`;

/** The refusal as the problem that the core answers: the action, the node, its status, the rule, and what would make it allowed. */
export function refusalProblem(command: NodeCommand, context: DecisionContext, refusal: Refusal): Problem {
  const { label } = transitions[command];
  return {
    code: refusal.operationId === null ? 'not-available' : 'node-locked',
    message: `${label} of ${context.name} (${statusLabels[context.status]}) was refused. ${refusal.because}`,
    advice: refusal.until,
  };
}
