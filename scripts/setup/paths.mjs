// These files run before anything is installed, with whatever Node ≥ 20 the machine has: no dependency, no TypeScript.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string[]} segments */
export const inRoot = (...segments) => join(root, ...segments);

/**
 * Reads a JSON file written by us or by npm.
 *
 * @param {string} path
 * @returns {unknown} `undefined` where there is none, or a broken one
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * One field of a value of unknown shape.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
export function field(value, name) {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * @param {readonly string[]} paths
 * @returns {string} SHA-256 over the names and the contents of those that exist
 */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    if (existsSync(path)) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** An expected failure of one of our scripts: its words are for the person at the terminal, its stack is for nobody. */
export class SetupError extends Error {}

/** A wrong flag: exit status 2. */
export class UsageError extends SetupError {}
