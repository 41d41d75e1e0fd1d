import type { OperationId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { OperationsRepository } from '../db/operations.ts';

/** The operations of this laptop, kept on its disk: what it began, and what became of it. */
export interface Book {
  get(id: OperationId): Operation | undefined;
  /** The newest first. */
  all(): readonly Operation[];
  /** On the disk when this returns. */
  keep(operation: Operation): void;
  /** Remembers which lease an operation of this process holds, so that a later process of this laptop may take it over at once. */
  keepToken(id: OperationId, token: string): void;
  /** Tokens that earlier processes of this laptop left behind. */
  ownTokens(): ReadonlySet<string>;
}

interface Kept {
  readonly operation: Operation;
  readonly tokens: readonly string[];
}

const keptOperations = 500;

/** Reads the book of a region; what cannot be written is told to `onError`, and kept in memory. A row that is damaged is left out: the cluster's record and the journal still tell of it. */
export function openBook(repository: OperationsRepository, onError: (error: unknown) => void): Book {
  const kept = new Map<OperationId, Kept>();
  for (const row of repository.list(keptOperations).toReversed()) {
    const entry = row.isIntact ? parseKept(row.json) : undefined;
    if (entry !== undefined) kept.set(entry.operation.id, entry);
  }
  const left = new Set([...kept.values()].flatMap(({ tokens }) => tokens));
  const save = (entry: Kept): void => {
    const { id, node, command, startedAt, state } = entry.operation;
    kept.set(id, entry);
    const endedAt = state.kind === 'ended' ? state.at : null;
    try {
      repository.save({ id, nodeId: node, command, json: JSON.stringify(entry), startedAt, endedAt });
    } catch (error) {
      // A disk that is full must not stop an operation in the middle, nor keep its lock: the cluster's record tells of it all the same.
      onError(error);
    }
  };
  return {
    get: (id) => kept.get(id)?.operation,
    all: () => [...kept.values()].map(({ operation }) => operation).toReversed(),
    keep: (operation) => save({ operation, tokens: kept.get(operation.id)?.tokens ?? [] }),
    keepToken(id, token) {
      const entry = kept.get(id);
      if (entry !== undefined) save({ ...entry, tokens: [...entry.tokens.slice(-8), token] });
    },
    ownTokens: () => left,
  };
}

function parseKept(json: string): Kept | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The row is intact: it is what `save` wrote.
    const kept = JSON.parse(json) as Partial<Kept>;
    if (kept.operation === undefined) return undefined;
    return { operation: kept.operation, tokens: kept.tokens ?? [] };
  } catch {
    return undefined;
  }
}
