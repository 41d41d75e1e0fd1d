import type { NodeId } from '../model/ids.ts';
import type { NodeCommand } from './commands.ts';
import type { DecisionContext } from './context.ts';
import { decide, refusalWords } from './decide.ts';
import { transitions } from './transitions.ts';
import type { Confirmation } from './transitions.ts';

/** What a command can do for a selection of nodes. */
export type SelectionDecision =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'allowed';
      readonly confirmation: Confirmation;
      /** The nodes it is for, in the order of the selection. */
      readonly nodeIds: readonly NodeId[];
      /** Which of the selection are left out and why; empty where none is. */
      readonly words: string;
    }
  | { readonly kind: 'refused'; readonly words: string };

/** Names that a sentence about many nodes gives before it counts the rest. */
const namedAtMost = 3;

/**
 * The decision for a selection: each node is decided for itself, and the command goes to those that allow it. Only commands that are made
 * for it take several nodes; the others say that they take one at a time.
 */
export function decideMany(command: NodeCommand, contexts: readonly DecisionContext[]): SelectionDecision {
  const { isBuilt, isForMany, label } = transitions[command];
  if (!isBuilt) return { kind: 'absent' };
  const [first] = contexts;
  if (first === undefined) return { kind: 'refused', words: 'Nothing is selected. Available when a node is selected.' };
  if (contexts.length > 1 && !isForMany) {
    return {
      kind: 'refused',
      words: `${label} is for one node at a time; ${String(contexts.length)} are selected. Available when one is selected.`,
    };
  }
  const nodeIds: NodeId[] = [];
  const refused: { readonly name: string; readonly because: string; readonly words: string }[] = [];
  let confirmation: Confirmation = 'none';
  for (const context of contexts) {
    const decision = decide(command, context);
    if (decision.kind === 'allowed') {
      nodeIds.push(context.nodeId);
      ({ confirmation } = decision);
    } else if (decision.kind === 'refused') {
      refused.push({ name: context.name, because: decision.because, words: refusalWords(decision) });
    }
  }
  const [only] = refused;
  if (only === undefined) return { kind: 'allowed', confirmation, nodeIds, words: '' };
  if (contexts.length === 1) return { kind: 'refused', words: only.words };
  // One reason that holds up the whole region is said once, not a node at a time.
  const isShared = refused.length === contexts.length && refused.every(({ words }) => words === only.words);
  const words = isShared ? only.words : named(refused, contexts.length);
  return nodeIds.length === 0 ? { kind: 'refused', words } : { kind: 'allowed', confirmation, nodeIds, words };
}

function named(refused: readonly { readonly because: string }[], total: number): string {
  const rest = refused.length - namedAtMost;
  const reasons = refused.slice(0, namedAtMost).map(({ because }) => because);
  const more = rest > 0 ? ` And ${String(rest)} more.` : '';
  return `${String(refused.length)} of ${String(total)} cannot: ${reasons.join(' ')}${more}`;
}
