import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { projectNode } from './install.mjs';
import { SetupError } from './paths.mjs';

/** What the program may carry of npm; anything else is a mistake in electron-builder.yml. */
const packages = ['asn1', 'bcrypt-pbkdf', 'better-sqlite3', 'safer-buffer', 'ssh2', 'tweetnacl'];
const required = [
  'package.json',
  'out/main/main.js',
  'out/main/demo-process.js',
  'out/main/metrics-worker.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
];

/** By the number of the fuse in Electron's wire, what electron-builder.yml sets it to. */
const fuses = new Map([
  [0, ['RunAsNode', false]],
  [1, ['EnableCookieEncryption', true]],
  [2, ['EnableNodeOptionsEnvironmentVariable', false]],
  [3, ['EnableNodeCliInspectArguments', false]],
  [4, ['EnableEmbeddedAsarIntegrityValidation', true]],
  [5, ['OnlyLoadAppFromAsar', true]],
  [6, ['LoadBrowserProcessSpecificV8Snapshot', false]],
  [7, ['GrantFileProtocolExtraPrivileges', false]],
]);

/**
 * @param {boolean} isTrue
 * @param {string} words what is wrong otherwise
 */
function insist(isTrue, words) {
  if (!isTrue) throw new SetupError(`The package is wrong: ${words}`);
}

/**
 * @param {string} folder
 * @returns {string[]} every file below it, from it, with `/`
 */
function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** @param {string} archive */
async function checkArchive(archive) {
  const { listPackage, statFile } = await import('@electron/asar');
  const names = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').replace(/^\//u, ''));
  const wanted = [...required, ...packages.map((name) => `node_modules/${name}/package.json`)];
  for (const name of wanted) insist(names.includes(name), `${name} is not in it`);
  const strangers = names
    .filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+$/u.test(name))
    .filter((name) => !name.startsWith('node_modules/.') && !packages.includes(name.slice('node_modules/'.length)));
  insist(strangers.length === 0, `it carries ${strangers.join(', ')}`);
  const waste = names.filter((name) =>
    /\.(ts|map|cpp|gyp)$|^(test|scripts|docs)\/|^out\/main\/browser\.js$/u.test(name),
  );
  insist(waste.length === 0, `it carries ${waste.slice(0, 5).join(', ')}`);
  for (const name of names.filter((path) => path === 'out/main/metrics-worker.js' || path.endsWith('.node'))) {
    const stat = statFile(archive, name.split('/').join(sep));
    insist('unpacked' in stat && stat.unpacked, `${name} is not unpacked`);
  }
  return names;
}

/** @param {string} unpacked */
function checkUnpacked(unpacked) {
  const files = filesBelow(unpacked);
  const natives = files.filter((name) => name.endsWith('.node'));
  const wanted = `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`;
  insist(
    natives.length === 1 && natives[0] === wanted,
    `unpacked native modules: ${natives.join(', ') || 'none'}; wanted: ${wanted}`,
  );
  const worker = join(unpacked, 'out/main/metrics-worker.js');
  insist(existsSync(worker), 'the metrics worker is not unpacked');
  for (const [, chunk = ''] of readFileSync(worker, 'utf8').matchAll(/from\s*"(\.[^"]+)"/gu)) {
    insist(existsSync(join(dirname(worker), chunk)), `the metrics worker needs ${chunk}, which does not lie beside it`);
  }
  // What the worker will do: load the native module from where it stands.
  const load = "const D = require('better-sqlite3'); console.log(new D(':memory:').prepare('select 42').pluck().get())";
  const run = spawnSync(projectNode() ?? process.execPath, ['-e', load], { cwd: dirname(worker), encoding: 'utf8' });
  insist(run.stdout.trim() === '42', `the unpacked SQLite does not load: ${run.stderr}`);
  return natives;
}

/** @param {string} executable */
async function checkFuses(executable) {
  const { FuseState, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = new Map(Object.entries(await getCurrentFuseWire(executable)));
  for (const [index, [name, isOn]] of fuses) {
    const state = wire.get(String(index));
    insist(state === (isOn ? FuseState.ENABLE : FuseState.DISABLE), `the fuse ${name} is not ${isOn ? 'on' : 'off'}`);
  }
}

/** @param {string} output */
function layoutOf(output) {
  if (process.platform === 'darwin') {
    const folder = readdirSync(output).find((name) => name.startsWith('mac')) ?? 'mac';
    const app = join(output, folder, 'Rackside.app');
    return { executable: app, resources: join(app, 'Contents/Resources') };
  }
  const isWindows = process.platform === 'win32';
  const arch = process.arch === 'x64' ? '' : `${process.arch}-`;
  const folder = join(output, `${isWindows ? 'win' : 'linux'}-${arch}unpacked`);
  return { executable: join(folder, isWindows ? 'Rackside.exe' : 'rackside'), resources: join(folder, 'resources') };
}

/**
 * Checks what electron-builder made: the archive's contents, the one native module beside it, the worker, the fuses.
 *
 * @param {string} output the folder given to electron-builder
 * @returns {Promise<string>} one line that says what was found
 * @throws {SetupError} naming the first thing that is wrong
 */
export async function checkPackage(output) {
  const { executable, resources } = layoutOf(output);
  const archive = join(resources, 'app.asar');
  insist(existsSync(executable), `${executable} is missing`);
  insist(existsSync(archive), `${archive} is missing`);
  const names = await checkArchive(archive);
  const natives = checkUnpacked(`${archive}.unpacked`);
  await checkFuses(executable);
  return `${names.length} entries in app.asar, ${natives.map((name) => basename(name)).join()} and the metrics worker beside it, ${fuses.size} fuses as set.`;
}
