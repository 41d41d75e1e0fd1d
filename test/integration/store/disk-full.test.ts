import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../electron/core/db/database.ts';
import { inventorySchema } from '../../../electron/core/db/inventory-schema.ts';
import { openInventoryOn } from '../../../electron/core/db/inventory.ts';
import { regionId } from '../../../shared/model/ids.ts';
import { problemOf } from '../../../shared/problems.ts';
import { newRegion, openTestStore, temporaryFolder } from '../../unit/core/db/store-folder.ts';

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of its own, that small; unmounted with the test. */
function smallDisk(sizeMb: number, options = ''): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m${options}`, 'rackside-test', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
  return folder;
}

/** Writes until not one byte more fits. */
function fillUp(file: string): void {
  const handle = openSync(file, 'a');
  for (const size of [65_536, 4096, 512, 1]) {
    try {
      for (;;) writeSync(handle, Buffer.alloc(size, 1));
    } catch {
      // Full for pieces of that size.
    }
  }
  closeSync(handle);
}

function codeThrownBy(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return problemOf(error)?.code ?? String(error);
  }
  return undefined;
}

test.skipIf(!mayMount)(
  'on a full disk the reserve is used once and said, then writing is refused as disk-full while reading goes on (needs root on Linux)',
  () => {
    const disk = smallDisk(24);
    const folder = join(disk, 'data');
    const filler = join(disk, 'filler');
    const store = openTestStore(folder);
    const { id } = store.regions.add(newRegion('Berlin'));
    const inventory = store.openInventory(id);
    inventory.saveNodes('row', [{ id: 'a', json: '{"n":1}', readAt: 1 }]);
    expect(statSync(join(folder, 'ballast')).size).toBe(4 * 1024 * 1024);

    fillUp(filler);
    const big = (text: string): { id: string; json: string; readAt: number }[] =>
      Array.from({ length: 100 }, (_, index) => ({ id: `n${index}`, json: text.repeat(2000), readAt: 2 }));
    inventory.saveNodes('row', big('x'));
    expect(existsSync(join(folder, 'ballast'))).toBe(false);
    expect(store.notices.list().map(({ level, message }) => [level, /disk is full/.test(message)])).toEqual([
      ['danger', true],
    ]);
    expect(inventory.loadNode('row', 'n5')?.readAt).toBe(2);

    fillUp(filler);
    expect(codeThrownBy(() => inventory.saveNodes('detail', big('y')))).toBe('disk-full');
    expect(codeThrownBy(() => store.views.set('wide', 'z'.repeat(60_000)))).toBe('disk-full');
    expect(inventory.loadNode('row', 'a')).toEqual({ id: 'a', json: '{"n":1}', readAt: 1 });
    expect(inventory.loadNodes('detail')).toEqual([]);
    expect(store.regions.list()).toHaveLength(1);
    store.close();

    // Also after a restart on the disk that is still full.
    const again = openTestStore(folder);
    expect(again.regions.list()).toHaveLength(1);
    expect(again.openInventory(id).loadNodes('row')).toHaveLength(101);
    again.close();

    rmSync(filler);
    const free = openTestStore(folder);
    free.views.set('wide', 'z'.repeat(60_000));
    expect(free.views.get('wide')).toHaveLength(60_000);
    expect(existsSync(join(folder, 'ballast'))).toBe(true);
  },
);

test('a file that may not grow any more refuses writes as disk-full, rolls back, and goes on once relief came', () => {
  const folder = temporaryFolder();
  let relieved = 0;
  const database = openDatabase({
    file: join(folder, 'inventory.sqlite'),
    schema: inventorySchema,
    name: 'r1-inventory',
    backups: folder,
    quarantine: folder,
    now: () => 1,
    onNotice: () => undefined,
    relief: () => {
      relieved += 1;
      if (relieved === 2) database.prepare('PRAGMA max_page_count = 10000').get();
      return relieved === 2;
    },
  });
  const inventory = openInventoryOn(database, () => undefined);
  onTestFinished(() => {
    inventory.close();
  });
  database.prepare('PRAGMA max_page_count = 30').get();
  const entries = Array.from({ length: 100 }, (_, index) => ({ id: `n${index}`, json: 'x'.repeat(3000), readAt: 1 }));
  expect(codeThrownBy(() => inventory.saveNodes('row', entries))).toBe('disk-full');
  expect(inventory.loadNodes('row')).toEqual([]);
  inventory.saveNodes('row', entries);
  expect(inventory.loadNodes('row')).toHaveLength(100);
});

test('a folder that cannot be made is a problem of the data folder, not a bug', () => {
  const file = join(temporaryFolder(), 'file');
  appendFileSync(file, 'x');
  expect(codeThrownBy(() => openTestStore(join(file, 'data')))).toBe('data-folder-unwritable');
  const inTheWay = temporaryFolder();
  mkdirSync(join(inTheWay, 'app.sqlite'));
  expect(codeThrownBy(() => openTestStore(inTheWay))).toBe('data-folder-unwritable');
  // Below /proc nothing can be made, and Node's own recursive mkdir would try for ever.
  if (process.platform === 'linux')
    expect(codeThrownBy(() => openTestStore('/proc/nope/data'))).toBe('data-folder-unwritable');
});

test.skipIf(!mayMount)(
  'a folder on a read-only disk is a problem of the data folder, before and after it had data (needs root on Linux)',
  () => {
    const disk = smallDisk(24);
    const store = openTestStore(join(disk, 'data'));
    store.openInventory(regionId('r1')).saveMeta('x', '1', 1);
    store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(codeThrownBy(() => openTestStore(join(disk, 'data')))).toBe('data-folder-unwritable');
    expect(codeThrownBy(() => openTestStore(join(disk, 'other')))).toBe('data-folder-unwritable');
  },
);
