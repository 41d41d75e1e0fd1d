import type { DatabaseHandle } from './handle.ts';

/** View settings (columns, sort, filters) as the renderer's own JSON text, shared by both shells. */
export interface ViewsRepository {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export function viewsRepository(database: DatabaseHandle, now: () => number): ViewsRepository {
  const one = database.prepare<{ value: string }>('SELECT value FROM views WHERE key = ?');
  const put = database.prepare(
    `INSERT INTO views (key, value, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
  );
  const get = (key: string): string | null => database.read(() => one.get(key))?.value ?? null;
  return {
    get,
    set: (key, value) => {
      // Every start says again which region is shown; what is recorded already needs no disk and no new spare copy.
      if (get(key) === value) return;
      database.record(() => put.run(key, value, now()));
    },
  };
}
