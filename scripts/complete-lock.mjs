// `npm install` leaves out of the lock file what a registry does not carry, such as builds of a tool for other systems. `npm ci` then
// refuses the whole file on every machine. This adds them, by the exact version their package asks for. Run it after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';
import { field, inRoot } from './setup/paths.mjs';

/**
 * @param {unknown} value
 * @returns {Readonly<Record<string, unknown>>} its own fields
 */
const record = (value) => Object.fromEntries(typeof value === 'object' && value !== null ? Object.entries(value) : []);

/** @typedef {{ version: string, cpu: string[], dev?: true, optional: true, os?: string[], libc?: string[] }} Entry */

/**
 * What the name of a platform's package says of it: `@oxfmt/binding-linux-arm64-musl`, `@oxlint-tsgolint/win32-x64`.
 *
 * @param {string} name
 * @param {string} version
 * @returns {Entry}
 */
function entryOf(name, version) {
  const match =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(\w+))?$/u.exec(name);
  const [, os, cpu, abi] = match ?? [];
  if (os === undefined || cpu === undefined)
    throw new Error(`${name}: its name tells no system; add it to the lock file by hand`);
  const isMusl = abi?.startsWith('musl') === true;
  const libc = os === 'linux' && abi !== undefined ? { libc: [isMusl ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], dev: true, optional: true, os: [os], ...libc };
}

/**
 * The optional packages that some package asks for and that the lock file does not hold.
 *
 * @param {unknown} lock the parsed package-lock.json
 * @returns {ReadonlyMap<string, Entry>} by their path, `node_modules/NAME`
 */
export function missingEntries(lock) {
  const packages = new Map(Object.entries(record(field(lock, 'packages'))));
  /** @type {Map<string, Entry>} */
  const missing = new Map();
  for (const [path, entry] of packages) {
    for (const [name, version] of Object.entries(record(field(entry, 'optionalDependencies')))) {
      let around = path;
      while (around !== '' && !packages.has(`${around}/node_modules/${name}`))
        around = around.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/u, '');
      const isThere = packages.has(`${around === '' ? '' : `${around}/`}node_modules/${name}`);
      if (!isThere) missing.set(`node_modules/${name}`, entryOf(name, String(version)));
    }
  }
  return missing;
}

if (import.meta.filename === process.argv[1]) {
  const path = inRoot('package-lock.json');
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingEntries(lock);
  const packages = { ...record(field(lock, 'packages')), ...Object.fromEntries(missing) };
  const names = Object.keys(packages).toSorted((a, b) => a.localeCompare(b, 'en'));
  const sorted = Object.fromEntries(names.map((name) => [name, packages[name]]));
  writeFileSync(path, `${JSON.stringify({ ...record(lock), packages: sorted }, undefined, 2)}\n`);
  console.log(`${missing.size} added`);
}
