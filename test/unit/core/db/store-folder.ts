import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../../../electron/core/db/store.ts';
import type { Store } from '../../../../electron/core/db/store.ts';
import type { NewRegion } from '../../../../shared/contract/regions.ts';

// Memory where there is such a file system: hundreds of small files are opened, and no test here cuts the power.
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A data folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(parent, 'rackside-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store on real files, closed with the test. */
export function openTestStore(folder: string, now: () => number = () => 1_700_000_000_000): Store {
  const store = openStore(folder, { now, log: { warn: () => undefined } });
  onTestFinished(() => {
    store.close();
  });
  return store;
}

const login = { user: 'root', port: 22, methods: [{ kind: 'agent' as const }] };

export function newRegion(name: string): NewRegion {
  return { name, colour: 'teal', seeds: [{ host: '192.0.2.1', port: 22 }], login, jumps: [], nodeLogins: {} };
}
