/*
 * Watches a simulated region for a long time while things go wrong in it at random, with a week of metrics on the disk, and a person who looks
 * around. Ends with a summary, and non-zero where something did not hold.
 *   npm run soak -- --minutes 30 --demo-nodes 200 --seed 1
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { demoOptionsOf } from '#shared/model/demo-flags.ts';
import type { DemoOptions } from '#shared/model/demo.ts';
import { cpuMsOf } from '../helpers/app-process/process-usage.ts';
import type { Measured } from '../helpers/app-process/messages.ts';
import { browsing } from './browse.ts';
import { faultsOf } from './faults.ts';
import type { HeapLook } from './heap.ts';
import { startSoakApp } from './open-app.ts';
import { summarise } from './summary.ts';
import { JudgedTable } from './table.ts';
import { startSoakWorld } from './world.ts';

const lookMs = 500;
const measureMs = 4_000;
const browseMs = 5_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'demo-nodes': { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);
const options = demoOptionsOf({ 'demo-nodes': values['demo-nodes'], 'demo-seed': values.seed });
if (typeof options === 'string' || !(minutes > 0)) {
  console.error(
    typeof options === 'string' ? options.replace('demo-seed', 'seed') : '--minutes takes a number above 0.',
  );
  process.exitCode = 2;
} else if (!(await soak(options))) process.exitCode = 1;

async function soak(demo: DemoOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'rackside-soak-'));
  const table = new JudgedTable();
  const world = await startSoakWorld(demo, (at, changed) => table.history.take(at, changed));
  const members = table.history.names().filter((name) => table.history.now(name)?.role !== 'none');
  const { ready, vms, pid } = world;
  console.log(`${new Date().toISOString()} the simulation runs; a week of metrics is written`);
  const { app, regionId } = await startSoakApp({ folder, ready, members, onEvent: (event) => table.hear(event) });
  try {
    table.paint(await app.call('regions.open', { regionId }));
    const over = Date.now() + minutes * 60_000;
    const stop = new AbortController();
    const untilOver = async (work: () => Promise<number>): Promise<void> => {
      while (Date.now() < over && !stop.signal.aborted) await sleep(await work());
    };
    const heap: HeapLook[] = [];
    const looks: Measured[] = [];
    const faults = new Map<string, number>();
    let [refusedFaults, cpuMs] = [0, 0];
    const demoCpuBefore = cpuMsOf(pid);
    const nextFault = faultsOf(demo.seed, members, vms);
    const browse = browsing(demo.seed, app, regionId, table);
    const loops = [
      untilOver(async () => {
        table.look(Date.now());
        return lookMs;
      }),
      untilOver(async () => {
        const look = await app.measure();
        looks.push(look);
        heap.push({ at: Date.now(), bytes: look.heapBytes });
        cpuMs = cpuMsOf(pid) - demoCpuBefore;
        return measureMs;
      }),
      untilOver(async () => {
        const { afterMs, fault } = nextFault();
        await sleep(Math.max(0, Math.min(afterMs, over - Date.now())));
        const refused = await world.fault(fault);
        if (refused === null) faults.set(fault.kind, (faults.get(fault.kind) ?? 0) + 1);
        else refusedFaults += 1;
        return 0;
      }),
      untilOver(async () => {
        await browse();
        return browseMs;
      }),
      untilOver(async () => {
        const { true: isTrue, marked, false: isFalse } = table.counts;
        const last = heap.at(-1)?.bytes ?? 0;
        console.log(
          `${new Date().toISOString()} ${table.view?.connection.kind}: true ${isTrue}, marked ${marked}, neither ${isFalse}; heap ${(last / 1024 / 1024).toFixed(1)} MB, uncaught ${app.uncaught.length}`,
        );
        return 60_000;
      }),
    ];
    try {
      await Promise.all(loops);
    } finally {
      stop.abort();
    }
    return summarise(
      {
        minutes,
        nodes: demo.nodes,
        seed: demo.seed,
        table,
        heap,
        looks,
        demoCpuMs: cpuMs,
        faults,
        refusedFaults,
        uncaught: app.uncaught,
        wrongInWorld: world.wrong,
      },
      (line) => console.log(line),
    );
  } finally {
    await app.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
