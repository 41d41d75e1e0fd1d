import { spawn } from 'node:child_process';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Store } from '../../../electron/core/db/store.ts';
import { regionId } from '../../../shared/model/ids.ts';
import { openTestStore, temporaryFolder } from '../../unit/core/db/store-folder.ts';
import { isCheckpointBegun } from './log-frames.ts';

const region = regionId('r1');

/** Lets a real process work on the store for a while and kills it without warning; answers what it had said was recorded. */
async function workUntilKilled(folder: string, name: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-child.ts'), folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await vi.waitFor(() => expect(said).toContain('host'), { timeout: 15_000, interval: 10 });
  await sleep(Math.random() * 250);
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  child.kill('SIGKILL');
  await ended;
  return said.split('\n').slice(0, -1);
}

/** What of `said` the store does not know any more. */
function missing(store: Store, said: readonly string[]): readonly string[] {
  const inventory = store.openInventory(region);
  const operations = new Set(inventory.operations.list(100_000).flatMap(({ id, isIntact }) => (isIntact ? [id] : [])));
  const lost = said.filter((line) => {
    const [what, id = ''] = line.split(' ');
    if (what === 'operation') return !operations.has(id);
    if (what === 'host') return store.knownHosts.find(id).length === 0;
    const [entry] = inventory.journal.list(id);
    return !(entry?.isIntact && (what === 'began' || entry.stdout.length === 3000));
  });
  inventory.close();
  return lost;
}

test('R28: killed at random points, the store opens with everything that was recorded, and says nothing was lost', async () => {
  const folder = temporaryFolder();
  const said: string[] = [];
  for (let round = 0; round < 4; round++) {
    said.push(...(await workUntilKilled(folder, `round${round}`)));
    const store = openTestStore(folder);
    expect(missing(store, said)).toEqual([]);
    expect(store.notices.list()).toEqual([]);
    store.close();
  }
});

test('R28: killed and its write-ahead logs cut off at random as a power cut may, the store keeps everything that was recorded', async () => {
  const folder = temporaryFolder();
  const said: string[] = [];
  for (let round = 0; round < 4; round++) {
    said.push(...(await workUntilKilled(folder, `round${round}`)));
    for (const name of ['app.sqlite', 'regions/r1/inventory.sqlite']) {
      const file = join(folder, name);
      const log = readFileSync(`${file}-wal`);
      // From then on the whole log is on the disk, and cutting it would be no crash (`power-cut.test.ts` has those moments).
      if (isCheckpointBegun(readFileSync(file), log)) continue;
      truncateSync(`${file}-wal`, Math.floor(Math.random() * log.length));
    }
    const store = openTestStore(folder);
    expect(missing(store, said)).toEqual([]);
    expect(store.notices.list()).toEqual([]);
    store.close();
  }
});
