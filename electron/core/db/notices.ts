import { randomUUID } from 'node:crypto';
import type { AppNotice } from '#shared/contract/app.ts';
import type { DatabaseHandle } from './handle.ts';

export type NewNotice = Pick<AppNotice, 'level' | 'message' | 'advice'>;

/** What the person must know about the laptop's own data, until they dismiss it. */
export interface Notices {
  list(): readonly AppNotice[];
  /** Never throws: a notice that cannot be written (the disk is full) is kept for the session. The same words are said once. */
  add(notice: NewNotice): AppNotice;
  dismiss(id: string): void;
  /** Tells every notice raised from now on. */
  subscribe(listener: (notice: AppNotice) => void): () => void;
}

/** Notices that begin before their database is open: what is wrong with that database is one of them. */
export interface NoticesBeforeStore extends Notices {
  attach(database: DatabaseHandle): void;
}

interface NoticeRow {
  readonly id: string;
  readonly level: AppNotice['level'];
  readonly message: string;
  readonly advice: string;
  readonly raised_at: number;
}

export function createNotices(now: () => number): NoticesBeforeStore {
  const listeners = new Set<(notice: AppNotice) => void>();
  let notices: readonly AppNotice[] = [];
  let save: (notice: AppNotice) => void = () => undefined;
  let remove: (id: string) => void = () => undefined;
  return {
    list: () => notices,
    add: (notice) => {
      const same = notices.find(({ message, level }) => message === notice.message && level === notice.level);
      if (same !== undefined) return same;
      const added: AppNotice = { id: randomUUID(), ...notice, at: now() };
      notices = [...notices, added];
      try {
        save(added);
      } catch {
        // What keeps it from being written is mostly what it says.
      }
      for (const listener of listeners) listener(added);
      return added;
    },
    dismiss: (id) => {
      notices = notices.filter((notice) => notice.id !== id);
      remove(id);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach: (database) => {
      const insert = database.prepare(
        'INSERT OR IGNORE INTO notices (id, level, message, advice, raised_at) VALUES (?, ?, ?, ?, ?)',
      );
      const drop = database.prepare('DELETE FROM notices WHERE id = ?');
      const all = database.prepare<NoticeRow>(
        'SELECT id, level, message, advice, raised_at FROM notices ORDER BY raised_at',
      );
      save = ({ id, level, message, advice, at }) => {
        database.record(() => insert.run(id, level, message, advice, at));
      };
      remove = (id) => {
        database.record(() => drop.run(id));
      };
      const early = notices;
      const stored = database.read(() => all.all()).map(({ raised_at: at, ...rest }) => ({ ...rest, at }));
      notices = [...stored, ...early];
      for (const notice of early) save(notice);
    },
  };
}
