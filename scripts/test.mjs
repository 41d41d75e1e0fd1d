// `npm test`: every check that needs no lab, on a machine that has nothing but Node and npm. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/build.mjs';
import {
  findChromium,
  findSshd,
  headlessShell,
  installPackages,
  isDebianRoot,
  wantsHeadlessShell,
} from './setup/debian.mjs';
import { ensureInstalled, projectEnvironment, projectNode } from './setup/install.mjs';
import { SetupError, inRoot } from './setup/paths.mjs';
import { closingLine, failuresOf, nothing, sum, takeReport, tallyOf } from './setup/tally.mjs';

/** @typedef {import('./setup/tally.mjs').Tally} Tally */
/** @typedef {{ readonly name: string, readonly run: () => Tally }} Stage */

/** The slowest stage takes a fraction of it: what takes longer hangs. */
const limitMs = 25 * 60_000;
const reports = inRoot('.rackside', 'reports');
const passed = { passed: 1, failed: 0, skipped: 0 };
const failed = { passed: 0, failed: 1, skipped: 0 };

/** @param {string[]} command */
function runNode(command) {
  return spawnSync(projectNode() ?? process.execPath, command, {
    cwd: inRoot(),
    env: projectEnvironment(),
    stdio: 'inherit',
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
}

/** What failed in any stage: told once more at the end. @type {string[]} */
const failures = [];

/**
 * A check of its own: it counts as one.
 *
 * @param {string} name
 * @param {string[]} command a script and its arguments
 * @returns {Stage}
 */
const check = (name, command) => ({ name, run: () => (runNode(command).status === 0 ? passed : failed) });

/**
 * @param {string} name of the stage
 * @param {readonly string[]} projects whose tests it runs
 * @returns {Stage}
 */
const tests = (name, projects = [name]) => ({
  name,
  run: () => {
    const report = `${reports}/${name}.json`;
    rmSync(report, { force: true });
    const { status } = runNode([
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projectFlags(projects),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const result = takeReport(report);
    failures.push(...failuresOf(result));
    return tallyOf(result, status);
  },
});

/** @param {readonly string[]} projects */
const projectFlags = (projects) => projects.map((project) => `--project=${project}`);

/** @returns {Stage} the browser's tests; without a browser they are counted, not run */
function browserTests() {
  const projects = ['e2e', 'demo'];
  const stage = tests('e2e', projects);
  const run = () => {
    if (process.env['RACKSIDE_CHROMIUM']) return stage.run();
    console.log(
      'No Chromium here: the browser tests are skipped. On Debian: apt-get install -y chromium. Elsewhere set CHROMIUM_PATH.',
    );
    const list = spawnSync(
      projectNode() ?? process.execPath,
      ['node_modules/vitest/vitest.mjs', 'list', ...projectFlags(projects)],
      {
        cwd: inRoot(),
        env: projectEnvironment(),
        encoding: 'utf8',
      },
    );
    const names = list.stdout.split('\n').filter((line) => line.includes(' > '));
    return list.status === 0 && names.length > 0 ? { ...nothing, skipped: names.length } : failed;
  };
  return { name: 'e2e', run };
}

/** @type {Stage} */
const build = {
  name: 'build',
  run: () => {
    try {
      ensureBuilt();
      return passed;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      console.log(error.message);
      return failed;
    }
  },
};

/** The build stands before the tests that run what was built. */
const stages = [
  check('types', ['scripts/typecheck.mjs']),
  check('lint', ['scripts/lint.mjs']),
  check('format', ['node_modules/oxfmt/bin/oxfmt', '--check', '.']),
  check('knip', ['node_modules/knip/bin/knip.js']),
  build,
  tests('unit'),
  tests('integration'),
  browserTests(),
];

/** Finds what the tests use beside Node, and installs it where that takes no question. The tests read the paths from the environment. */
function prepareMachine() {
  const wanted = [];
  if (findChromium() === undefined && !isDebianRoot()) wanted.push('chromium');
  if (findSshd() === undefined) wanted.push('openssh-server');
  // A login that is not root is tried with a real sudo, which a minimal Debian has not.
  if (process.platform === 'linux' && !existsSync('/usr/bin/sudo')) wanted.push('sudo');
  if (wanted.length > 0 && isDebianRoot()) installPackages(wanted);
  else if (wanted.length > 0)
    console.log(`Missing here: ${wanted.join(', ')}. On Debian: sudo apt-get install -y ${wanted.join(' ')}`);
  if (isDebianRoot()) installBrowser();
  process.env['RACKSIDE_CHROMIUM'] = findChromium() ?? '';
  process.env['RACKSIDE_SSHD'] = findSshd() ?? '';
}

/** The headless shell also beside a Chromium, which opens pages at twice the cost; a Chromium where Debian has none of it. */
function installBrowser() {
  if (wantsHeadlessShell() && !installPackages([headlessShell]) && findChromium() === undefined)
    installPackages(['chromium']);
}

/** @param {readonly Stage[]} chosen */
function runAll(chosen) {
  /** @type {{ name: string, tally: Tally, seconds: string }[]} */
  const results = [];
  for (const { name, run } of chosen) {
    console.log(`\n== ${name}`);
    const startedAt = Date.now();
    const tally = run();
    results.push({ name, tally, seconds: ((Date.now() - startedAt) / 1000).toFixed(1) });
  }
  console.log('\n== results');
  for (const { name, tally, seconds } of results)
    console.log(`${name.padEnd(12)} ${closingLine(tally).padEnd(36)} ${seconds} s`);
  for (const failure of failures) console.log(failure);
  return sum(results.map(({ tally }) => tally));
}

/** @returns {readonly Stage[]} the stages asked for by `--only`, which may be repeated; all without it */
function chosenStages() {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true, default: [] } } });
  for (const name of values.only) {
    if (!stages.some((stage) => stage.name === name)) {
      throw new SetupError(`--only takes one of ${stages.map((stage) => stage.name).join(', ')}; not "${name}".`);
    }
  }
  return values.only.length === 0 ? stages : stages.filter(({ name }) => values.only.includes(name));
}

let total = failed;
try {
  const chosen = chosenStages();
  ensureInstalled();
  mkdirSync(reports, { recursive: true });
  prepareMachine();
  total = runAll(chosen);
} catch (error) {
  // Whatever happens, the closing line stands at the end and says that something failed.
  console.error(error instanceof SetupError ? error.message : error);
}
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
