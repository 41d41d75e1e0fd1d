import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type App, type Ports } from '../../electron/app.ts';
import { forkDemo } from '../../electron/shell/browser/demo-process.ts';
import type { CallInput, CallName, CallOutput, EventEnvelope } from '#shared/contract/contract.ts';
import type { NewRegion } from '#shared/contract/regions.ts';
import { defaultDemoOptions } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { RegionSnapshot } from '#shared/model/region.ts';
import { ProblemError } from '#shared/problems.ts';

/** One window or tab: it calls through the contract and hears every event. */
export interface Window {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  readonly events: readonly EventEnvelope[];
}

/** The whole core in a data folder of its own, spoken to as a window would. */
export interface RunningApp extends Window {
  /** Holds the data folder and the home; what `runApp` takes for another start. */
  readonly folder: string;
  readonly dataFolder: string;
  readonly home: string;
  /** Another window of the same program. */
  window(): Window;
  /** What the machine under the program reports: it woke from sleep. */
  wake(): void;
  /** Asks for the region's snapshot until it is as expected; fails with the last one. */
  until(
    regionId: RegionId,
    what: string,
    isSo: (snapshot: RegionSnapshot) => boolean,
    timeoutMs?: number,
  ): Promise<RegionSnapshot>;
  /** Ends the program, and keeps its folder for the next start. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const demoProgram = new URL('../../electron/demo/process.ts', import.meta.url);

/** Starts the program. `folder`: that of an earlier one. */
export async function runApp(
  options: { readonly folder?: string; readonly vault?: Ports['vault']; readonly demo?: Ports['demo'] } = {},
): Promise<RunningApp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rackside-app-'));
  const [dataFolder, home] = [join(folder, 'data'), join(folder, 'home')];
  for (const part of [dataFolder, home]) mkdirSync(part, { recursive: true });
  const wakers = new Set<() => void>();
  const app: App = await startApp({
    dataFolder,
    version: '0.0.0',
    shell: 'browser',
    vault: options.vault ?? { kind: 'session-only', because: 'a test has no keychain' },
    power: {
      keepAwake: { kind: 'cannot', because: 'a test has no laptop' },
      onSuspend: () => () => {},
      onResume: (listener) => {
        wakers.add(listener);
        return () => wakers.delete(listener);
      },
    },
    notify: () => {},
    metricsWorker: new URL('../../electron/core/metrics/worker.ts', import.meta.url),
    homeFolder: home,
    demo: options.demo ?? { options: defaultDemoOptions, startProcess: () => forkDemo(demoProgram) },
    instanceEndpoint: 'test',
  });
  let [requests, windows, isStopped] = [0, 0, false];

  function window(): Window {
    windows += 1;
    const peer = { id: `window-${windows}`, isAuthenticated: true };
    const events: EventEnvelope[] = [];
    app.events.subscribe((event) => events.push(event));
    return {
      events,
      async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
        requests += 1;
        const envelope = await app.dispatcher.invoke(peer, { kind: 'call', id: String(requests), name, input });
        if (!envelope.ok) throw new ProblemError(envelope.problem);
        return envelope.value as CallOutput<Name>;
      },
    };
  }

  const first = window();
  const stop = async () => {
    if (!isStopped) await app.close();
    isStopped = true;
  };
  return {
    ...first,
    folder,
    dataFolder,
    home,
    window,
    wake() {
      for (const listener of wakers) listener();
    },
    async until(regionId, what, isSo, timeoutMs = 15_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const snapshot = await first.call('regions.snapshot', { regionId });
        if (isSo(snapshot)) return snapshot;
        if (Date.now() > deadline) throw new Error(`not ${what}: ${JSON.stringify(snapshot, undefined, 1)}`);
        await sleep(50);
      }
    },
    stop,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The row of a node, which must be there. */
export function rowOf(snapshot: RegionSnapshot, name: string): NodeRow {
  const row = snapshot.nodes.find(({ hostname }) => hostname === name);
  if (row === undefined)
    throw new Error(`${name} is not among ${snapshot.nodes.map(({ hostname }) => hostname).join()}`);
  return row;
}

/** A region as a person fills in its form. */
export function regionOf(changes: Partial<NewRegion> & Pick<NewRegion, 'login' | 'seeds'>): NewRegion {
  return { name: 'North', colour: 'teal', jumps: [], nodeLogins: {}, ...changes };
}
