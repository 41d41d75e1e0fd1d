/**
 * The whole core in a process of its own, with one window at the other end of the channel, so that what is measured of the process is the
 * app's and nothing else. To be run with `--expose-gc`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { inspect } from 'node:util';
import { startApp, type App } from '../../../electron/app.ts';
import { forkDemo } from '../../../electron/shell/browser/demo-process.ts';
import type { FromApp, Measured, ToApp } from './messages.ts';

const demoProgram = new URL('../../../electron/demo/process.ts', import.meta.url);
const metricsWorker = new URL('../../../electron/core/metrics/worker.ts', import.meta.url);
const peer = { id: 'the window', isAuthenticated: true };
const delay = monitorEventLoopDelay({ resolution: 1 });
let app: App | undefined;
let lookMs = 0;

const tell = (message: FromApp): void => void process.send?.(message);
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function start({ folder, demo }: Extract<ToApp, { kind: 'start' }>): Promise<void> {
  const [dataFolder, home] = [join(folder, 'data'), join(folder, 'home')];
  for (const part of [dataFolder, home]) mkdirSync(part, { recursive: true });
  app = await startApp({
    dataFolder,
    version: '0.0.0',
    shell: 'browser',
    vault: { kind: 'session-only', because: 'a measurement has no keychain' },
    power: {
      keepAwake: { kind: 'cannot', because: 'a measurement has no laptop' },
      onSuspend: () => () => {},
      onResume: () => () => {},
    },
    notify: () => {},
    metricsWorker,
    homeFolder: home,
    demo: {
      options: demo,
      startProcess: () => {
        const started = forkDemo(demoProgram);
        if (started.pid !== undefined) tell({ kind: 'demo', pid: started.pid });
        return started;
      },
    },
    instanceEndpoint: 'measured',
  });
  app.events.subscribe((event) => tell({ kind: 'event', event }));
  delay.enable();
  tell({ kind: 'started' });
}

function look(): Measured {
  delay.disable();
  const ms = (percentile: number): number => delay.percentile(percentile) / 1e6;
  const delayMs = { p50: ms(50), p99: ms(99), most: delay.max / 1e6 };
  const cpu = cpuMs();
  // The second one takes what the first one's finalizers have let go.
  for (let time = 0; time < 2; time += 1) globalThis.gc?.();
  const { heapUsed: heapBytes, external: externalBytes, rss: rssBytes } = process.memoryUsage();
  const told = { cpuMs: cpu - lookMs, heapBytes, externalBytes, rssBytes, delayMs };
  lookMs += cpuMs() - cpu;
  delay.reset();
  delay.enable();
  return told;
}

async function hear(message: ToApp): Promise<void> {
  switch (message.kind) {
    case 'start':
      return start(message);
    case 'call':
    case 'cancel': {
      const envelope = await app?.dispatcher.invoke(peer, message);
      if (envelope !== undefined) tell({ kind: 'answer', id: message.id, envelope });
      return undefined;
    }
    case 'measure':
      return tell({ kind: 'measured', measured: look() });
    case 'close':
      await app?.close();
      return process.exit(0);
  }
}

// Told and not ended by: a soak counts them all.
for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(kind, (error: unknown) => tell({ kind: 'uncaught', words: `${kind}: ${inspect(error)}` }));
process.on('message', (message: ToApp) => void hear(message));
process.on('disconnect', () => process.exit(0));
