import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnvironment, projectNode } from './install.mjs';
import { field, inRoot, readJson } from './paths.mjs';

const limitMs = 60_000;
const folder = inRoot('node_modules', 'electron');
const memory = inRoot('out', '.no-electron.json');

/** @returns {string | undefined} the Electron executable that is here already: a named one, or the package's own */
export function presentElectron() {
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const name = names[process.platform] ?? 'electron';
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const path = join(override ?? join(folder, 'dist'), name);
  if (!existsSync(path)) return undefined;
  // Without its path file the package's own copy is one whose unpacking was interrupted.
  if (override === undefined && !existsSync(join(folder, 'path.txt'))) return undefined;
  return path;
}

/** @returns {string | undefined} why a window cannot be opened on this machine, whatever runtime there is */
export function whyNoWindow() {
  if (process.platform !== 'linux') return undefined;
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'There is no display here';
  if (process.getuid?.() === 0) return 'Electron refuses to run as root';
  return undefined;
}

/**
 * Gets Electron by the package's own installer, in at most 60 s. A failure is remembered for this version, so that only the first
 * start waits for it.
 *
 * @param {{ readonly isAskedFor: boolean }} options `isAskedFor`: try again although it has failed before
 * @returns {{ readonly path: string } | { readonly reason: string }}
 */
export function obtainElectron({ isAskedFor }) {
  const present = presentElectron();
  if (present !== undefined) return { path: present };
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) {
    return { reason: 'ELECTRON_OVERRIDE_DIST_PATH names no Electron' };
  }
  const version = field(readJson(join(folder, 'package.json')), 'version');
  const before = readJson(memory);
  if (!isAskedFor && field(before, 'version') === version) {
    return { reason: `${String(field(before, 'reason'))} at an earlier start; --desktop tries again` };
  }
  console.log('Getting the Electron runtime (once, at most 60 s) …');
  const run = spawnSync(projectNode() ?? process.execPath, [join(folder, 'install.js')], {
    env: projectEnvironment(),
    encoding: 'utf8',
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const path = presentElectron();
  if (run.status === 0 && path !== undefined) {
    rmSync(memory, { force: true });
    return { path };
  }
  const words = (run.stderr ?? '').split('\n').find((line) => line.trim() !== '');
  const isLate = run.error !== undefined && 'code' in run.error && run.error.code === 'ETIMEDOUT';
  const cause = isLate ? 'no answer within 60 s' : (words?.trim() ?? `exit ${run.status ?? run.signal}`);
  const reason = `The Electron runtime could not be had (${cause.slice(0, 160)})`;
  try {
    writeFileSync(memory, `${JSON.stringify({ version, reason })}\n`);
  } catch {
    // A checkout that is not ours to write: the next start tries again, which costs it a minute at most.
  }
  return { reason };
}
