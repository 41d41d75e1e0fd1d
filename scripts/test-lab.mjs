// `npm run test:lab`: brings up labs of real Debian nodes, runs the lab tests in them, and takes them down again, whatever happens.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled, projectEnvironment, projectNode } from './setup/install.mjs';
import { SetupError, UsageError, inRoot } from './setup/paths.mjs';
import { closingLine, failuresOf, nothing, sum, takeReport, tallyOf } from './setup/tally.mjs';

const help = `Usage: npm run test:lab -- [--full] [test file …]

Boots two labs of three control nodes and a worker each (systemd-nspawn), runs test/lab/*.test.ts in them, each file in the lab that is
free, and takes them down. As root, on Debian. What a file says is printed when it has ended.

  --full   also the tests that take long (RACKSIDE_LAB_FULL=1 for them)

RACKSIDE_LAB=N (0–9) names one lab for all of them; one that is up already is used and left up. RACKSIDE_LAB_DIR is where images and
nodes lie.
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

/** A test waits for its nodes most of the time: two labs on two cores take little more than half of one's time. */
const labsAtOnce = 2;

/** @returns {readonly string[]} the lab that was asked for, else the first that nobody has up */
function chooseLabs() {
  const asked = process.env['RACKSIDE_LAB'];
  if (asked !== undefined) return [asked];
  const free = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].filter((id) => !isTaken(id));
  if (free.length === 0) throw new SetupError('All ten labs of this machine are up: node test/lab/lab.ts down');
  return free.slice(0, labsAtOnce);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let isInterrupted = false;

/**
 * Runs a program of the project, and prints what it says when it has ended: two of them would talk at once.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
function runNode(args, env) {
  return new Promise((resolve) => {
    // In a process group of its own: a Ctrl-C at the terminal is for us, and we end the tests before we take the lab down.
    const child = spawn(projectNode() ?? process.execPath, args, {
      cwd: inRoot(),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => said.push(chunk));
    const end = (/** @type {number} */ code) => {
      if (!running.delete(child)) return;
      process.stdout.write(Buffer.concat(said));
      resolve(code);
    };
    child.once('error', () => end(127));
    child.once('close', (code) => end(code ?? 130));
  });
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    isInterrupted = true;
    for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  });
}

/** The boot that is under way: booting takes every core there is, and two at once run into their deadlines. */
let booting = Promise.resolve(0);

/**
 * Runs files of the queue in one lab until the queue is empty.
 *
 * @param {string} id of the lab
 * @param {string[]} queue test files, shared by all labs
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<import('./setup/tally.mjs').Tally>}
 */
async function runLab(id, queue, environment) {
  const wasUp = isTaken(id);
  const env = { ...environment, RACKSIDE_LAB: id, RACKSIDE_LAB_KEEP: '1' };
  const folder = mkdtempSync(join(tmpdir(), 'rackside-lab-'));
  const report = join(folder, 'report.json');
  const lab = inRoot('test', 'lab', 'lab.ts');
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  let tally = nothing;
  /** @type {string[]} */
  const failures = [];
  try {
    booting = booting.then(() => runNode([lab, 'up', '3', '--workers', '1'], env));
    if ((await booting) !== 0) return { ...nothing, failed: 1 };
    const next = () => (isInterrupted ? undefined : queue.shift());
    for (let file = next(); file !== undefined; file = next()) {
      console.log(`lab ${id}: ${file}`);
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const code = await runNode([vitest, 'run', '--project', 'lab', ...reporters, file], env);
      const result = takeReport(report);
      tally = sum([tally, tallyOf(result, code)]);
      failures.push(...failuresOf(result));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (!wasUp && (await runNode([lab, 'down'], env)) !== 0) tally = sum([tally, { ...nothing, failed: 1 }]);
  }
  for (const failure of failures) console.log(failure);
  return tally;
}

/** @returns {string[]} */
function labTests() {
  const files = readdirSync(inRoot('test', 'lab')).filter((name) => name.endsWith('.test.ts'));
  return files.toSorted().map((name) => `test/lab/${name}`);
}

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const wrong = args.find((arg) => arg.startsWith('-') && arg !== '--full');
  if (wrong !== undefined) throw new UsageError(`Unknown flag ${wrong}.\n\n${help}`);
  const asked = args.filter((arg) => !arg.startsWith('-'));
  const missing = asked.find((file) => !existsSync(inRoot(file)));
  if (missing !== undefined) throw new UsageError(`There is no file ${missing}.\n\n${help}`);
  prepareMachine();
  ensureInstalled();
  // The lab tests start the built program, as a person would.
  ensureBuilt();
  const env = { ...projectEnvironment(), ...(args.includes('--full') ? { RACKSIDE_LAB_FULL: '1' } : {}) };
  const queue = asked.length > 0 ? asked : labTests();
  const labs = chooseLabs().slice(0, queue.length);
  const tallies = await Promise.all(labs.map((id) => runLab(id, queue, env)));
  // What no lab came to has not passed.
  const left = isInterrupted || queue.length > 0 ? Math.max(1, queue.length) : 0;
  const tally = sum([...tallies, { ...nothing, failed: left }]);
  console.log(closingLine(tally));
  return isInterrupted ? 130 : Number(tally.failed > 0);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
