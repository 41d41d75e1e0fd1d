import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** Runs `.ci/run` in a folder where `npm run test` and `npm run test:lab` are these shell commands. */
function runWith(
  forTest: string,
  forLab: string,
): { readonly status: number | null; readonly lastLine: string | undefined } {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-ci-'));
  try {
    cpSync(join(root, '.ci/run'), join(folder, '.ci/run'));
    mkdirSync(join(folder, 'bin'));
    const npm = `#!/bin/sh\nfor stage; do :; done\nif [ "$stage" = test ]; then ${forTest}; else ${forLab}; fi\n`;
    writeFileSync(join(folder, 'bin/npm'), npm, { mode: 0o755 });
    const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
    const run = spawnSync(join(folder, '.ci/run'), { encoding: 'utf8', env });
    return { status: run.status, lastLine: run.stdout.trimEnd().split('\n').at(-1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.runIf(process.platform !== 'win32').each([
  ['both pass', "echo '5 passed, 0 failed'", "echo '2 passed, 0 failed'", 0, '7 passed, 0 failed'],
  [
    'some are skipped',
    "echo '5 passed, 0 failed, 2 skipped'",
    "echo '0 passed, 0 failed, 3 skipped'",
    0,
    '5 passed, 0 failed, 5 skipped',
  ],
  ['one fails', "echo '5 passed, 1 failed'; exit 1", "echo '2 passed, 0 failed'", 1, '7 passed, 1 failed'],
  ['one counts nothing', "echo 'out of memory'; exit 137", "echo '2 passed, 0 failed'", 1, '2 passed, 1 failed'],
  [
    'one crashes after it counted',
    "echo '5 passed, 0 failed'; exit 3",
    "echo '2 passed, 0 failed'",
    1,
    '7 passed, 1 failed',
  ],
  [
    'a line is repeated',
    "echo '1 passed, 0 failed'; echo '5 passed, 0 failed'",
    "echo '2 passed, 0 failed'",
    0,
    '7 passed, 0 failed',
  ],
])('.ci/run sums the two closing lines and fails when anything did: %s', (_, forTest, forLab, status, lastLine) => {
  expect(runWith(forTest, forLab)).toStrictEqual({ status, lastLine });
});

test('npm test with a stage that there is none of fails, says which there are, and still ends with its closing line', () => {
  const run = spawnSync(process.execPath, [join(root, 'scripts/test.mjs'), '--only', 'everything'], {
    encoding: 'utf8',
  });
  expect(run.status).toBe(1);
  expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  expect(run.stderr).toContain(
    '--only takes one of types, lint, format, knip, build, unit, integration, e2e; not "everything".',
  );
});
