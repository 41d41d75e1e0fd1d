import type { Schema } from '../db/schema.ts';

/** `regions/ID/metrics.sqlite`. All of it is observed: a damaged file is set aside and begun anew. */
export const metricsSchema: Schema = {
  title: "a region's metrics",
  // Hundreds of megabytes: damage shows where it is read.
  isErased: false,
  check: 'none',
  recorded: [],
  migrations: [
    {
      version: 1,
      sql: `
        CREATE TABLE nodes (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
        -- The columns and rows of a matrix: series names in order as JSON, node numbers as Uint32.
        CREATE TABLE layouts (
          id INTEGER PRIMARY KEY,
          series TEXT NOT NULL,
          nodes BLOB NOT NULL
        ) STRICT;
        -- One Float32 matrix [series][node] a tick: 1.4 ms for 1,000 nodes where a row a node takes 25.
        CREATE TABLE ticks (
          tick_at INTEGER PRIMARY KEY,
          layout INTEGER NOT NULL REFERENCES layouts (id),
          matrix BLOB NOT NULL
        ) STRICT;
        -- Means a minute, Float32 [series][minute], one row a node and hour. The key is hour * 2^20 + node number: rows are
        -- appended, dropped as one range and found at once.
        CREATE TABLE minutes (
          key INTEGER PRIMARY KEY,
          series TEXT NOT NULL,
          means BLOB NOT NULL
        ) STRICT;
        -- Hours whose means are written.
        CREATE TABLE hours (hour_at INTEGER PRIMARY KEY) STRICT;
      `,
    },
  ],
};
