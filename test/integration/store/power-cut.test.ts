import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { appSchema } from '../../../electron/core/db/app-schema.ts';
import { openDatabase } from '../../../electron/core/db/database.ts';
import type { DatabaseHandle } from '../../../electron/core/db/handle.ts';
import { inventorySchema } from '../../../electron/core/db/inventory-schema.ts';
import { openInventoryOn } from '../../../electron/core/db/inventory.ts';
import { knownHostsRepository } from '../../../electron/core/db/known-hosts.ts';
import type { Schema } from '../../../electron/core/db/schema.ts';
import { hostKey } from '../../unit/core/db/host-key.ts';
import { temporaryFolder } from '../../unit/core/db/store-folder.ts';
import {
  frameBytes,
  framesOf,
  isCheckpointBegun,
  logHeaderBytes,
  newestPages,
  pageBytes,
  withPages,
} from './log-frames.ts';

/** A kind of file: how the records of `step` come into it, and which of them it knows. */
interface Kind {
  readonly schema: Schema;
  work(database: DatabaseHandle, step: number): void;
  known(database: DatabaseHandle): readonly string[];
}

/** The files at the moment at which a record is committed and its checkpoint has not begun. */
interface Moment {
  readonly main: Buffer;
  readonly log: Buffer;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const app: Kind = {
  schema: appSchema,
  work: (database, step) =>
    knownHostsRepository(database, () => 1).trust([{ host: `n${step}`, keyBase64: hostKey('ssh-ed25519', step) }]),
  known: (database) =>
    knownHostsRepository(database, () => 1)
      .list()
      .map(({ host }) => host),
};

const inventory: Kind = {
  schema: inventorySchema,
  work: (database, step) => {
    const opened = openInventoryOn(database, () => undefined);
    const nodes = Array.from({ length: 8 }, (_, index) => ({
      id: `n${index}`,
      json: 'y'.repeat(2000) + step,
      readAt: 1,
    }));
    opened.saveNodes('row', nodes);
    if (step % 2 === 1) opened.journal.begin({ operationId: 'o', step: 's', host: 'h', command: 'c', startedAt: step });
    else opened.journal.end(step / 2, { endedAt: step, exitStatus: 0, stdout: 'o'.repeat(3000), stderr: '' });
  },
  known: (database) =>
    openInventoryOn(database, () => undefined)
      .journal.list('o')
      .map(({ sequence, endedAt, isIntact }) => `${sequence} ${endedAt} ${isIntact}`),
};

function open(folder: string, { schema }: Kind, notices: string[] = []): DatabaseHandle {
  const database = openDatabase({
    file: join(folder, 'data.sqlite'),
    schema,
    name: 'data',
    backups: join(folder, 'backups'),
    quarantine: join(folder, 'quarantine'),
    now: () => 0,
    relief: () => false,
    onNotice: ({ message }) => notices.push(message),
  });
  onTestFinished(() => database.close());
  return database;
}

/** The moments of so many steps in which the file grows: then its first page counts pages that the file does not have yet. */
function momentsOf(kind: Kind, steps: number): readonly Moment[] {
  const folder = temporaryFolder();
  const file = join(folder, 'data.sqlite');
  const moments: Moment[] = [];
  for (let step = 1; step <= steps; step++) {
    const database = open(folder, kind);
    const before = kind.known(database);
    const main = readFileSync(file);
    // The same transactions, without the checkpoint that follows each of them.
    kind.work({ ...database, record: (work) => database.write(work) }, step);
    const log = readFileSync(`${file}-wal`);
    const after = kind.known(database);
    database.close();
    if ((newestPages(log).at(-1)?.number ?? 0) * pageBytes > main.length) moments.push({ main, log, before, after });
  }
  return moments;
}

/** What is known after a start with these two files, and what that start says of damage. */
function startWith(kind: Kind, main: Buffer, log: Buffer): { known: readonly string[]; notices: readonly string[] } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'data.sqlite'), main);
  writeFileSync(join(folder, 'data.sqlite-wal'), log);
  const notices: string[] = [];
  const database = open(folder, kind, notices);
  const known = kind.known(database);
  database.close();
  return { known, notices };
}

/** Places in a log: each border between frames, and one in the middle of each. */
function placesIn(log: Buffer): readonly number[] {
  const borders = framesOf(log).map((_, index) => logHeaderBytes + index * frameBytes);
  return [0, logHeaderBytes / 2, ...borders.flatMap((border) => [border, border + frameBytes / 2])];
}

const kinds = { 'app.sqlite': { kind: app, steps: 60 }, 'inventory.sqlite': { kind: inventory, steps: 8 } };

test.each(Object.entries(kinds))(
  'R28: a power cut before the log of %s is synced, wherever it ends it, costs nothing that was recorded before',
  (_, { kind, steps }) => {
    const moments = momentsOf(kind, steps);
    expect(moments.length).toBeGreaterThan(2);
    for (const { main, log, before, after } of moments) {
      expect(after).not.toEqual(before);
      expect(isCheckpointBegun(main, log)).toBe(false);
      for (const place of placesIn(log)) {
        const cut = log.subarray(0, place);
        // A file system that has written the new length and not the data.
        const emptied = Buffer.concat([cut, Buffer.alloc(log.length - place)]);
        for (const left of [cut, emptied]) {
          expect({ place, ...startWith(kind, main, left) }).toEqual({ place, known: before, notices: [] });
        }
      }
    }
  },
);

test.each(Object.entries(kinds))(
  'R28: a kill or a power cut in the middle of a checkpoint of %s, whichever pages it had written, costs nothing',
  (_, { kind, steps }) => {
    for (const { main, log, after } of momentsOf(kind, steps)) {
      const pages = newestPages(log);
      const states: readonly Buffer[] = [
        ...pages.map((_page, index) => withPages(main, pages.slice(0, index))),
        // A disk writes in the order that it likes, and half of a page.
        ...pages.map((page) => withPages(main, [page])),
        ...pages.map((page) =>
          withPages(
            main,
            pages.filter((other) => other !== page),
          ),
        ),
        ...pages.map((page) => {
          const torn = Buffer.concat([page.bytes.subarray(0, pageBytes / 2), Buffer.alloc(pageBytes / 2)]);
          return withPages(main, [{ ...page, bytes: torn }]);
        }),
        withPages(main, pages),
      ];
      for (const state of states) expect(startWith(kind, state, log)).toEqual({ known: after, notices: [] });
      for (const page of pages) expect(isCheckpointBegun(withPages(main, [page]), log)).toBe(true);
      // The log is emptied when all of it stands in the main file.
      const emptied = startWith(kind, withPages(main, pages), Buffer.alloc(0));
      expect(emptied).toEqual({ known: after, notices: [] });
    }
  },
);

test.each(Object.entries(kinds))(
  'R28: where a disk lost the log of %s that it had said was synced, no row is lost but with its page, and that is said',
  (_, { kind, steps }) => {
    for (const { main, log, before } of momentsOf(kind, steps)) {
      const pages = newestPages(log);
      for (let written = 1; written < pages.length; written++) {
        const { known, notices } = startWith(kind, withPages(main, pages.slice(0, written)), Buffer.alloc(0));
        const lost = before.filter((record) => !known.includes(record));
        // The first page counts the new pages, and all that were there before are as they were.
        if (written === 1) expect(lost).toEqual([]);
        if (lost.length > 0) expect(notices).toEqual([expect.stringContaining('LOST')]);
      }
    }
  },
);

test('R28: a checkpoint syncs the log before it writes a page, after records and after what was observed', () => {
  const database = open(temporaryFolder(), app);
  const settings = (): readonly unknown[] =>
    ['journal_mode', 'synchronous', 'fullfsync'].flatMap((name) =>
      Object.values(database.prepare<Record<string, unknown>>(`PRAGMA ${name}`).get() ?? {}),
    );
  // 1 NORMAL syncs the log in the checkpoint, 2 FULL with each commit; 0 OFF never (https://sqlite.org/pragma.html#pragma_synchronous).
  expect(settings()).toEqual(['wal', 2, 1]);
  database.write(() => undefined);
  expect(settings()).toEqual(['wal', 1, 1]);
  database.record(() => undefined);
  expect(settings()).toEqual(['wal', 2, 1]);
});
