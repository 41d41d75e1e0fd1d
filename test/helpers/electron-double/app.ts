import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requireNotReady, state } from './state.ts';
import { strict } from './strict.ts';

interface ClosableWindow {
  close(): void;
  destroy(): void;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const preventable = (): { readonly event: object; isPrevented(): boolean } => {
  let isPrevented = false;
  const event = {
    preventDefault() {
      isPrevented = true;
    },
  };
  return { event: strict('Event', event), isPrevented: () => isPrevented };
};

/** Order and preventability of the app's life as Electron documents it. */
class App extends EventEmitter {
  windows: () => readonly ClosableWindow[] = () => [];
  #watcher: NodeJS.Timeout | undefined;
  readonly isPackaged = false;

  /** By the runner, once the entry has been evaluated. */
  becomeReady(): void {
    state.isReady = true;
    state.recorded.order.push('ready');
    this.emit('ready');
    state.readyListeners.emit('ready');
  }

  isReady(): boolean {
    return state.isReady;
  }

  whenReady(): Promise<void> {
    if (state.isReady) return Promise.resolve();
    return new Promise((settle) => {
      state.readyListeners.once('ready', settle);
    });
  }

  getVersion(): string {
    const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string };
    return version;
  }

  setPath(name: string, path: string): void {
    if (!['userData', 'sessionData'].includes(name))
      throw new Error(`The Electron double does not know the path ${name}.`);
    requireNotReady(`app.setPath('${name}')`);
    if (state.hasLockBeenAsked) throw new Error(`${name} was set after the lock, which stands in it.`);
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist.`);
    state.paths.set(name, path);
    state.recorded.order.push(`setPath ${name}`);
  }

  #lockFolder(): string {
    const userData = state.paths.get('userData');
    if (userData === undefined) throw new Error('The lock was asked for before userData was set.');
    return join(userData, 'SingletonLock.double');
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.#lockFolder();
    state.hasLockBeenAsked = true;
    state.recorded.order.push('lock');
    const owner = join(folder, 'pid');
    if (existsSync(owner) && isAlive(Number(readFileSync(owner, 'utf8')))) {
      writeFileSync(join(folder, `second-${String(process.pid)}`), JSON.stringify(process.argv));
      return false;
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(owner, String(process.pid));
    this.#watcher = setInterval(() => {
      for (const name of readdirSync(folder).filter((file) => file.startsWith('second-'))) {
        const argv: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
        rmSync(join(folder, name));
        this.emit('second-instance', {}, argv, process.cwd(), undefined);
      }
    }, 50);
    return true;
  }

  allWindowsClosed(): void {
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  quit(): void {
    const before = preventable();
    this.emit('before-quit', before.event);
    if (before.isPrevented()) return;
    state.isQuitting = true;
    for (const window of this.windows()) window.close();
    if (this.windows().length > 0) {
      state.isQuitting = false;
      return;
    }
    const will = preventable();
    this.emit('will-quit', will.event);
    if (!will.isPrevented()) this.exit(0);
  }

  exit(code = 0): void {
    clearInterval(this.#watcher);
    state.isQuitting = true;
    for (const window of this.windows()) window.destroy();
    this.emit('quit', {}, code);
    const end = (): void => {
      process.exit(code);
    };
    // The browser is ours, not Electron's: it has to be gone before the process is.
    if (state.browser === undefined) setImmediate(end);
    else void state.browser.then(({ browser }) => browser.close()).finally(end);
  }
}

export const app = new App();
