import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { withLock } from './lock.mjs';
import { SetupError, field, hashFiles, inRoot, readJson } from './paths.mjs';

const stampFile = inRoot('node_modules', '.rackside-install.json');
const oldestNode = { major: 22, minor: 14 };

/** @returns {boolean} whether the Node that runs this script is new enough for the program itself */
function isOwnNodeEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
}

/**
 * The Node that builds, tests and serves Rackside: 24 from npm where npm has one for this machine, else the machine's own.
 *
 * @returns {string | undefined} path of the executable
 */
export function projectNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const folder = `node-${system}-${process.arch}`;
  const bin = field(field(readJson(inRoot('node_modules', folder, 'package.json')), 'bin'), 'node');
  if (typeof bin === 'string') {
    const path = inRoot('node_modules', folder, bin);
    if (existsSync(path)) return path;
  }
  return isOwnNodeEnough() ? process.execPath : undefined;
}

/** @returns {NodeJS.ProcessEnv} this environment with the project's tools, its Node among them, first on the PATH */
export function projectEnvironment() {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: [inRoot('node_modules', '.bin'), process.env[name] ?? ''].join(delimiter) };
}

/** @returns {string} what must be equal for an installation to be used as it is */
function wanted() {
  return `${hashFiles([inRoot('package-lock.json')])} ${process.platform}-${process.arch}`;
}

/** @returns {boolean} whether every package of the lock file that is not optional is there in its version (npm keeps a list) */
function isInstalledByHand() {
  const locked = field(readJson(inRoot('package-lock.json')), 'packages');
  const present = field(readJson(inRoot('node_modules', '.package-lock.json')), 'packages');
  if (typeof locked !== 'object' || locked === null || present === undefined) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || field(entry, 'optional') === true) return true;
    return field(field(present, path), 'version') === field(entry, 'version') && existsSync(inRoot(path));
  });
}

function isInstalled() {
  if (!existsSync(inRoot('node_modules', 'electron-vite')) || projectNode() === undefined) return false;
  if (field(readJson(stampFile), 'wanted') === wanted()) return true;
  if (!isInstalledByHand()) return false;
  writeFileSync(stampFile, `${JSON.stringify({ wanted: wanted() })}\n`);
  return true;
}

/**
 * Installs the locked dependencies unless they are there. No package's install script runs: none of ours needs one, and an
 * older npm knows no list of those that may.
 *
 * @throws {SetupError} when npm fails, or when this machine has no Node that can run the program
 */
export function ensureInstalled() {
  if (isInstalled()) return;
  withLock(() => {
    if (isInstalled()) return;
    console.log('Installing what is missing (npm ci) …');
    // Run from npm, we know the very npm; a production environment must not leave out what builds the program.
    const npm = process.env['npm_execpath'];
    const args = [
      'ci',
      '--ignore-scripts',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
      '--include=dev',
      '--include=optional',
    ];
    const options = { cwd: inRoot(), stdio: /** @type {const} */ ('inherit') };
    const run = npm?.endsWith('.js')
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
    if (run.error !== undefined) throw new SetupError(`npm could not be started: ${run.error.message}`);
    if (run.status !== 0) {
      throw new SetupError(
        `npm ci failed (${run.signal ?? `exit ${run.status}`}). Is the package registry reachable from here?`,
      );
    }
    if (projectNode() === undefined) {
      throw new SetupError(
        `This machine (${process.platform} ${process.arch}) needs Node ${oldestNode.major}.${oldestNode.minor} or newer; it has ${process.versions.node}.`,
      );
    }
    writeFileSync(stampFile, `${JSON.stringify({ wanted: wanted() })}\n`);
  });
}
