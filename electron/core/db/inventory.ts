import type { DatabaseHandle } from './handle.ts';
import { eventsRepository } from './events.ts';
import type { EventsRepository } from './events.ts';
import { journalRepository } from './journal.ts';
import type { JournalRepository } from './journal.ts';
import { operationsRepository } from './operations.ts';
import type { OperationsRepository } from './operations.ts';

/** What is cached of a node, each part read at its own pace: its table row, its details, what rows need of them, what `deriveStatus` remembers. */
export type NodePart = 'row' | 'detail' | 'summary' | 'status-memory';

/** One cached part of one node, as JSON text of the caller. */
export interface CachedPart {
  readonly id: string;
  readonly json: string;
  /** UTC ms at which its newest value was read. */
  readonly readAt: number;
}

/** One region's cache of what was observed, and its journal of what this laptop did. */
export interface Inventory {
  /** Every node's cached part, in the order of their ids. The JSON is as it was saved, and has yet to be parsed. */
  loadNodes(part: NodePart): readonly CachedPart[];
  loadNode(part: NodePart, id: string): CachedPart | undefined;
  /** Saves many in one small transaction. An unchanged text costs no write. */
  saveNodes(part: NodePart, entries: readonly CachedPart[]): void;
  /** Forgets every part of these nodes. */
  removeNodes(ids: readonly string[]): void;
  /** What is cached of the region beside its nodes (the cluster's answer, versions). */
  loadMeta(key: string): { readonly json: string; readonly readAt: number } | undefined;
  saveMeta(key: string, json: string, readAt: number): void;
  readonly operations: OperationsRepository;
  readonly journal: JournalRepository;
  readonly events: EventsRepository;
  close(): void;
}

interface PartRow {
  readonly node_id: string;
  readonly json: string;
  readonly read_at: number;
}

export function openInventoryOn(database: DatabaseHandle, onClose: () => void): Inventory {
  const all = database.prepare<PartRow>(
    'SELECT node_id, json, read_at FROM node_cache WHERE part = ? ORDER BY node_id',
  );
  const one = database.prepare<PartRow>('SELECT node_id, json, read_at FROM node_cache WHERE part = ? AND node_id = ?');
  const put = database.prepare(
    `INSERT INTO node_cache (node_id, part, json, read_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (node_id, part) DO UPDATE SET json = excluded.json, read_at = excluded.read_at
     WHERE json <> excluded.json OR read_at <> excluded.read_at`,
  );
  const drop = database.prepare('DELETE FROM node_cache WHERE node_id = ?');
  const meta = database.prepare<{ json: string; read_at: number }>('SELECT json, read_at FROM meta WHERE key = ?');
  const putMeta = database.prepare(
    `INSERT INTO meta (key, json, read_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET json = excluded.json, read_at = excluded.read_at`,
  );
  const part = ({ node_id: id, json, read_at: readAt }: PartRow): CachedPart => ({ id, json, readAt });
  let isClosed = false;
  return {
    loadNodes: (name) => database.read(() => all.all(name)).map((row) => part(row)),
    loadNode: (name, id) => {
      const row = database.read(() => one.get(name, id));
      return row && part(row);
    },
    saveNodes: (name, entries) => {
      if (entries.length === 0) return;
      database.write(() => {
        for (const { id, json, readAt } of entries) put.run(id, name, json, readAt);
      });
    },
    removeNodes: (ids) => {
      if (ids.length === 0) return;
      database.write(() => {
        for (const id of ids) drop.run(id);
      });
    },
    loadMeta: (key) => {
      const row = database.read(() => meta.get(key));
      return row && { json: row.json, readAt: row.read_at };
    },
    saveMeta: (key, json, readAt) => {
      database.write(() => putMeta.run(key, json, readAt));
    },
    operations: operationsRepository(database),
    journal: journalRepository(database),
    events: eventsRepository(database),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      database.close();
      onClose();
    },
  };
}
