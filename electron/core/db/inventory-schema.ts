import type { Schema } from './schema.ts';

/** `regions/ID/inventory.sqlite`: the cache of what was observed, and the journal of what this laptop did there. */
export const inventorySchema: Schema = {
  title: "a region's inventory and journal",
  isErased: false,
  check: 'full',
  recorded: [
    { table: 'operations', label: 'operations' },
    { table: 'journal', label: 'commands of operations' },
    { table: 'events', label: 'events' },
  ],
  migrations: [
    {
      version: 1,
      sql: `
        CREATE TABLE node_cache (
          node_id TEXT NOT NULL,
          part TEXT NOT NULL,
          json TEXT NOT NULL,
          read_at INTEGER NOT NULL,
          PRIMARY KEY (node_id, part)
        ) STRICT;
        CREATE TABLE meta (
          key TEXT NOT NULL PRIMARY KEY,
          json TEXT NOT NULL,
          read_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE operations (
          id TEXT NOT NULL PRIMARY KEY,
          node_id TEXT NOT NULL,
          command TEXT NOT NULL,
          json TEXT NOT NULL,
          checksum INTEGER NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at INTEGER
        ) STRICT;
        CREATE INDEX operations_by_start ON operations (started_at);
        -- No reference to operations: a command stays readable where the row of its operation was lost.
        CREATE TABLE journal (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          operation_id TEXT NOT NULL,
          step TEXT NOT NULL,
          host TEXT NOT NULL,
          command TEXT NOT NULL,
          started_at INTEGER NOT NULL,
          ended_at INTEGER,
          exit_status INTEGER,
          stdout TEXT NOT NULL,
          stderr TEXT NOT NULL,
          checksum INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX journal_by_operation ON journal (operation_id, sequence);
        CREATE TABLE events (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          node_id TEXT NOT NULL,
          json TEXT NOT NULL,
          happened_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX events_by_node ON events (node_id, happened_at);
        CREATE INDEX events_by_time ON events (happened_at);
      `,
    },
  ],
};
