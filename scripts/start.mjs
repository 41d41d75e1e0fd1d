// `npm start`: installs what is missing, builds what is stale, then opens the window, or serves a browser where there can be none.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled, projectNode } from './setup/install.mjs';
import { SetupError, UsageError, inRoot } from './setup/paths.mjs';
import { obtainElectron, whyNoWindow } from './setup/runtime.mjs';

const help = `Usage: npm start -- [flags]

Opens Rackside in its own window, or serves it to a browser on this machine.

  --browser       serve it to a browser
  --desktop       open the window; tries again to get the Electron runtime
  --port N        port on 127.0.0.1 for the browser (default 0: any free one)
  --no-open       print the address, open no browser
  --data-dir DIR  keep the data in DIR
  --demo-nodes N  nodes of the demo region, up to 5,000 (default 48)
  --demo-seed N   the same seed makes the same demo region (default 1)
  --demo-speed N  how many times faster its time goes (default 1)
  --help          print this
`;

/** @typedef {{ mode: 'browser' | 'desktop' | 'either', port: number, isOpening: boolean, dataDir: string | undefined, demo: string[] }} Wishes */

/**
 * @param {string[]} args
 * @returns {Wishes | 'help'}
 * @throws {UsageError} naming the flag that is wrong
 */
function readFlags(args) {
  const { values } = parse(args);
  if (values.help) return 'help';
  if (values.browser && values.desktop) throw new UsageError('--browser and --desktop exclude each other.');
  if (!/^\d{1,5}$/u.test(values.port) || Number(values.port) > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not "${values.port}".`);
  }
  if (values['data-dir'] === '') throw new UsageError('--data-dir takes a folder.');
  // npm changes into the root of the project; a relative folder is meant from where the command was typed.
  const typedIn = process.env['INIT_CWD'] ?? process.cwd();
  return {
    mode: values.browser ? 'browser' : values.desktop ? 'desktop' : 'either',
    port: Number(values.port),
    isOpening: !values['no-open'],
    dataDir: values['data-dir'] === undefined ? undefined : resolve(typedIn, values['data-dir']),
    demo: demoFlags(values),
  };
}

const mostDemoNodes = 5000;

/**
 * The demo region's flags as the app takes them, which judges them once more.
 *
 * @param {{ readonly 'demo-nodes'?: string, readonly 'demo-seed'?: string, readonly 'demo-speed'?: string }} values
 */
function demoFlags(values) {
  return /** @type {const} */ (['demo-nodes', 'demo-seed', 'demo-speed']).flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    if (!/^\d{1,10}$/u.test(value)) throw new UsageError(`--${name} takes a whole number, not "${value}".`);
    if (name === 'demo-nodes' && Number(value) > mostDemoNodes) {
      throw new UsageError(`--demo-nodes takes at most ${mostDemoNodes} nodes, not ${value}.`);
    }
    return [`--${name}=${value}`];
  });
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        browser: { type: 'boolean', default: false },
        desktop: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        'no-open': { type: 'boolean', default: false },
        'data-dir': { type: 'string' },
        'demo-nodes': { type: 'string' },
        'demo-seed': { type: 'string' },
        'demo-speed': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const stillbornMs = 3000;
let isEndAsked = false;

/** @typedef {{ readonly status: number | null, readonly signal: NodeJS.Signals | null }} Ending */

/**
 * Passes on to the child what asks us to end.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Ending>} how it ended
 */
function follow(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = process.platform === 'win32' ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
  /** @type {(signal: NodeJS.Signals) => void} */
  const pass = (signal) => {
    isEndAsked = true;
    // Ctrl-C at a terminal reaches the child by itself; a second one might be taken for "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  // npm tells only the shell between us, which dies of it and tells nobody: being orphaned is the message.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env['npm_lifecycle_event'] !== undefined && process.ppid !== parent) pass('SIGTERM');
  }, 250);
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, pass);
      settle({ status, signal });
    });
  });
}

/** @param {string} url */
function openBrowser(url) {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  /** @type {Partial<Record<NodeJS.Platform, [string, string[]]>>} */
  const openers = { darwin: ['open', [url]], win32: ['rundll32', ['url.dll,FileProtocolHandler', url]] };
  const [program, args] = openers[process.platform] ?? ['xdg-open', [url]];
  const opener = spawn(program, args, { stdio: 'ignore', detached: true });
  // No opener: the address is on the screen.
  opener.on('error', () => {});
  opener.unref();
}

/** @param {Wishes} wishes */
function startBrowserShell({ port, dataDir, isOpening, demo }) {
  // Opening is ours: only here it is known that a window was wanted and could not be had.
  const args = [
    inRoot('out', 'main', 'browser.js'),
    `--port=${port}`,
    '--no-open',
    ...(dataDir === undefined ? [] : [`--data-dir=${dataDir}`]),
    ...demo,
  ];
  const child = spawn(projectNode() ?? process.execPath, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  let seen = '';
  let isOpened = !isOpening;
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    process.stdout.write(chunk);
    if (isOpened) return;
    seen += chunk.toString('utf8');
    const url = /^Rackside is at (http:\/\/127\.0\.0\.1:\d+\/\S*)\r?\n/mu.exec(seen)?.[1];
    if (url === undefined) return;
    isOpened = true;
    openBrowser(url);
  });
  return follow(child);
}

/**
 * @param {string} electron
 * @param {Wishes} wishes
 */
function startDesktopShell(electron, { dataDir, isOpening, demo }) {
  const args = [
    inRoot(),
    ...(isOpening ? [] : ['--no-open']),
    ...(dataDir === undefined ? [] : [`--data-dir=${dataDir}`]),
    ...demo,
  ];
  return follow(spawn(electron, args, { stdio: 'inherit', windowsHide: false }));
}

/** @param {Wishes} wishes */
async function start(wishes) {
  ensureInstalled();
  ensureBuilt();
  if (wishes.mode === 'browser') return startBrowserShell(wishes);
  let obstacle = whyNoWindow();
  if (obstacle === undefined) {
    const electron = obtainElectron({ isAskedFor: wishes.mode === 'desktop' });
    if ('path' in electron) {
      const startedAt = Date.now();
      const ending = await startDesktopShell(electron.path, wishes);
      // A runtime that this system will not run (no sandbox for it, a missing library) dies before it has shown anything, by a
      // signal or a status that the program itself never gives; the program's own failures end with 1 and have said why.
      const isCrash = ending.signal !== null || (ending.status ?? 0) >= 126;
      const isStillborn = isCrash && Date.now() - startedAt < stillbornMs && !isEndAsked;
      if (!isStillborn || wishes.mode === 'desktop') return ending;
      obstacle = `Electron ended at once (${ending.signal ?? `exit ${ending.status}`})`;
    } else obstacle = electron.reason;
  }
  console.log(`${obstacle}: serving the same app to a browser instead.`);
  return startBrowserShell(wishes);
}

try {
  const wishes = readFlags(process.argv.slice(2));
  if (wishes === 'help') process.stdout.write(help);
  else {
    const { status, signal } = await start(wishes);
    process.exitCode = status ?? 1;
    // Whoever started us sees the ending itself, not a translation of it.
    if (signal !== null && process.platform !== 'win32') process.kill(process.pid, signal);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error instanceof UsageError ? `${error.message}\n\n${help}` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
