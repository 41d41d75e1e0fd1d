// `npm run test:lab`: brings up one lab of real Debian nodes, runs the lab tests in it, and takes it down again, whatever happens.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled, projectEnvironment, projectNode } from './setup/install.mjs';
import { SetupError, UsageError, field, inRoot, readJson } from './setup/paths.mjs';

const help = `Usage: npm run test:lab -- [--full] [test file …]

Boots three control nodes and a worker (systemd-nspawn), runs test/lab/**/*.test.ts, and takes them down. As root, on Debian.

  --full   also the tests that take long (RACKSIDE_LAB_FULL=1 for them)

RACKSIDE_LAB=N (0–9) names the lab; one that is up already is used and left up. RACKSIDE_LAB_DIR is where images and nodes lie.
`;

/** The commands the lab is made of, and the Debian packages that bring them. */
const tools = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  ssh: 'openssh-client',
  nsenter: 'util-linux',
  losetup: 'mount',
};

/** @param {string} name */
const isThere = (name) =>
  ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name)));

/** @returns {string[]} the packages of the tools that are missing */
const missingPackages = () => [
  ...new Set(
    Object.entries(tools)
      .filter(([tool]) => !isThere(tool))
      .map(([, name]) => name),
  ),
];

/** Makes sure that this machine can hold a lab, installing Debian's packages where they are missing. @throws {SetupError} */
function prepareMachine() {
  const needs =
    'The lab tests boot real Debian nodes in containers: they need root on Debian (or a virtual machine of it).';
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID=debian$/mu.test(system)) throw new SetupError(`${needs} This machine is not Debian.`);
  if (process.getuid?.() !== 0) throw new SetupError(`${needs} Run it with sudo.`);
  const missing = missingPackages();
  if (missing.length > 0) {
    console.log(`Installing ${missing.join(', ')} …`);
    const install = ['install', '-y', '-q', '--no-install-recommends', ...missing];
    for (const args of [['update', '-q'], install]) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const run = spawnSync('apt-get', args, { env, encoding: 'utf8' });
      if (run.status !== 0) throw new SetupError(`apt-get ${args.join(' ')} failed:\n${run.stdout}${run.stderr}`);
    }
    if (missingPackages().length > 0) throw new SetupError(`${missingPackages().join(', ')} could not be installed.`);
  }
  const unshare = spawnSync('unshare', ['--mount', '--net', 'true'], { encoding: 'utf8' });
  if (unshare.status !== 0) {
    throw new SetupError(`${needs} Here root may not make namespaces (a container?): ${unshare.stderr.trim()}`);
  }
}

/** @param {string} id */
const isTaken = (id) => existsSync(join(process.env['RACKSIDE_LAB_DIR'] ?? '/var/tmp/rackside-lab', 'labs', id));

/** @returns {string} the lab that was asked for, else the first that nobody has up */
function chooseLab() {
  const free = () => ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].find((id) => !isTaken(id));
  const id = process.env['RACKSIDE_LAB'] ?? free();
  if (id === undefined) throw new SetupError('All ten labs of this machine are up: node test/lab/lab.ts down');
  return id;
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let current;
let isInterrupted = false;

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
function runNode(args, env) {
  return new Promise((resolve) => {
    // In a process group of its own: a Ctrl-C at the terminal is for us, and we end the tests before we take the lab down.
    current = spawn(projectNode() ?? process.execPath, args, { cwd: inRoot(), env, stdio: 'inherit', detached: true });
    current.once('error', () => resolve(127));
    current.once('close', (code) => resolve(code ?? 130));
  });
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    isInterrupted = true;
    if (current?.pid !== undefined && current.exitCode === null) process.kill(-current.pid, 'SIGTERM');
  });
}

/**
 * Counts what vitest's JSON report says. A file that failed without a failed test of its own (a set-up that threw, a syntax error)
 * counts as one.
 *
 * @param {string} file
 */
function readCounts(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  const number = (/** @type {string} */ name) => Number(field(report, name) ?? 0);
  const files = field(report, 'testResults');
  const broken = (Array.isArray(files) ? files : []).filter((result) => {
    const tests = field(result, 'assertionResults');
    const isFailed = (/** @type {unknown} */ test) => field(test, 'status') === 'failed';
    return isFailed(result) && !(Array.isArray(tests) && tests.some((test) => isFailed(test)));
  });
  return {
    passed: number('numPassedTests'),
    failed: number('numFailedTests') + broken.length,
    skipped: number('numPendingTests') + number('numTodoTests'),
  };
}

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const wrong = args.find((arg) => arg.startsWith('-') && arg !== '--full');
  if (wrong !== undefined) throw new UsageError(`Unknown flag ${wrong}.\n\n${help}`);
  prepareMachine();
  ensureInstalled();
  // The lab tests start the built program, as a person would.
  ensureBuilt();
  const id = chooseLab();
  const wasUp = isTaken(id);
  const env = {
    ...projectEnvironment(),
    RACKSIDE_LAB: id,
    RACKSIDE_LAB_KEEP: '1',
    ...(args.includes('--full') ? { RACKSIDE_LAB_FULL: '1' } : {}),
  };
  const folder = mkdtempSync(join(tmpdir(), 'rackside-lab-'));
  const report = join(folder, 'report.json');
  const lab = inRoot('test', 'lab', 'lab.ts');
  let code = 1;
  try {
    code = await runNode([lab, 'up', '3', '--workers', '1'], env);
    if (code === 0 && !isInterrupted) {
      const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const files = args.filter((arg) => !arg.startsWith('-'));
      code = await runNode([vitest, 'run', '--project', 'lab', ...reporters, ...files], env);
    }
  } finally {
    const wasInterrupted = isInterrupted;
    if (!wasUp && (await runNode([lab, 'down'], env)) !== 0) code ||= 1;
    if (wasInterrupted) code = 130;
  }
  const counts = readCounts(report) ?? { passed: 0, failed: 1, skipped: 0 };
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(
    `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
  );
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
