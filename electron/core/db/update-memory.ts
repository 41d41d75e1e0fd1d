import type { DatabaseHandle } from './handle.ts';

/** What was last learnt of newer versions: one text of `core/updates`, beside the settings but none of them. */
export interface UpdateMemoryRepository {
  get(): string | null;
  set(text: string): void;
}

const key = 'updates-memory';

export function updateMemoryRepository(database: DatabaseHandle, now: () => number): UpdateMemoryRepository {
  const one = database.prepare<{ value: string }>('SELECT value FROM settings WHERE key = ?');
  const put = database.prepare(
    `INSERT INTO settings (key, value, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
  );
  return {
    get: () => database.read(() => one.get(key))?.value ?? null,
    set: (text) => {
      database.record(() => put.run(key, text, now()));
    },
  };
}
