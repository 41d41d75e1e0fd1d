/*
 * How soon a technician who is offline sees the table: a data folder with one region of N cached nodes and an hour of metrics, then the
 * built browser shell (`npm run build` first), from the start of its process to the first painted row in a Chromium that is open.
 *   npm run bench -- start [N=1000] [RUNS=5]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { defaultDemoOptions } from '#shared/model/demo.ts';
import { startApp } from '../../electron/app.ts';
import { openStore } from '../../electron/core/db/store.ts';
import { createMetrics } from '../../electron/core/metrics/metrics.ts';
import { createRegionCache } from '../../electron/core/region/cache.ts';
import { chromiumPath } from '../helpers/shells/chromium.ts';
import { builtFolder } from '../helpers/shells/built.ts';
import { answered } from '../unit/core/cluster/capture.ts';
import { outputsOfMany } from './answer-of-many.ts';
import { nodesOfLab } from './nodes-of-lab.ts';

const [count = 1000, runs = 5] = process.argv.slice(2).map(Number);
const metricsWorker = new URL('../../electron/core/metrics/worker.ts', import.meta.url);
/** Nothing listens there: the region stays offline, and its nodes refuse at once, which is the busiest way to be offline. */
const closedPort = 9;

const executablePath = chromiumPath;
if (executablePath === undefined) {
  console.error('This bench needs a Chromium: set RACKSIDE_CHROMIUM.');
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-start-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    await seed(folder);
    const starts: Started[] = [];
    for (let run = 0; run < runs; run += 1) starts.push(await start(browser, folder));
    report(starts);
    await describeSnapshot(folder);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function seed(folder: string): Promise<void> {
  const now = Date.now();
  const store = openStore(folder, { now: Date.now, log: { warn: console.warn } });
  const region = store.regions.add({
    name: 'Frankfurt',
    colour: 'teal',
    seeds: [{ host: '127.20.0.1', port: closedPort }],
    login: { user: 'root', port: closedPort, methods: [{ kind: 'agent' }] },
    jumps: [],
    nodeLogins: {},
  });
  const outputs = outputsOfMany({
    nodes: count,
    vmsPerNode: 2,
    addressOf: (index) => `127.20.${index >> 7}.${(index & 127) + 1}`,
  });
  const answer = answered(outputs, now - 10_000);
  const nodes = nodesOfLab(answer, now);
  const cache = createRegionCache(store.openInventory(region.id));
  cache.save(nodes, answer);
  cache.close();
  const metrics = createMetrics({
    file: store.metricsFile(region.id),
    workerUrl: metricsWorker,
    now: Date.now,
    onNotice: ({ message }) => console.warn(message),
  });
  const ids = nodes.map(({ id }) => id);
  const values = () => Float32Array.from(ids, () => Math.random() * 100);
  for (let at = now - 3_600_000; at < now; at += 5000) {
    const [cpuPercent, memoryUsedPercent] = [values(), values()];
    const [networkRxBitsPerSecond, networkTxBitsPerSecond] = [values(), values()];
    metrics.record({
      at,
      nodes: ids,
      values: { cpuPercent, memoryUsedPercent, networkRxBitsPerSecond, networkTxBitsPerSecond },
    });
    // The worker's queue is bounded; an hour at once is more than it takes.
    if ((at - now) % 250_000 === 0) await metrics.sizeBytes();
  }
  await metrics.close();
  store.close();
}

interface Started {
  /** ms from the start of the process. */
  readonly served: number;
  readonly painted: number;
  readonly rssMb: number;
  readonly cpuMs: number;
  readonly rows: number;
}

async function start(browser: Browser, folder: string): Promise<Started> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.addInitScript(watchForRows);
  const begun = Date.now();
  const child = spawn(
    process.execPath,
    [join(builtFolder(), 'main', 'browser.js'), '--no-open', '--port', '0', '--data-dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SSH_AUTH_SOCK: '' } },
  );
  try {
    const url = await servedAt(child);
    const served = Date.now() - begun;
    await page.goto(url);
    const painted = await page.evaluate(() => window.rowsPainted);
    const rows = Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) - 1;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const ticks = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return {
      served,
      painted: painted - begun,
      rssMb: Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) / 1024,
      cpuMs: (Number(ticks[11]) + Number(ticks[12])) * 10,
      rows,
    };
  } finally {
    await context.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function servedAt(child: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Rackside is at (\S+)/u.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('Rackside ended before it served');
}

declare global {
  interface Window {
    /** UTC ms of the frame after the one that holds the first rows: it is on the screen then. */
    rowsPainted: Promise<number>;
  }
}

/** Runs in the page, before the app. */
function watchForRows(): void {
  window.rowsPainted = new Promise((resolve) => {
    const look = (): void => {
      if (document.querySelector('[data-row]') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        requestAnimationFrame(() => {
          resolve(performance.timeOrigin + performance.now());
        });
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true });
  });
}

function report(starts: readonly Started[]): void {
  const of = (pick: (one: Started) => number): string => {
    const sorted = starts.map(pick).toSorted((a, b) => a - b);
    return `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN)} (${sorted.map(Math.round).join(', ')})`;
  };
  console.log(
    `${starts[0]?.rows} rows, median of ${starts.length} starts; load of this machine ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(`address printed after        ${of(({ served }) => served)} ms`);
  console.log(`table painted after          ${of(({ painted }) => painted)} ms`);
  console.log(`CPU of the process till then ${of(({ cpuMs }) => cpuMs)} ms`);
  console.log(`memory (RSS) then            ${of(({ rssMb }) => rssMb)} MB`);
  const median = starts.map(({ painted }) => painted).toSorted((a, b) => a - b)[Math.floor(starts.length / 2)] ?? NaN;
  console.log(`${median <= 1000 ? 'met   ' : 'MISSED'} painted within 1 s of the start of the process`);
  if (median > 1000) process.exitCode = 1;
}

/** What the first `regions.open` costs in a fresh core, and how large its answer is. */
async function describeSnapshot(folder: string): Promise<void> {
  const app = await startApp({
    dataFolder: folder,
    version: '0',
    shell: 'browser',
    vault: { kind: 'session-only', because: 'a bench' },
    power: {
      onSuspend: () => () => {},
      onResume: () => () => {},
      keepAwake: { kind: 'cannot', because: 'a benchmark has no laptop' },
    },
    notify: () => {},
    metricsWorker,
    homeFolder: fileURLToPath(new URL('.', import.meta.url)),
    demo: {
      options: defaultDemoOptions,
      startProcess: () => {
        throw new Error('a benchmark of the start has no demo region');
      },
    },
    instanceEndpoint: '',
  });
  const call = async (name: string, input: unknown) => {
    const begun = performance.now();
    const answer = await app.dispatcher.invoke(
      { id: 'bench', isAuthenticated: true },
      { kind: 'call', id: name, name, input },
    );
    if (!answer.ok) throw new Error(answer.problem.message);
    return { value: answer.value, ms: performance.now() - begun };
  };
  const [profile] = (await call('regions.list', {})).value as readonly { readonly id: string }[];
  const opened = await call('regions.open', { regionId: profile?.id });
  const begun = performance.now();
  JSON.stringify(opened.value);
  const ms = performance.now() - begun;
  const { nodes, trends } = opened.value as { readonly nodes: unknown; readonly trends: unknown };
  const kb = (value: unknown) => `${Math.round(JSON.stringify(value).length / 1024)} KB`;
  console.log(
    `snapshot: ${kb(opened.value)} (rows ${kb(nodes)}, trends ${kb(trends)}), opened and built in ${opened.ms.toFixed(0)} ms, serialised in ${ms.toFixed(0)} ms`,
  );
  await app.close();
}
