import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkPackage } from '../../../scripts/setup/packaged.mjs';

const root = resolve(import.meta.dirname, '../../..');
const arch = process.arch === 'x64' ? '' : `${process.arch}-`;
const folder = `linux-${arch}unpacked`;
const unpacked = `${folder}/resources/app.asar.unpacked`;
const native = `${unpacked}/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`;

let output = '';
let words = '';
beforeAll(() => {
  output = mkdtempSync(join(tmpdir(), 'rackside-package-'));
  const run = spawnSync(process.execPath, [join(root, 'scripts/package.mjs'), '--output', output], {
    encoding: 'utf8',
    // Whatever runtime this machine has: here the stub is meant.
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(output, 'none') },
  });
  words = `${run.stdout}${run.stderr}`;
});
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Checks a copy of the package after `change` was made to it. */
async function checkChanged(change: (copy: string) => void): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'rackside-package-changed-'));
  try {
    cpSync(output, copy, { recursive: true });
    change(copy);
    return await checkPackage(copy).catch((error: unknown) => String(error));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

test.runIf(process.platform === 'linux')(
  'the package holds what runs, one native module and the worker unpacked, and says what a stub does not prove',
  () => {
    expect(words).toMatch(/entries in app\.asar, linux-\w+\.node and the metrics worker beside it, 8 fuses as set\./u);
    expect(words).toContain('This was made with a stub runtime: it proves the configuration only.');
  },
);

test.runIf(process.platform === 'linux').each([
  [
    'a second native module',
    (copy: string) => cpSync(join(copy, native), join(copy, unpacked, 'second.node')),
    'unpacked native modules',
  ],
  ['a missing native module', (copy: string) => rmSync(join(copy, native)), 'unpacked native modules: none'],
  [
    'a native module that does not load',
    (copy: string) => writeFileSync(join(copy, native), 'x'),
    'SQLite does not load',
  ],
  [
    'a missing worker',
    (copy: string) => rmSync(join(copy, unpacked, 'out/main/metrics-worker.js')),
    'the metrics worker is not unpacked',
  ],
  ['a fuse that is on', blowFuse, 'the fuse RunAsNode is not off'],
])('a package with %s is refused', async (_, change, reason) => {
  expect(await checkChanged(change)).toContain(reason);
});

function blowFuse(copy: string): void {
  const path = join(copy, folder, 'rackside');
  const binary = readFileSync(path);
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  binary.write('1', binary.indexOf(sentinel) + sentinel.length + 2);
  writeFileSync(path, binary);
}
