import {
  cpSync,
  openSync,
  closeSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../electron/core/db/database.ts';
import type { Store } from '../../../electron/core/db/store.ts';
import { regionId } from '../../../shared/model/ids.ts';
import { problemOf, type Problem } from '../../../shared/problems.ts';
import { hostKey } from '../../unit/core/db/host-key.ts';
import { newRegion, openTestStore, temporaryFolder } from '../../unit/core/db/store-folder.ts';

const region = regionId('r1');
const pageBytes = 4096;

const dangers = (store: Store): readonly string[] =>
  store.notices.list().flatMap(({ level, message }) => (level === 'danger' ? [message] : []));

/** Every tenth command says so much that its text has pages of its own. */
function outputOf(number: number): string {
  return `${number}`.padEnd(number % 10 === 0 ? 9000 : 300, 'x');
}

/** A store with some pages of everything; answers what has to be found again. */
function fill(folder: string): void {
  const store = openTestStore(folder);
  for (let number = 0; number < 40; number++) {
    store.regions.add(newRegion(`Region ${number}`));
    store.knownHosts.trust([{ host: `n${number}`, keyBase64: hostKey('ssh-ed25519', number) }]);
    store.views.set(`view-${number}`, 'v'.repeat(200));
  }
  const inventory = store.openInventory(region);
  inventory.saveNodes(
    'row',
    Array.from({ length: 30 }, (_, index) => ({ id: `n${index}`, json: `{"x":"${'y'.repeat(1500)}"}`, readAt: 1 })),
  );
  for (let number = 0; number < 60; number++) {
    const operationId = `o${number}`;
    inventory.operations.save({
      id: operationId,
      nodeId: 'a',
      command: 'c',
      json: '{}',
      startedAt: number,
      endedAt: null,
    });
    const sequence = inventory.journal.begin({ operationId, step: 's', host: 'h', command: 'c', startedAt: number });
    inventory.journal.end(sequence, { endedAt: number, exitStatus: 0, stdout: outputOf(number), stderr: '' });
  }
  store.close();
}

/** A copy of a data folder; its ballast, 4 MB, is an empty file here. */
function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('ballast') });
  writeFileSync(join(to, 'ballast'), '');
}

function zeroPage(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(pageBytes), 0, pageBytes, page * pageBytes);
  closeSync(handle);
}

test('R28: whichever page of the inventory is zeroed, the store opens, the journal is kept or its loss is said loudly', () => {
  const original = temporaryFolder();
  fill(original);
  const pages = statSync(join(original, 'regions/r1/inventory.sqlite')).size / pageBytes;
  expect(pages).toBeGreaterThan(40);
  let keptWhole = 0;
  const lostRows: number[] = [];
  for (let page = 0; page < pages; page++) {
    const folder = temporaryFolder();
    copyFolder(original, folder);
    zeroPage(join(folder, 'regions/r1/inventory.sqlite'), page);
    const store = openTestStore(folder);
    const inventory = store.openInventory(region);
    const entries = Array.from({ length: 60 }, (_, number) => inventory.journal.list(`o${number}`)[0]);
    const operations = inventory.operations.list(100).filter(({ isIntact }) => isIntact);
    const intact = entries.filter((entry) => entry?.isIntact).length;
    for (const [number, entry] of entries.entries()) {
      if (entry?.isIntact === true)
        expect({ page, number, output: entry.stdout }).toEqual({ page, number, output: outputOf(number) });
    }
    lostRows.push(60 - intact);
    const isMarked = entries.some((entry) => entry?.isIntact === false);
    if (intact === 60 && operations.length === 60) keptWhole += 1;
    else {
      expect({
        page,
        isSaid: isMarked || dangers(store).some((message) => /LOST.*(operation|command)/.test(message)),
      }).toEqual({
        page,
        isSaid: true,
      });
    }
    // The cache can be written and read again, whatever happened.
    inventory.saveNodes('row', [{ id: 'n1', json: '{}', readAt: 2 }]);
    expect(inventory.loadNode('row', 'n1')).toEqual({ id: 'n1', json: '{}', readAt: 2 });
    store.close();
    if (store.notices.list().length > 0) expect(readdirSync(join(folder, 'quarantine')).length).toBeGreaterThan(0);
  }
  // Most pages are cache or indexes, and the journal as a whole survives them.
  expect(keptWhole).toBeGreaterThan(pages / 3);
  // The first page and the journal's root cost all of it; any other page costs the rows that stood on it and none beside them.
  expect(lostRows.filter((lost) => lost === 60)).toHaveLength(2);
  expect(Math.max(...lostRows.filter((lost) => lost < 60))).toBe(10);
});

test('R28: wherever the inventory ends too early, the rows of the pages that are there are kept and the loss is said', () => {
  const original = temporaryFolder();
  fill(original);
  const pages = statSync(join(original, 'regions/r1/inventory.sqlite')).size / pageBytes;
  const kept: number[] = [];
  for (let left = 1; left < pages; left++) {
    const folder = temporaryFolder();
    copyFolder(original, folder);
    truncateSync(join(folder, 'regions/r1/inventory.sqlite'), left * pageBytes);
    const store = openTestStore(folder);
    const inventory = store.openInventory(region);
    const entries = Array.from({ length: 60 }, (_, number) => inventory.journal.list(`o${number}`)[0]);
    kept.push(entries.filter((entry) => entry?.isIntact).length);
    expect({ left, dangers: dangers(store).length }).toEqual({ left, dangers: kept.at(-1) === 60 ? 0 : 1 });
    store.close();
  }
  // The cache stands before the journal in this file. From the journal's first page on each page that is there keeps its rows, ten at most.
  expect(kept.at(-1)).toBe(50);
  expect(Math.max(...kept.map((rows, index) => Math.abs(rows - (kept[index - 1] ?? 0))))).toBe(10);
});

test('R28: whichever page of app.sqlite is zeroed, regions and trusted keys are there, and what was done is said', () => {
  const original = temporaryFolder();
  fill(original);
  const pages = statSync(join(original, 'app.sqlite')).size / pageBytes;
  expect(pages).toBeGreaterThan(10);
  for (let page = 0; page < pages; page++) {
    const folder = temporaryFolder();
    copyFolder(original, folder);
    zeroPage(join(folder, 'app.sqlite'), page);
    const store = openTestStore(folder);
    expect({ page, regions: store.regions.list().length, keys: store.knownHosts.list().length }).toEqual({
      page,
      regions: 40,
      keys: 40,
    });
    expect({ page, views: store.views.get('view-7')?.length }).toEqual({ page, views: 200 });
    expect(store.notices.list().map(({ message }) => /was damaged/.test(message))).toEqual([true]);
    store.close();
  }
});

test('R28: without a spare copy a lost first page is a loss that is said by name, and the file is kept', () => {
  const folder = temporaryFolder();
  fill(folder);
  writeFileSync(join(folder, 'backups/app-spare.sqlite'), '');
  zeroPage(join(folder, 'app.sqlite'), 0);
  const store = openTestStore(folder);
  expect(store.regions.list()).toEqual([]);
  expect(dangers(store)).toEqual([
    expect.stringMatching(/LOST in whole or in part: regions, known host keys, settings/),
  ]);
  const [copy = ''] = readdirSync(join(folder, 'quarantine'));
  expect(copy).toMatch(/^app-2023-11-14T22-13-20-000Z\.sqlite$/);
  expect(statSync(join(folder, 'quarantine', copy)).size).toBeGreaterThan(pageBytes);
});

test('R28: a file that is empty, cut in half, garbage or missing is not taken for a new one', () => {
  const harms: Record<string, (file: string) => void> = {
    empty: (file) => truncateSync(file, 0),
    half: (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
    garbage: (file) => writeFileSync(file, 'not a database at all'.repeat(1000)),
    missing: (file) => renameSync(file, `${file}.away`),
  };
  const original = temporaryFolder();
  fill(original);
  for (const [name, harm] of Object.entries(harms)) {
    const folder = temporaryFolder();
    copyFolder(original, folder);
    harm(join(folder, 'app.sqlite'));
    harm(join(folder, 'regions/r1/inventory.sqlite'));
    const store = openTestStore(folder);
    expect({ name, regions: store.regions.list().length }).toEqual({ name, regions: 40 });
    store.openInventory(region);
    expect({ name, dangers: dangers(store).length }).toEqual({ name, dangers: 2 });
    store.close();
  }
});

test('R28: the log of a file that is gone is not replayed into its successor', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'regions/r1/inventory.sqlite');
  const first = openTestStore(folder);
  first.openInventory(region).saveNodes('row', [{ id: 'n1', json: '{}', readAt: 1 }]);
  cpSync(`${file}-wal`, `${file}-kept`);
  first.close();
  renameSync(`${file}-kept`, `${file}-wal`);
  renameSync(file, `${file}.away`);
  const second = openTestStore(folder);
  expect(second.openInventory(region).loadNodes('row')).toEqual([]);
  expect(dangers(second)).toEqual([expect.stringMatching(/it was missing/)]);
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1);
});

test('R28: a page that goes bad under a program that runs is told as damage, with the file and what to do, and never as a value', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'measured.sqlite');
  const open = () =>
    openDatabase({
      file,
      schema: {
        title: 'what a test measures',
        isErased: false,
        check: 'none',
        recorded: [],
        migrations: [
          { version: 1, sql: 'CREATE TABLE lines (number INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;' },
        ],
      },
      name: 'measured',
      backups: join(folder, 'backups'),
      quarantine: join(folder, 'quarantine'),
      now: () => 0,
      relief: () => false,
      onNotice: () => undefined,
    });
  const first = open();
  const put = first.prepare('INSERT INTO lines (number, line) VALUES (?, ?)');
  first.record(() => {
    for (let number = 0; number < 200; number += 1) put.run(number, 'x'.repeat(1000));
  });
  first.close();
  const second = open();
  onTestFinished(() => second.close());
  // What a file system under it may do at any time.
  for (let page = 2; page < statSync(file).size / pageBytes; page += 1) zeroPage(file, page);
  const all = second.prepare<{ line: string }>('SELECT line FROM lines');
  const problem = thrownBy(() => second.read(() => all.all()));
  expect(problem).toMatchObject({
    code: 'data-damaged',
    advice: expect.stringContaining('Restart Rackside') as string,
  });
  expect(problem?.message).toContain(`${file} is damaged`);
});

function thrownBy(work: () => unknown): Problem | undefined {
  try {
    work();
  } catch (error) {
    return problemOf(error);
  }
  return undefined;
}
