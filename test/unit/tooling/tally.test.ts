import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closingLine, failuresOf, nothing, sum, tallyOf } from '../../../scripts/setup/tally.mjs';

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test('every test counts as what it was: passed, failed, or skipped in plain sight', () => {
  const mixed = { ...report, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 };
  expect(tallyOf(mixed, 1)).toStrictEqual({ passed: 3, failed: 2, skipped: 2 });
});

test.each([
  ['that left no report', undefined, 1],
  ['that left no report and claims success', undefined, 0],
  ['that ran no test', { ...report, numPassedTests: 0 }, 0],
  ['that ended with an error outside of every test', report, 1],
  ['that was killed', report, null],
])('a stage %s counts as a failure', (_, found, status) => {
  expect(tallyOf(found, status).failed).toBe(1);
});

test('a file that could not be loaded counts as a failure beside the tests of the others, a failed test only once', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ];
  expect(tallyOf({ ...report, numFailedTests: 1, testResults }, 1)).toStrictEqual({ passed: 3, failed: 2, skipped: 0 });
});

test('the closing line names skipped tests only where there are any', () => {
  const one = { passed: 1, failed: 0, skipped: 0 };
  expect(closingLine(sum([one, one, nothing]))).toBe('2 passed, 0 failed');
  expect(closingLine(sum([one, { passed: 0, failed: 2, skipped: 3 }]))).toBe('1 passed, 2 failed, 3 skipped');
});

test('what failed, if only once, is told in one line each: the file, the test, and what was expected, without colours and stack', () => {
  const name = join(import.meta.dirname, 'a.test.ts');
  const messages = ['\u{1b}[31mexpected 1\u{1b}[39m\n  to be 2\n    at file.ts:3\n    at other.ts:4'];
  const failed = { status: 'failed', fullName: 'adds', failureMessages: messages };
  const again = { status: 'passed', fullName: 'multiplies', failureMessages: messages };
  const testResults = [
    { name, status: 'failed', assertionResults: [failed, again, { status: 'passed', fullName: 'counts' }] },
    { name, status: 'failed', assertionResults: [], message: 'Cannot find module x' },
    { name, status: 'passed', assertionResults: [{ status: 'passed', fullName: 'counts' }] },
  ];
  expect(failuresOf({ testResults })).toStrictEqual([
    'failed: test/unit/tooling/a.test.ts › adds: expected 1 to be 2',
    'second try: test/unit/tooling/a.test.ts › multiplies: expected 1 to be 2',
    'failed: test/unit/tooling/a.test.ts: Cannot find module x',
  ]);
  expect(failuresOf(undefined)).toStrictEqual([]);
});
