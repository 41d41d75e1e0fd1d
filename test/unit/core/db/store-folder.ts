import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../../../electron/core/db/store.ts';
import type { Store } from '../../../../electron/core/db/store.ts';
import type { NewRegion } from '../../../../shared/contract/regions.ts';

/** A data folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-store-'));
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

/** An OpenSSH public key's base64 of that type, whose bytes are filled with `fill`. */
export function hostKey(type: string, fill: number): string {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, fill)]).toString('base64');
}
