import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../electron/core/db/database.ts';
import type { DatabaseHandle } from '../../../electron/core/db/handle.ts';
import type { Schema } from '../../../electron/core/db/schema.ts';
import { connect } from '../../../electron/core/db/sqlite.ts';
import { problemOf } from '../../../shared/problems.ts';
import { newRegion, openTestStore, temporaryFolder } from '../../unit/core/db/store-folder.ts';

const first: Schema = {
  title: 'a test file',
  isErased: false,
  check: 'full',
  recorded: [{ table: 'notes', label: 'notes' }],
  migrations: [{ version: 1, sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;' }],
};
const withAuthor = { version: 2, sql: "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody';" };
const second: Schema = { ...first, migrations: [...first.migrations, withAuthor] };
const broken: Schema = {
  ...first,
  migrations: [...second.migrations, { version: 3, sql: 'DROP TABLE notes; SELECT no FROM where;' }],
};

function open(folder: string, schema: Schema, now = 0, notices: string[] = []): DatabaseHandle {
  const database = openDatabase({
    file: join(folder, 'notes.sqlite'),
    schema,
    name: 'notes',
    backups: join(folder, 'backups'),
    quarantine: join(folder, 'quarantine'),
    now: () => now,
    relief: () => false,
    onNotice: ({ message }) => notices.push(message),
  });
  onTestFinished(() => {
    database.close();
  });
  return database;
}

function fillFirst(folder: string): void {
  const database = open(folder, first);
  database.record(() => database.prepare("INSERT INTO notes (text) VALUES ('old')").run());
  database.close();
}

test('an older file is backed up as it was, then migrated', () => {
  const folder = temporaryFolder();
  fillFirst(folder);
  const database = open(folder, second);
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'old', author: 'nobody' }]);
  expect(readdirSync(join(folder, 'backups'))).toEqual(['notes-v1-1970-01-01T00-00-00-000Z.sqlite']);
  const backup = connect(join(folder, 'backups/notes-v1-1970-01-01T00-00-00-000Z.sqlite'));
  expect([backup.pragma('user_version', { simple: true }), backup.prepare('SELECT * FROM notes').all()]).toEqual([
    1,
    [{ id: 1, text: 'old' }],
  ]);
  backup.close();
});

test('a migration that fails in its middle leaves the file at the version it had', () => {
  const folder = temporaryFolder();
  fillFirst(folder);
  expect(() => open(folder, broken)).toThrow(/no such column|no such table|syntax/);
  const database = open(folder, first);
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'old' }]);
});

test('the newest three backups are kept', () => {
  const folder = temporaryFolder();
  for (let day = 0; day < 5; day++) {
    fillFirst(join(folder, `${day}`));
    const backups = join(folder, 'backups');
    openDatabase({
      file: join(folder, `${day}`, 'notes.sqlite'),
      schema: second,
      name: 'notes',
      backups,
      quarantine: folder,
      now: () => day * 86_400_000,
      relief: () => false,
      onNotice: () => undefined,
    }).close();
  }
  expect(readdirSync(join(folder, 'backups')).toSorted()).toEqual(
    ['03', '04', '05'].map((day) => `notes-v1-1970-01-${day}T00-00-00-000Z.sqlite`),
  );
});

test('a file that is both older and damaged is rebuilt at its own version, then migrated', () => {
  const folder = temporaryFolder();
  const database = open(folder, first);
  database.record(() => {
    const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
    for (let number = 0; number < 200; number++) insert.run('x'.repeat(200));
  });
  database.prepare('CREATE INDEX notes_by_text ON notes (text)').run();
  database.close();
  const file = connect(join(folder, 'notes.sqlite'));
  file.unsafeMode(true);
  file.pragma('writable_schema = ON');
  // An index that points at the table's own pages is damage that integrity_check sees.
  file.exec("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'notes_by_text'");
  file.close();
  const notices: string[] = [];
  const rebuilt = open(folder, second, 0, notices);
  expect(rebuilt.prepare('SELECT count(*) AS count, min(author) AS author FROM notes').get()).toEqual({
    count: 200,
    author: 'nobody',
  });
  expect(notices).toEqual([expect.stringMatching(/Nothing recorded was lost \(saved: 200 notes\)/)]);
});

test('a file of a newer Rackside is refused and left as it is', () => {
  const folder = temporaryFolder();
  const store = openTestStore(folder);
  store.regions.add(newRegion('Berlin'));
  store.close();
  const file = join(folder, 'app.sqlite');
  const connection = connect(file);
  connection.pragma('user_version = 99');
  connection.close();
  const before = readFileSync(file);
  let code: string | undefined;
  try {
    openTestStore(folder);
  } catch (error) {
    code = problemOf(error)?.code;
  }
  expect(code).toBe('data-from-the-future');
  expect(readFileSync(file).equals(before)).toBe(true);
});
