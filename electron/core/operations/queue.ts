import type { OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationState } from '#shared/model/operation.ts';
import { problemOf, type Problem } from '#shared/problems.ts';
import type { Book } from './book.ts';

/** One operation of a row of them, and how it is begun when its turn comes. */
export interface Queued {
  /** As it stands in the list until then. */
  readonly waiting: Operation;
  readonly begin: () => Promise<Operation>;
}

/** Operations that a person asked for together: one after the other, stopping at the first that does not succeed. */
export interface Queue {
  /** Begins the first at once; answers all of them. @throws ProblemError what the first is refused with: then none waits. */
  start(row: readonly Queued[]): Promise<readonly Operation[]>;
  /** Takes one out that has not begun; `undefined`: it does not wait. */
  drop(id: OperationId): Operation | undefined;
  waits(id: OperationId): boolean;
  /** Nothing more is begun: what waits was never recorded in the cluster, and is not done. */
  close(): void;
}

interface Deps {
  readonly now: () => number;
  readonly keep: (operation: Operation) => void;
  /** Resolves when an operation is over here: how it stands, and whether it was given up; a node that was let in is done in part even then. */
  readonly over: (
    id: OperationId,
  ) => Promise<{ readonly operation: Operation | undefined; readonly isGivenUp: boolean }>;
  readonly logError: (error: unknown) => void;
}

/** Waiting lives in this process alone, because nothing of it has begun: an app that ends forgets it, and says so. */
export function createQueue(deps: Deps): Queue {
  const { now, keep, over } = deps;
  const waiting = new Map<OperationId, Operation>();
  let isClosed = false;

  function end(operation: Operation, because: string): Operation {
    waiting.delete(operation.id);
    const ended = notBegun(operation, because, now());
    keep(ended);
    return ended;
  }

  async function go(row: readonly Queued[], first: OperationId): Promise<void> {
    let before = first;
    let stopped: string | undefined;
    for (const { waiting: operation, begin } of row) {
      const ended = stopped === undefined ? await over(before) : undefined;
      if (isClosed) return;
      stopped ??= ended && whyStopped(ended);
      if (!waiting.has(operation.id)) continue;
      if (stopped !== undefined) {
        end(operation, stopped);
        continue;
      }
      waiting.delete(operation.id);
      try {
        before = (await begin()).id;
      } catch (error) {
        stopped = `${operation.nodeName} was refused: ${problemOrThrow(error).message}`;
        end(operation, `Not begun: ${problemOrThrow(error).message}`);
      }
    }
  }

  return {
    async start(row) {
      const [first, ...rest] = row;
      if (first === undefined) return [];
      const begun = await first.begin();
      for (const { waiting: operation } of rest) {
        waiting.set(operation.id, operation);
        keep(operation);
      }
      void go(rest, begun.id).catch(deps.logError);
      return [begun, ...rest.map(({ waiting: operation }) => operation)];
    },
    drop(id) {
      const operation = waiting.get(id);
      return operation && end(operation, 'Cancelled before its turn: nothing of it had begun.');
    },
    waits: (id) => waiting.has(id),
    close() {
      isClosed = true;
      for (const operation of waiting.values())
        end(operation, 'Rackside was closed before its turn: nothing of it had begun.');
    },
  };
}

function notBegun(operation: Operation, because: string, at: number): Operation {
  const state: OperationState = { kind: 'ended', at, outcome: 'cancelled', left: [because] };
  return { ...operation, state, actions: [], updatedAt: at };
}

/** Ends in the book what an earlier process had waiting when it was killed: nothing of it had begun. */
export function endForgotten(book: Pick<Book, 'all' | 'keep'>, at: number): void {
  for (const operation of book.all())
    if (operation.state.kind === 'queued')
      book.keep(notBegun(operation, 'Rackside ended before its turn: nothing of it had begun.', at));
}

/** Why the next one is not begun; `undefined`: the one before it ended as planned. One that moved only what can is done in part, as planned. */
function whyStopped({ operation: before, isGivenUp }: Awaited<ReturnType<Deps['over']>>): string | undefined {
  const isAsPlanned = before?.state.kind === 'ended' && ['succeeded', 'partly'].includes(before.state.outcome);
  if (isAsPlanned && !isGivenUp) return undefined;
  const how =
    before === undefined
      ? 'the one before it is not known any more.'
      : before.state.kind === 'failed'
        ? `${before.nodeName} failed: ${before.state.problem.message}`
        : before.state.kind === 'ended'
          ? `${before.nodeName} did not end as planned.`
          : `${before.nodeName} is not driven from here any more.`;
  return `Not begun: ${how}`;
}

function problemOrThrow(error: unknown): Problem {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem;
}
