import type { Schema } from './schema.ts';

/** `app.sqlite`: what this laptop keeps for the person, in every region. All of it is recorded. */
export const appSchema: Schema = {
  title: "the app's own database",
  isErased: true,
  check: 'full',
  recorded: [
    { table: 'regions', label: 'regions' },
    { table: 'known_hosts', label: 'known host keys' },
    { table: 'settings', label: 'settings' },
    { table: 'views', label: 'view settings' },
    { table: 'secrets', label: 'remembered secrets' },
    { table: 'notices', label: 'notices' },
    { table: 'inventories', label: 'the list of inventories' },
  ],
  migrations: [
    {
      version: 1,
      sql: `
        CREATE TABLE regions (
          id TEXT NOT NULL PRIMARY KEY,
          -- The name as it is compared: two regions that differ in case only would be taken for each other.
          name_key TEXT NOT NULL UNIQUE,
          profile TEXT NOT NULL,
          is_demo INTEGER NOT NULL,
          added_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE inventories (
          region_id TEXT NOT NULL PRIMARY KEY,
          made_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE settings (
          key TEXT NOT NULL PRIMARY KEY,
          value TEXT NOT NULL,
          changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE views (
          key TEXT NOT NULL PRIMARY KEY,
          value TEXT NOT NULL,
          changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE known_hosts (
          host TEXT NOT NULL,
          type TEXT NOT NULL,
          key_base64 TEXT NOT NULL,
          fingerprint TEXT NOT NULL,
          added_at INTEGER NOT NULL,
          PRIMARY KEY (host, key_base64)
        ) STRICT;
        CREATE TABLE secrets (
          key TEXT NOT NULL PRIMARY KEY,
          scope TEXT NOT NULL,
          -- Encrypted by the operating system before it comes here.
          ciphertext BLOB NOT NULL,
          saved_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX secrets_by_scope ON secrets (scope);
        CREATE TABLE notices (
          id TEXT NOT NULL PRIMARY KEY,
          level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'danger')),
          message TEXT NOT NULL,
          advice TEXT NOT NULL,
          raised_at INTEGER NOT NULL
        ) STRICT;
      `,
    },
  ],
};
