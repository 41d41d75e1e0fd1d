import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { requireReady } from './state.ts';
import { assertPlain, cloned, onlyKnown, strict } from './strict.ts';

const parentPort = new URL('parent-port.mjs', import.meta.url).href;

/** A utility process: `postMessage`, `message` and `exit` as Electron documents them; the child finds its end at `process.parentPort`. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('message', (message) => this.emit('message', message));
    // Electron tells a status only, of a process that was killed, too.
    child.on('exit', (status) => this.emit('exit', status ?? 0));
  }

  postMessage(message: unknown): void {
    assertPlain(message);
    if (this.#child.connected) this.#child.send(cloned(message) as object);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = strict('utilityProcess', {
  fork(modulePath: string, args: readonly string[], options: { readonly env: Record<string, string> }) {
    requireReady('utilityProcess.fork');
    onlyKnown('utilityProcess.fork', options, ['serviceName', 'stdio', 'env']);
    if (!isAbsolute(modulePath) || !existsSync(modulePath)) throw new Error(`Cannot find module ${modulePath}`);
    const execArgv = ['--import', parentPort];
    const child = fork(modulePath, args, {
      execArgv,
      env: options.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return strict('UtilityProcess', new UtilityProcess(child));
  },
});
