import type { OperationRecord } from '#shared/model/cluster.ts';
import type { Operation, OperationCommand } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import { commandWords } from '#shared/model/operation.ts';
import type { OperationContext, Step } from './step.ts';

export type Outcome = 'succeeded' | 'partly' | 'cancelled' | 'rolled-back';

/** What an operation consists of. */
export interface Definition {
  readonly command: OperationCommand;
  /** "Put c2 into maintenance": the operation's title is the renderer's; this is the purpose in its lease. */
  readonly purpose: (node: string) => string;
  /** The steps that lead on, in their order. */
  readonly steps: (record: OperationRecord) => readonly Step[];
  /** The steps that lead back to where it began, as far as that can be. */
  readonly undo: readonly Step[];
  /** How it went, once every step is done, and what is left as it is. */
  readonly outcome: (operation: Operation) => {
    readonly outcome: 'succeeded' | 'partly';
    readonly left: readonly string[];
  };
  /** What is left as it is after it was undone. */
  readonly left: (operation: Operation, outcome: 'cancelled' | 'rolled-back') => readonly string[];
  /**
   * What giving it up came to, where that is not the way back to the beginning: Activate that goes no further, Remove past the point of
   * no return. Default: it is back where it began.
   */
  readonly undone?: (operation: Operation, outcome: 'cancelled' | 'rolled-back') => Outcome;
  /** Resolves when the table shows what was brought about, or after a while. */
  readonly settled: (context: OperationContext, outcome: string) => Promise<void>;
}

/** @throws ProblemError `not-available` where what was begun has no way back. */
export function requireUndo({ command, undo }: Definition): void {
  if (undo.length > 0) return;
  fail({
    code: 'not-available',
    message: `${commandWords[command]} has no way back: what it does cannot be undone.`,
    advice: 'Wait until it has ended, or continue it.',
  });
}
