import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { field, readJson, root } from './paths.mjs';

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

/** Of an error's text as much as tells what was expected and what came, without its stack. */
const messageLength = 600;

/**
 * What failed in one vitest run, a line each, so that the end of a long log tells it: `failed: FILE › TEST: MESSAGE`, and
 * `second try: …` for what failed once and then passed.
 *
 * @param {unknown} report vitest's JSON report
 * @returns {readonly string[]}
 */
export function failuresOf(report) {
  return listOf(field(report, 'testResults')).flatMap((file) => {
    const where = relative(root, String(field(file, 'name')));
    const told = listOf(field(file, 'assertionResults')).flatMap((test) => failureOf(where, test));
    const isSaid = told.some((line) => line.startsWith('failed: '));
    const isFileFailed = field(file, 'status') === 'failed' && !isSaid;
    return isFileFailed ? [...told, `failed: ${where}: ${inOneLine(field(file, 'message'))}`] : told;
  });
}

/**
 * @param {string} where
 * @param {unknown} test
 * @returns {readonly string[]}
 */
function failureOf(where, test) {
  const isFailed = field(test, 'status') === 'failed';
  const messages = listOf(field(test, 'failureMessages'));
  if (!isFailed && messages.length === 0) return [];
  return [
    `${isFailed ? 'failed' : 'second try'}: ${where} › ${String(field(test, 'fullName'))}: ${inOneLine(messages[0])}`,
  ];
}

/**
 * @param {unknown} value
 * @returns {readonly unknown[]}
 */
const listOf = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} message */
function inOneLine(message) {
  const [said = ''] = stripVTControlCharacters(String(message)).split(/\n +at /u);
  return said.replaceAll(/\s+/gu, ' ').trim().slice(0, messageLength);
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
