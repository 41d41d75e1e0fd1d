import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError, inRoot } from './paths.mjs';

const patienceMs = 5 * 60_000;

/** @param {number} ms */
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} path */
function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

let isHeld = false;

/**
 * Runs `work` while no other `npm start` or `npm test` of this checkout installs or builds. A lock whose owner is gone is taken over.
 *
 * @param {() => void} work
 * @throws {SetupError} when another one is still at it after five minutes
 */
export function withLock(work) {
  if (isHeld) {
    work();
    return;
  }
  const path = inRoot('.rackside', 'setup.lock');
  mkdirSync(inRoot('.rackside'), { recursive: true });
  const deadline = Date.now() + patienceMs;
  for (let isTaken = false; !isTaken;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      isTaken = true;
    } catch {
      const owner = ownerOf(path);
      if (Number.isInteger(owner) && owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
      else if (Date.now() > deadline) {
        throw new SetupError(
          `Another start of Rackside (process ${owner}) is still installing. If it is not, delete ${path}.`,
        );
      } else sleep(100);
    }
  }
  isHeld = true;
  try {
    work();
  } finally {
    isHeld = false;
    rmSync(path, { force: true });
  }
}
