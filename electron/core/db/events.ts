import type { DatabaseHandle } from './handle.ts';

/** Something that happened to a node (or, with an empty `nodeId`, to the region), as JSON text of the caller. */
export interface StoredEvent {
  readonly nodeId: string;
  readonly json: string;
  /** UTC ms. */
  readonly at: number;
}

export interface EventsRepository {
  /** Adds many in one small transaction. */
  add(events: readonly StoredEvent[]): void;
  /** The newest first, of one node or of all. */
  list(options: { readonly nodeId?: string; readonly limit: number }): readonly StoredEvent[];
  /** Drops what is older than that time; answers how many. */
  dropBefore(at: number): number;
}

interface EventRow {
  readonly node_id: string;
  readonly json: string;
  readonly happened_at: number;
}

export function eventsRepository(database: DatabaseHandle): EventsRepository {
  const insert = database.prepare('INSERT INTO events (node_id, json, happened_at) VALUES (?, ?, ?)');
  const order = 'ORDER BY happened_at DESC, sequence DESC LIMIT ?';
  const all = database.prepare<EventRow>(`SELECT node_id, json, happened_at FROM events ${order}`);
  const ofNode = database.prepare<EventRow>(`SELECT node_id, json, happened_at FROM events WHERE node_id = ? ${order}`);
  const drop = database.prepare('DELETE FROM events WHERE happened_at < ?');
  return {
    add: (events) => {
      if (events.length === 0) return;
      database.write(() => {
        for (const { nodeId, json, at } of events) insert.run(nodeId, json, at);
      });
    },
    list: ({ nodeId, limit }) =>
      database
        .read(() => (nodeId === undefined ? all.all(limit) : ofNode.all(nodeId, limit)))
        .map((row) => ({ nodeId: row.node_id, json: row.json, at: row.happened_at })),
    dropBefore: (at) => database.write(() => drop.run(at).changes),
  };
}
