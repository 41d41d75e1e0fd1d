import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { problemOf } from '#shared/problems.ts';
import packageJson from '../package.json' with { type: 'json' };
import { DataFolderHeld, startApp } from './app.ts';
import { forkDemo } from './shell/browser/demo-process.ts';
import { startBrowserShell } from './shell/browser/start.ts';
import type { BrowserShell } from './shell/browser/start.ts';
import { createClockPower } from './shell/clock-power.ts';
import { parseFlags } from './shell/flags.ts';
import type { Flags } from './shell/flags.ts';
import { answerWords, listenForSecondStart } from './shell/instance-endpoint.ts';
import { startOrAsk } from './shell/start-or-ask.ts';

/** Built, this file stands in out/main beside the worker and the renderer; run as it is written, they are elsewhere. */
const isBuilt = !import.meta.url.endsWith('.ts');
const besides = (built: string, written: string): URL => new URL(isBuilt ? built : written, import.meta.url);

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function serve(flags: Flags): Promise<void> {
  const power = createClockPower();
  // Answered once there is a shell: a second start may come while this one is still starting.
  let shellStarted: (shell: BrowserShell) => void = () => undefined;
  const running = new Promise<BrowserShell>((resolve) => {
    shellStarted = resolve;
  });
  const endpoint = await listenForSecondStart(async () => ({ kind: 'url', url: (await running).freshUrl() }));
  try {
    const start = await startOrAsk({
      start: () =>
        startApp({
          dataFolder: flags.dataFolder,
          version: packageJson.version,
          shell: 'browser',
          vault: {
            kind: 'session-only',
            because: 'Rackside runs in a browser here, which has no way to the keychain of this computer.',
          },
          power,
          notify: () => undefined,
          metricsWorker: besides('metrics-worker.js', 'core/metrics/worker.ts'),
          homeFolder: homedir(),
          demo: {
            options: flags.demo,
            startProcess: () => forkDemo(besides('demo-process.js', 'demo/process.ts')),
          },
          instanceEndpoint: endpoint.text,
          onCrash: () => process.exit(1),
        }),
      holderOf: (error) => (error instanceof DataFolderHeld ? error.endpoint : undefined),
    });
    if (start.kind === 'asked') {
      say(answerWords(start.answer));
      return;
    }
    const { app } = start;
    try {
      const shell = await startBrowserShell({
        port: flags.port,
        rendererFolder: fileURLToPath(besides('../renderer', '../out/renderer')),
        dispatcher: app.dispatcher,
        events: app.events,
        onPage: () => app.expectPage(),
        onError: (error) => {
          app.logError(error);
        },
      });
      shellStarted(shell);
      say(`Rackside is at ${shell.freshUrl()}`);
      await endAsked();
      const left = app.runningOperations();
      if (left > 0) say(`Hands over what runs (${String(left)}): recorded in the cluster, unattended.`);
      await app.handOver();
      await shell.close();
    } finally {
      await app.close();
    }
  } finally {
    power.close();
    await endpoint.close();
  }
}

/** Ends when the program is asked to; asked twice, the program ends at once. */
function endAsked(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    const onSignal = (): void => {
      if (isAsked) process.exit(130);
      isAsked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

try {
  await serve(parseFlags(process.argv.slice(2), true));
} catch (error) {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  process.stderr.write(`${problem.message}\n${problem.advice}\n`);
  process.exitCode = problem.code === 'invalid-input' ? 2 : 1;
}
