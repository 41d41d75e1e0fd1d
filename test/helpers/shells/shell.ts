import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDispatcher } from '../../../electron/ipc/dispatcher.ts';
import type { InternalError } from '../../../electron/ipc/dispatcher.ts';
import { createEventHub } from '../../../electron/ipc/event-hub.ts';
import type { EventHub } from '../../../electron/ipc/event-hub.ts';
import type { Handlers } from '../../../electron/ipc/handlers/call.ts';
import { startBrowserShell } from '../../../electron/shell/browser/start.ts';
import type { BrowserShell, BrowserShellOptions } from '../../../electron/shell/browser/start.ts';
import { handlersWith } from './handlers.ts';

export interface TestShell {
  readonly shell: BrowserShell;
  readonly events: EventHub;
  readonly internal: readonly InternalError[];
  close(): Promise<void>;
}

/** The real browser shell over handlers of the test and a renderer of one page and one hashed script. */
export async function startTestShell(
  handlers: Partial<Handlers>,
  options: Partial<BrowserShellOptions> = {},
): Promise<TestShell> {
  const folder = await mkdtemp(join(tmpdir(), 'rackside-shell-'));
  const renderer = join(folder, 'renderer');
  await mkdir(join(renderer, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'beside the renderer');
  await writeFile(join(renderer, 'assets', 'index-a1B2c3D4.js'), 'document.title = "script ran";\n');
  const script = '<script type="module" crossorigin src="./assets/index-a1B2c3D4.js"></script>';
  await writeFile(
    join(renderer, 'index.html'),
    `<!doctype html><html><head><title>t</title><link rel="icon" href="data:," />${script}</head><body></body></html>`,
  );
  const internal: InternalError[] = [];
  const fail = (error: unknown): void => {
    internal.push({ id: 'shell', call: 'app.info', error });
  };
  const events = createEventHub({ onError: fail });
  const dispatcher = createDispatcher(handlersWith(handlers), { onInternalError: (error) => internal.push(error) });
  const shell = await startBrowserShell({
    port: 0,
    rendererFolder: renderer,
    dispatcher,
    events,
    onError: fail,
    ...options,
  });
  return {
    shell,
    events,
    internal,
    async close() {
      await shell.close();
      await rm(folder, { recursive: true });
    },
  };
}
