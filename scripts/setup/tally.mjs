import { existsSync, rmSync } from 'node:fs';
import { field, readJson } from './paths.mjs';

/** How a stage ended. @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Tally */

/** @type {Tally} */
export const nothing = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  return tallies.reduce(
    (all, { passed, failed, skipped }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
    }),
    nothing,
  );
}

/**
 * @param {Tally} tally
 * @returns {string} the closing line that `.ci/run` and its readers count on
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Counts the tests of one vitest run from its JSON report, and adds a failure for what no test counted: a report that is missing, a file
 * that could not be loaded, an error outside of every test, or no test at all.
 *
 * @param {unknown} report
 * @param {number | null} status the exit status of vitest
 * @returns {Tally}
 */
export function tallyOf(report, status) {
  /** @param {string} name */
  const count = (name) => Number(field(report, name) ?? 0);
  const files = field(report, 'testResults');
  const broken = Array.isArray(files) ? files.filter(isBrokenFile).length : 0;
  const skipped = count('numPendingTests') + count('numTodoTests');
  const tests = { passed: count('numPassedTests'), failed: count('numFailedTests') + broken, skipped };
  const isUncounted = tests.failed === 0 && (status !== 0 || tests.passed + skipped === 0);
  return isUncounted ? { ...tests, failed: 1 } : tests;
}

/** @param {unknown} file one of the report's files: failed, and none of its tests says so */
function isBrokenFile(file) {
  const tests = field(file, 'assertionResults');
  const isSaid = Array.isArray(tests) && tests.some((test) => field(test, 'status') === 'failed');
  return field(file, 'status') === 'failed' && !isSaid;
}

/**
 * Reads a report once: what an earlier run left behind must not be counted for a run that crashed.
 *
 * @param {string} path
 */
export function takeReport(path) {
  const report = readJson(path);
  if (existsSync(path)) rmSync(path);
  return report;
}
