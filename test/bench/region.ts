/*
 * What one more node costs: the demo region, a process of its own behind real SSH, with few and with many nodes, and the app in another
 * process, which opens it through its contract as a window does. CPU is the processes' own, so that what else runs here hardly counts;
 * each round measures every size once, and the medians are of the rounds. The slow facts, read every 5 minutes, fall outside of 60 s.
 *   npm run bench -- region [ROUNDS=3] [SECONDS=60] [NODES=50,200,1000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultDemoOptions } from '#shared/model/demo.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { startAppProcess, type AppProcess } from '../helpers/app-process/app-process.ts';
import { cpuMsOf, rssOf } from '../helpers/app-process/process-usage.ts';
import { idleProcess } from './idle-of-machine.ts';

/** One size, watched once. CPU in ms a second. */
interface Watched {
  readonly nodes: number;
  readonly liveAfterS: number;
  readonly appCpu: number;
  readonly demoCpu: number;
  readonly heapMb: number;
  readonly appRssMb: number;
  readonly demoRssMb: number;
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly most: number };
  readonly startDelayMs: { readonly p99: number; readonly most: number };
  readonly idleP99Ms: number;
  /** Fast values that came, of those that should have come: a process that does not get its turn does less, and looks cheap. */
  readonly kept: number;
}

const [roundsText = '3', secondsText = '60', sizesText = '50,200,1000'] = process.argv.slice(2);
const [rounds, seconds] = [Number(roundsText), Number(secondsText)];
const sizes = sizesText.split(',').map(Number);
/** In the demo's story these are off, or show another key than the one that is known. */
const silentNodes = 3;
const mostStartMs = 180_000;
/** Below this share of the fast values a cost says nothing. */
const leastKept = 0.9;
const fastMs = 5000;

const mb = (bytes: number): number => bytes / 1024 / 1024;

async function watch(nodes: number): Promise<Watched> {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-region-'));
  const heard: Heard = { rows: new Map(), samples: 0 };
  // `--cpu-prof` among Node's options of this process is passed on, to find what it is that costs.
  const nodeOptions = process.execArgv.filter((option) => option.startsWith('--cpu-prof'));
  const app = await startAppProcess({
    folder,
    demo: { ...defaultDemoOptions, nodes },
    nodeOptions,
    onEvent: (event) => {
      if (event.name !== 'region.changed') return;
      for (const row of event.payload.changed) take(heard, row);
    },
  });
  try {
    return await watchOpened(app, heard, nodes);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the window has heard: the rows as they are, and how many samples they brought. */
interface Heard {
  readonly rows: Map<string, NodeRow>;
  samples: number;
}

function take(heard: Heard, row: NodeRow): void {
  const [before, now] = [heard.rows.get(row.id)?.uptimeSeconds, row.uptimeSeconds];
  if (now.kind === 'known' && !(before?.kind === 'known' && before.readAt === now.readAt)) heard.samples += 1;
  heard.rows.set(row.id, row);
}

async function watchOpened(app: AppProcess, heard: Heard, nodes: number): Promise<Watched> {
  const { id: regionId } = await app.call('demo.add', {});
  await app.call('regions.open', { regionId });
  const demoPid = app.demoPid() ?? 0;
  // The simulation has been laid out by then: what follows is logins and reads.
  const begun = performance.now();
  for (;;) {
    const live = [...heard.rows.values()].filter(isLive).length;
    if (live >= nodes - silentNodes) break;
    if (performance.now() - begun > mostStartMs)
      throw new Error(`only ${live} of ${nodes - silentNodes} nodes are live after ${mostStartMs / 1000} s`);
    await sleep(50);
  }
  const liveAfterS = (performance.now() - begun) / 1000;
  const { delayMs: startDelayMs } = await app.measure();
  await sleep(10_000);
  const idle = await idleProcess();
  heard.samples = 0;
  const [before, demoBefore, at] = [await app.measure(), cpuMsOf(demoPid), performance.now()];
  await sleep(seconds * 1000);
  const [after, demoAfter, passedS] = [await app.measure(), cpuMsOf(demoPid), (performance.now() - at) / 1000];
  const [uncaught] = app.uncaught;
  if (uncaught !== undefined) throw new Error(uncaught);
  return {
    nodes,
    liveAfterS,
    appCpu: (after.cpuMs - before.cpuMs) / passedS,
    demoCpu: (demoAfter - demoBefore) / passedS,
    heapMb: mb(after.heapBytes),
    appRssMb: mb(after.rssBytes),
    demoRssMb: mb(rssOf(demoPid)),
    delayMs: after.delayMs,
    startDelayMs,
    idleP99Ms: await idle.stop(),
    kept: heard.samples / ((nodes - silentNodes) * ((1000 * passedS) / fastMs)),
  };
}

function isLive({ status, cpuPercent, storageBytes }: NodeRow): boolean {
  return status.unknownSince === null && cpuPercent.kind === 'known' && storageBytes.kind === 'known';
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** CPU that one more node takes between two sizes, ms a second: the median of the rounds' own differences. */
function marginal(few: readonly Watched[], many: readonly Watched[], of: 'appCpu' | 'demoCpu'): number {
  return median(
    few.map((one, round) => {
      const other = many[round] ?? one;
      return (other[of] - one[of]) / (other.nodes - one.nodes);
    }),
  );
}

function report(all: readonly (readonly Watched[])[]): void {
  console.log(
    '\n| nodes | live after, s | app CPU, ms/s | simulation CPU, ms/s | app heap, RSS, MB | simulation RSS, MB | main loop p50, p99, max, ms | while it starts: p99, max, ms |\n|---|---|---|---|---|---|---|---|',
  );
  for (const watched of all) {
    const of = (pick: (one: Watched) => number, digits = 0) => median(watched.map(pick)).toFixed(digits);
    const delays = [of((o) => o.delayMs.p50, 1), of((o) => o.delayMs.p99, 1), of((o) => o.delayMs.most)].join(', ');
    const starting = [of((o) => o.startDelayMs.p99), of((o) => o.startDelayMs.most)].join(', ');
    console.log(
      `| ${of((o) => o.nodes)} | ${of((o) => o.liveAfterS, 1)} | ${of((o) => o.appCpu)} | ${of((o) => o.demoCpu)} | ${of((o) => o.heapMb)}, ${of((o) => o.appRssMb)} | ${of((o) => o.demoRssMb)} | ${delays} | ${starting} |`,
    );
  }
  const costs = all.slice(1).map((many, index) => {
    const few = all[index] ?? many;
    const [app, demo] = [marginal(few, many, 'appCpu'), marginal(few, many, 'demoCpu')];
    console.log(
      `one more node between ${few[0]?.nodes} and ${many[0]?.nodes}: app ${app.toFixed(3)} ms/s, simulation ${demo.toFixed(3)} ms/s`,
    );
    return app;
  });
  // Cheaper is as good as flat: with more nodes each turn of the main loop, and each read of a socket, brings the answers of several.
  const rise = Math.max(...costs.slice(1).map((cost, index) => cost / (costs[index] ?? Number.NaN)));
  const kept = Math.min(...all.flat().map((one) => one.kept));
  if (costs.length < 2) console.log('unjudged cost: it takes three sizes');
  else if (kept < leastKept)
    console.log(`unjudged cost: only ${(100 * kept).toFixed(0)} % of the fast values came at one of the sizes`);
  else
    goal(
      `one more node costs the app no more among many, within 10 % (${(100 * (rise - 1)).toFixed(1)} %; below 0 it costs less)`,
      rise <= 1.1,
    );
  const largest = all.at(-1) ?? [];
  const idleP99Ms = median(largest.map((one) => one.idleP99Ms));
  const [p99, size] = [median(largest.map((one) => one.delayMs.p99)), largest[0]?.nodes];
  if (idleP99Ms >= 50) console.log(`unjudged main-loop delay: even an idle process waited ${idleP99Ms.toFixed(0)} ms`);
  else goal(`main-loop delay p99 below 50 ms at ${size} nodes (idle process ${idleP99Ms.toFixed(1)} ms)`, p99 < 50);
}

function goal(words: string, isMet: boolean): void {
  console.log(`${isMet ? 'met   ' : 'MISSED'} ${words}`);
  if (!isMet) process.exitCode = 1;
}

const measured = sizes.map((): Watched[] => []);
for (let round = 0; round < rounds; round += 1) {
  for (const [index, nodes] of sizes.entries()) {
    const load = loadavg()[0]?.toFixed(1);
    const one = await watch(nodes);
    measured[index]?.push(one);
    console.log(
      `round ${round + 1}, ${nodes} nodes (load before ${load}): live after ${one.liveAfterS.toFixed(1)} s, app ${one.appCpu.toFixed(1)} ms/s, simulation ${one.demoCpu.toFixed(1)} ms/s, main-loop delay p99 ${one.delayMs.p99.toFixed(1)} ms, idle process ${one.idleP99Ms.toFixed(1)} ms, ${(100 * one.kept).toFixed(0)} % of the fast values came`,
    );
  }
}
report(measured);
