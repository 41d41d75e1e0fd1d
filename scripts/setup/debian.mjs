import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param {string} program
 * @param {readonly string[]} [moreFolders] beside those of the PATH
 * @returns {string | undefined} its path
 */
function which(program, moreFolders = []) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...moreFolders];
  return folders.map((folder) => join(folder, program)).find((path) => isExecutable(path));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium without its windows: of each page that a test opens, half of the work is theirs. */
export const headlessShell = 'chromium-headless-shell';

/** @returns {string | undefined} the browser that a person wants for the tests */
const namedChromium = () => process.env['RACKSIDE_CHROMIUM'] || process.env['CHROMIUM_PATH'];

/** @returns {string | undefined} a browser of Chromium's family: a named one, or the first that is installed */
export function findChromium() {
  const named = namedChromium();
  if (named) return isExecutable(named) ? named : undefined;
  const programs = [
    headlessShell,
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
  ];
  const places = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    join(process.env['PROGRAMFILES'] ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
    join(process.env['PROGRAMFILES(X86)'] ?? 'C:\\Program Files (x86)', 'Microsoft\\Edge\\Application\\msedge.exe'),
  ];
  return (
    programs.map((name) => which(name)).find((path) => path !== undefined) ?? places.find((path) => isExecutable(path))
  );
}

/** @returns {boolean} whether Debian's headless shell would be a gain: nobody named a browser, and it is not there */
export const wantsHeadlessShell = () => !namedChromium() && findChromium()?.endsWith(headlessShell) !== true;

/** @returns {string | undefined} OpenSSH's server, which the tests run for themselves on a port of their own */
export const findSshd = () => which('sshd', ['/usr/sbin', '/usr/local/sbin']);

/** @returns {boolean} whether packages can be installed here without asking anyone: root on Debian or what descends from it */
export function isDebianRoot() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  return /^ID(_LIKE)?=.*debian/mu.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Installs Debian packages for the tests, and starts none of their services: a test run must open no port of the machine.
 *
 * @param {readonly string[]} packages
 * @returns {boolean} whether apt-get says that they are there
 */
export function installPackages(packages) {
  console.log(`Installing ${packages.join(' ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {string[]} args */
  const apt = (args) => {
    const run = spawnSync(
      'apt-get',
      ['-qq', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::http::Timeout=20', ...args],
      {
        env,
        encoding: 'utf8',
      },
    );
    if (run.status !== 0) console.log(`${run.stderr ?? ''}${run.error?.message ?? ''}`.trim());
    return run.status === 0;
  };
  const policy = '/usr/sbin/policy-rc.d';
  const isPolicyOurs = !existsSync(policy);
  if (isPolicyOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // A failed update may still leave lists that are good enough.
    apt(['update']);
    const isDone = apt(['install', '-y', '--no-install-recommends', ...packages]);
    // Debian enables the server for the next boot; nobody asked for that.
    if (packages.includes('openssh-server'))
      spawnSync('systemctl', ['disable', 'ssh.service', 'ssh.socket'], { stdio: 'ignore' });
    return isDone;
  } finally {
    if (isPolicyOurs) rmSync(policy, { force: true });
  }
}
