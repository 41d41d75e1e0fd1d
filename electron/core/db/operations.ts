import { checksumOf } from './checksum.ts';
import type { DatabaseHandle } from './handle.ts';

/** An operation of this laptop as it is kept: the identifying fields beside the operation's own JSON. Times are UTC ms. */
export interface StoredOperation {
  readonly id: string;
  readonly nodeId: string;
  readonly command: string;
  readonly json: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export interface OperationsRepository {
  /** Writes it or what became of it; on the disk when this returns. */
  save(operation: StoredOperation): void;
  /** The newest first. `isIntact` is false where the row is not what was written. */
  list(limit: number): readonly (StoredOperation & { readonly isIntact: boolean })[];
  /** Those without an end, oldest first: what a start has to look at. */
  unfinished(): readonly (StoredOperation & { readonly isIntact: boolean })[];
}

interface OperationRow {
  readonly id: string;
  readonly node_id: string;
  readonly command: string;
  readonly json: string;
  readonly checksum: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

export function operationsRepository(database: DatabaseHandle): OperationsRepository {
  const put = database.prepare(
    `INSERT INTO operations (id, node_id, command, json, checksum, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET json = excluded.json, checksum = excluded.checksum, ended_at = excluded.ended_at,
       node_id = excluded.node_id, command = excluded.command, started_at = excluded.started_at`,
  );
  const newest = database.prepare<OperationRow>(
    'SELECT * FROM operations ORDER BY started_at DESC, rowid DESC LIMIT ?',
  );
  const open = database.prepare<OperationRow>(
    'SELECT * FROM operations WHERE ended_at IS NULL ORDER BY started_at, rowid',
  );
  return {
    save: (operation) => {
      const { id, nodeId, command, json, startedAt, endedAt } = operation;
      database.record(() => put.run(id, nodeId, command, json, checksum(operation), startedAt, endedAt));
    },
    list: (limit) => database.read(() => newest.all(limit)).map((row) => stored(row)),
    unfinished: () => database.read(() => open.all()).map((row) => stored(row)),
  };
}

function checksum({ id, nodeId, command, json, startedAt, endedAt }: StoredOperation): number {
  return checksumOf([id, nodeId, command, json, startedAt, endedAt]);
}

function stored(row: OperationRow): StoredOperation & { readonly isIntact: boolean } {
  const operation: StoredOperation = {
    id: row.id,
    nodeId: row.node_id,
    command: row.command,
    json: row.json,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
  return { ...operation, isIntact: checksum(operation) === row.checksum };
}
