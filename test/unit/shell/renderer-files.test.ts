import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRendererFiles } from '../../../electron/shell/renderer-files.ts';

test('a build that is made beneath a running instance does not give its pages half of another version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-renderer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'first, with index-11111111.js');
  writeFileSync(join(folder, 'assets', 'index-11111111.js'), 'the first script');
  const files = await openRendererFiles(folder);
  rmSync(join(folder, 'assets', 'index-11111111.js'));
  writeFileSync(join(folder, 'assets', 'index-22222222.js'), 'the second script');
  writeFileSync(join(folder, 'index.html'), 'second, with index-22222222.js');
  const text = (path: string) => {
    const file = files.read(path);
    return file === undefined ? undefined : new TextDecoder().decode(file.body);
  };
  expect([text('/'), text('/assets/index-11111111.js'), text('/assets/index-22222222.js')]).toEqual([
    'first, with index-11111111.js',
    'the first script',
    undefined,
  ]);
});

test('nothing outside of the folder is to be had, however its path is spelled', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'rackside-renderer-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  mkdirSync(join(parent, 'renderer'));
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  writeFileSync(join(parent, 'renderer', 'index.html'), 'page');
  const files = await openRendererFiles(join(parent, 'renderer'));
  for (const path of ['/../secret.txt', '/./../secret.txt', '/%2e%2e/secret.txt', '//secret.txt', '/secret.txt'])
    expect(files.read(path)).toBeUndefined();
});
