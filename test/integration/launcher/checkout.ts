import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

const root = resolve(import.meta.dirname, '../../..');

/** A program that keeps the launcher's side of the bargain and nothing else, so that these tests are about the launcher alone. */
const browserShell = `
const port = process.argv.find((arg) => arg.startsWith('--port='))?.slice(7);
process.on('SIGTERM', () => { console.log('asked to end'); process.exit(7); });
console.log('arguments ' + JSON.stringify(process.argv.slice(2)) + ' node ' + process.versions.node);
console.log('pid ' + process.pid);
console.log('Rackside is at http://127.0.0.1:' + port + '/?t=token');
setInterval(() => {}, 1000);
`;

export interface Checkout extends Disposable {
  readonly path: string;
  readonly write: (file: string, text: string, mode?: number) => void;
  /** Lets an unprivileged user (65534) write here: Electron's side of the launcher is closed to root. */
  readonly giveToNobody: () => void;
}

/** A checkout of its own with the real scripts and the real build, the installed dependencies and a tiny program. */
export function makeCheckout(): Checkout {
  const path = mkdtempSync(join(tmpdir(), 'rackside-launcher-'));
  const write = (file: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text, { mode });
  };
  const carried = ['scripts', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json'];
  for (const name of [...carried, 'tsconfig.renderer.json'])
    cpSync(join(root, name), join(path, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'), 'junction');
  write('electron/browser.ts', browserShell);
  write('electron/main.ts', "console.log('main');\n");
  write('electron/preload.ts', "console.log('preload');\n");
  write('electron/core/metrics/worker.ts', "console.log('worker');\n");
  write('electron/demo/process.ts', "console.log('demo');\n");
  write('shared/words.ts', "export const words = 'one';\n");
  write('renderer/index.html', '<!doctype html><script type="module" src="./main.ts"></script>\n');
  write('renderer/main.ts', "document.title = 'x';\n");
  const giveToNobody = (): void => {
    for (const file of ['.', ...readdirSync(path, { recursive: true, encoding: 'utf8' })]) {
      if (!file.startsWith('node_modules')) chownSync(join(path, file), 65_534, 65_534);
    }
  };
  return { path, write, giveToNobody, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with everything printed so far once `pattern` is in it; rejects when the process ends first. */
  readonly until: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

/** Runs `node scripts/start.mjs` in `checkout` as a user would, without a display unless `env` names one. */
export function startLauncher(
  checkout: string,
  args: readonly string[],
  { env = {}, uid }: StartOptions = {},
): Started {
  const { PATH, HOME } = process.env;
  return started(
    spawn(process.execPath, [join(checkout, 'scripts/start.mjs'), ...args], {
      cwd: checkout,
      env: { PATH, HOME: uid === undefined ? HOME : checkout, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    }),
  );
}

/** Runs `npm start` in `checkout`, with nothing of the npm that runs these tests in its environment. */
export function startThroughNpm(checkout: string, args: readonly string[]): Started {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME };
  return started(spawn('npm', ['start', '--', ...args], { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function started(child: ChildProcessByStdio<null, Readable, Readable>): Started {
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Awaited<Started['ended']>>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => settle({ status, signal }));
  });
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((settle, reject) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        waiting.delete(look);
        settle(text);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`the launcher ended without ${String(pattern)}:\n${text}`)), reject);
    });
  return { child, output: () => text, until, ended };
}
