/*
 * Emptying a control node of N VMs, by Rackside's maintenance and by the cluster's own standby (what `pcs node standby` sets), in turns on
 * the same nodes of the lab; then by both with one migration that is aborted in its middle. A VM was restarted where its QEMU was started
 * without -incoming; it ran twice where two nodes had it a minute after whoever emptied the node had said that it is done. Root, on Debian; the built program (npm run build); RACKSIDE_LAB names the lab, see test/lab/README.md.
 *   npm run bench -- drain [N=6] [MIB=16] [ROUNDS=2]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionId } from '#shared/model/ids.ts';
import { startLab, waitFor, type Lab } from '../lab/lab-api.ts';
import { nodeMemoryMiB } from '../lab/layout.ts';
import {
  confirmed,
  domainsOn,
  forgetOperations,
  isOver,
  prepare,
  qemuOf,
  slowDown,
  untilOperation,
} from '../lab/node-operations.ts';
import { addLiveRegion, startRackside, temporaryDataFolder, type Rackside } from '../lab/rackside.ts';

const [count = 6, memoryMiB = 16, rounds = 2] = process.argv.slice(2).map(Number);
if (count * memoryMiB > nodeMemoryMiB) throw new Error(`A node of the lab takes ${nodeMemoryMiB} MiB of VMs.`);
const source = 'c2';
const names = Array.from({ length: count }, (_value, index) => `drain${index + 1}`);
/** The one whose migration is aborted, slow enough that its middle can be met. */
const victim = names[0] ?? '';
const victimMibPerSecond = 4;

/** Makes everything ready; what it gives empties the node, and resolves when whoever does it says that it is done. */
type Drain = () => Promise<() => Promise<void>>;

/** What one drain came to, seconds from its command. */
interface Drained {
  /** Until libvirt on the node has nothing any more. */
  readonly emptySeconds: number;
  readonly doneSeconds: number;
  readonly coldRestarts: number;
  /** VMs that two nodes ran at once, still a minute later. */
  readonly ranTwice: readonly string[];
}

const lab = await startLab({ controls: 3, workers: 1 });
const data = await temporaryDataFolder();
const app = await startRackside(data.path);
try {
  await forgetOperations(lab);
  for (const name of names) await lab.addVm({ name, memoryMiB, node: source, memory: 'filled' });
  const region = await addLiveRegion(app, lab);
  console.log(`load average before: ${loadavg()[0]?.toFixed(1)}`);
  const untouched = await inTurns(false, [byStandby(), byRackside(app, region, 1), byRackside(app, region, 3)]);
  print('all migrations succeed', untouched);
  const aborted = await inTurns(true, [byStandby(), byRackside(app, region, 1), byRackside(app, region, 3)]);
  print('one migration is aborted in its middle', aborted);
  console.log(`load average after: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await app.stop();
  await data.remove();
  await home(lab);
  for (const name of names) await lab.deleteVm(name);
  await lab.down();
}

/** The drains one after the other, so many rounds; of each its results. */
async function inTurns(isAborted: boolean, drains: readonly Drain[]): Promise<readonly (readonly Drained[])[]> {
  const results = drains.map((): Drained[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, drain] of drains.entries()) results[index]?.push(await measured(drain, isAborted));
  return results;
}

async function measured(drain: Drain, isAborted: boolean): Promise<Drained> {
  await home(lab);
  const node = lab.node(source);
  if (isAborted) await slowDown(node, victim, victimMibPerSecond);
  const run = await drain();
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const running = run();
  const abort = isAborted ? abortMidway() : Promise.resolve();
  const emptied = waitFor(
    'the node is empty',
    async () => (await domainsOn(node)).length === 0 && seconds(),
    300_000,
    50,
  );
  await Promise.all([running, abort]);
  const doneSeconds = seconds();
  const { processes, ranTwice } = await atRest();
  for (const name of ranTwice) await endEverywhere(name);
  const coldRestarts = processes.filter((found) => found.some(({ isIncoming }) => !isIncoming)).length;
  return { emptySeconds: await emptied, doneSeconds, coldRestarts, ranTwice };
}

/**
 * Each VM's QEMU processes once it runs exactly once: whoever says that it is done may say so before the VM that had to be restarted has
 * started. What runs twice a minute later stays so.
 */
async function atRest() {
  const until = performance.now() + 60_000;
  for (;;) {
    const processes = await Promise.all(
      names.map(async (name) => (await Promise.all(lab.nodes.map((each) => qemuOf(each, name)))).flat()),
    );
    const isLate = performance.now() >= until;
    const nowhere = names.filter((_name, index) => processes[index]?.length === 0);
    const ranTwice = names.filter((_name, index) => (processes[index]?.length ?? 0) > 1);
    if (isLate && nowhere.length > 0) throw new Error(`${nowhere.join(', ')} runs nowhere`);
    if (isLate || (nowhere.length === 0 && ranTwice.length === 0)) return { processes, ranTwice };
    await sleep(250);
  }
}

/** Ends a VM wherever it runs, and has the cluster look anew: of one that runs twice neither can be told to be the right one. */
async function endEverywhere(name: string): Promise<void> {
  for (const node of lab.nodes) await node.exec(`virsh -c qemu:///system destroy ${name}`);
  await lab.node('c1').mustExec(`crm_resource --refresh -r ${name} --wait -T 100s`, { timeoutMs: 120_000 });
}

/** Aborts the victim's migration half a second after it has begun, as any administrator may. */
async function abortMidway(): Promise<void> {
  const virsh = 'virsh -c qemu:///system';
  const isMigrating = `${virsh} domjobinfo ${victim} | grep -q Unbounded`;
  await lab
    .node(source)
    .mustExec(`until ${isMigrating}; do sleep 0.1; done; sleep 0.5; ${virsh} domjobabort ${victim}`, {
      timeoutMs: 120_000,
    });
}

function byStandby(): Drain {
  const control = lab.node('c1');
  return () =>
    Promise.resolve(async () => {
      await control.mustExec(`crm_attribute -N ${source} -n standby -v on && crm_resource --wait -T 250s`, {
        timeoutMs: 260_000,
      });
    });
}

/** Until the node is In maintenance; where a move failed, a person continues at once. */
function byRackside(laptop: Rackside, region: RegionId, maxMovesAtOnce: number): Drain {
  return async () => {
    await laptop.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce });
    const input = confirmed(region, await prepare(laptop, region, source));
    return async () => {
      const { id } = await laptop.call('maintenance.start', input);
      let { state } = await untilOperation(laptop, region, id, isOver, 300_000);
      if (state.kind === 'failed') {
        await laptop.call('operations.continue', { regionId: region, operationId: id });
        ({ state } = await untilOperation(laptop, region, id, isOver, 300_000));
      }
      if (state.kind !== 'ended' || state.outcome !== 'succeeded') throw new Error(JSON.stringify(state));
    };
  };
}

/** Every VM on the node again and at rest, and nothing of an earlier drain left. */
async function home(on: Lab): Promise<void> {
  await forgetOperations(on);
  await on.settle(150_000);
  await waitFor('all VMs are at home', async () => (await domainsOn(on.node(source))).length === count, 120_000);
  await sleep(2000);
}

function print(what: string, results: readonly (readonly Drained[])[]): void {
  const words = ['standby', 'Rackside, one move at a time', 'Rackside, three at a time'];
  const median = (list: readonly Drained[], of: (one: Drained) => number): number =>
    list.map(of).toSorted((a, b) => a - b)[Math.floor((list.length - 1) / 2)] ?? NaN;
  const plain = median(results[0] ?? [], ({ emptySeconds }) => emptySeconds);
  console.log(`\n${count} VMs of ${memoryMiB} MiB, ${what}; ${rounds} rounds`);
  console.log(
    '| by | empty after, s | beside standby | done after, s | cold restarts | ran twice |\n|---|---|---|---|---|---|',
  );
  for (const [index, list] of results.entries()) {
    const empty = median(list, ({ emptySeconds }) => emptySeconds);
    const all = (of: (one: Drained) => string): string => list.map(of).join(', ');
    console.log(
      `| ${words[index]} | ${all(({ emptySeconds }) => emptySeconds.toFixed(1))} | ${(empty / plain).toFixed(1)} × | ` +
        `${all(({ doneSeconds }) => doneSeconds.toFixed(1))} | ${all(({ coldRestarts }) => String(coldRestarts))} | ` +
        `${all(({ ranTwice }) => (ranTwice.length === 0 ? '0' : ranTwice.join(' ')))} |`,
    );
    if (index > 0 && list.some(({ ranTwice }) => ranTwice.length > 0)) process.exitCode = 1;
  }
}
