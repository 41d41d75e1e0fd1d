import type { Settings } from '#shared/contract/app.ts';
import { inputSchemas } from '#shared/contract/schemas.ts';
import type { DatabaseHandle } from './handle.ts';

const GiB = 1024 ** 3;

/** What holds until a person sets something else. Cadence and reserve: docs/architecture.md. */
export const defaultSettings: Settings = {
  theme: 'system',
  fastIntervalMs: 5000,
  clusterIntervalMs: 5000,
  slowIntervalMs: 5 * 60_000,
  hostReserveBytes: 4 * GiB,
  hostReservePercent: 10,
  singleKeyShortcuts: true,
  updateFeedUrl: '',
};

export interface SettingsRepository {
  get(): Settings;
  /** Changes what is named and answers all of them. */
  set(change: Partial<Settings>): Settings;
}

export function settingsRepository(database: DatabaseHandle, now: () => number): SettingsRepository {
  const all = database.prepare<{ key: string; value: string }>('SELECT key, value FROM settings');
  const put = database.prepare(
    `INSERT INTO settings (key, value, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
  );
  const read = (): Settings => {
    const settings: Record<string, unknown> = { ...defaultSettings };
    for (const { key, value } of database.read(() => all.all())) {
      // One value that is not understood (an older or newer meaning) falls back alone.
      if (!(key in defaultSettings)) continue;
      const parsed = inputSchemas['settings.set'].safeParse({ [key]: parseJson(value) });
      if (parsed.success) Object.assign(settings, parsed.data);
    }
    return { ...defaultSettings, ...settings };
  };
  // Asked for several times for every row that is built; nobody else writes to the file while we hold its lock.
  let current: Settings | undefined;
  const get = (): Settings => (current ??= read());
  return {
    get,
    set: (change) => {
      current = undefined;
      database.record(() => {
        for (const [key, value] of Object.entries(change)) {
          if (value !== undefined) put.run(key, JSON.stringify(value), now());
        }
      });
      return get();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
