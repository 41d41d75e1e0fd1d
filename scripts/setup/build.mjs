import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnvironment, projectNode } from './install.mjs';
import { withLock } from './lock.mjs';
import { SetupError, field, hashFiles, inRoot, readJson } from './paths.mjs';

const stampFile = inRoot('out', '.build.json');
const products = [
  'main/main.js',
  'main/browser.js',
  'main/demo-process.js',
  'main/metrics-worker.js',
  'preload/preload.cjs',
  'renderer/index.html',
];

/** @returns {string} a hash over everything that a build reads: contents, not times, so that a checkout of an old branch counts too */
function hashOfSources() {
  const files = ['shared', 'electron', 'renderer'].flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      // Node 20.0 to 20.11 know only `path`, and the newest only `parentPath`.
      .map((entry) => join(String(field(entry, 'parentPath') ?? field(entry, 'path')), entry.name)),
  );
  const config = [
    'package.json',
    'package-lock.json',
    'electron.vite.config.ts',
    'tsconfig.base.json',
    'tsconfig.renderer.json',
  ];
  return hashFiles([...files.toSorted(), ...config.map((name) => inRoot(name))]);
}

/** @param {string} sources */
const isFresh = (sources) =>
  field(readJson(stampFile), 'sources') === sources && products.every((name) => existsSync(inRoot('out', name)));

/**
 * Builds `out/` unless it was built from exactly these sources.
 *
 * @throws {SetupError} with the builder's own words when the build fails
 */
export function ensureBuilt() {
  if (isFresh(hashOfSources())) return;
  withLock(() => {
    const sources = hashOfSources();
    if (isFresh(sources)) return;
    console.log('Building …');
    const builder = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const run = spawnSync(projectNode() ?? process.execPath, [builder, 'build', '--logLevel', 'warn'], {
      cwd: inRoot(),
      env: { ...projectEnvironment(), NODE_ENV: 'production' },
      encoding: 'utf8',
    });
    if (run.status !== 0)
      throw new SetupError(`The build failed:\n${run.stdout ?? ''}${run.stderr ?? run.error?.message ?? ''}`);
    const missing = products.filter((name) => !existsSync(inRoot('out', name)));
    if (missing.length > 0) throw new SetupError(`The build left out ${missing.join(', ')}.`);
    writeFileSync(stampFile, `${JSON.stringify({ sources })}\n`);
  });
}
