import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { problemOf } from '#shared/problems.ts';
import { DataFolderHeld, startApp } from './app.ts';
import { startDemoProcess } from './shell/desktop/demo-process.ts';
import { prepareDesktop } from './shell/desktop/prepare.ts';
import { runDesktop } from './shell/desktop/run.ts';
import { parseFlags } from './shell/flags.ts';
import type { Flags } from './shell/flags.ts';

const beside = (path: string): URL => new URL(path, import.meta.url);

/** A worker thread is plain Node, which cannot read inside `app.asar`; the package has the worker beside it (electron-builder.yml). */
const unpacked = (url: URL): URL => new URL(url.href.replace('/app.asar/', '/app.asar.unpacked/'));

function run({ dataFolder, isOpening, demo }: Flags): Promise<void> {
  return runDesktop({
    dataFolder,
    isOpening,
    rendererFolder: fileURLToPath(beside('../renderer')),
    preload: fileURLToPath(beside('../preload/preload.cjs')),
    startApp: (ports) =>
      startApp({
        ...ports,
        dataFolder,
        version: app.getVersion(),
        shell: 'desktop',
        metricsWorker: unpacked(beside('metrics-worker.js')),
        onCrash: () => app.exit(1),
        homeFolder: homedir(),
        demo: { options: demo, startProcess: () => startDemoProcess(beside('demo-process.js')) },
      }),
    holderOf: (error) => (error instanceof DataFolderHeld ? error.endpoint : undefined),
  });
}

/** Ends a start that failed, with its words on the terminal and, where there is one, on the screen. */
function endWith(error: unknown): void {
  const problem = problemOf(error);
  const message = problem?.message ?? 'Rackside could not start because of a mistake of its own.';
  const advice = problem?.advice ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(`${message}\n${advice}\n`);
  if (app.isReady()) dialog.showErrorBox(message, advice);
  app.exit(1);
}

try {
  const flags = parseFlags(process.argv.slice(1), false);
  if (prepareDesktop(flags.dataFolder)) {
    // No `await`: Electron is not ready before this module has been evaluated.
    app
      .whenReady()
      .then(() => run(flags))
      .catch(endWith);
  } else {
    process.stdout.write('Rackside is open already; its window has come forward.\n');
    app.exit(0);
  }
} catch (error) {
  endWith(error);
}
