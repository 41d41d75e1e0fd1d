import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { StatusView } from '#shared/lifecycle/statuses.ts';
import type { RegionId } from '#shared/model/ids.ts';
import { startLab, waitFor, type Lab, type VmRequest } from './lab-api.ts';
import { putRight, traceOf } from './put-right.ts';
import {
  addLiveRegion,
  makeLive,
  rowOf,
  snapshotOf,
  startRackside,
  temporaryDataFolder,
  type Rackside,
} from './rackside.ts';

/** The lab of a file of tests; it is there once the first test begins. */
export interface UsedLab {
  readonly lab: Lab;
}

/** A laptop and the lab it looks at. */
export interface Laptop extends UsedLab {
  readonly app: Rackside;
  readonly region: RegionId;
}

/**
 * For a file of tests: the lab of three control nodes and a Worker, with its VMs. Before the first test and after each one every fault is
 * undone, no operation is left, every node is online, and each VM runs on its own node, whatever became of it. A test that passed and left the
 * cluster as it was takes a second.
 *
 * @param ofFile what the file has to undo by itself: every node is on, the laptop’s network is back.
 */
export function useLab(
  vms: readonly VmRequest[] = [],
  ofFile: (lab: Lab) => Promise<void> = () => Promise.resolve(),
): UsedLab {
  let started: Lab | undefined;
  let atRest: string | undefined;
  beforeAll(async () => {
    const lab = await startLab({ controls: 3, workers: 1 }, (up) => putRight(up, ofFile));
    started = lab;
    await deleteStrangers(lab);
    await lab.addVms(vms);
    atRest = await traceOf(lab);
  }, 600_000);
  afterEach(async ({ task }) => {
    const lab = there(started);
    await lab.laptop.restore();
    for (const node of lab.nodes) await node.fault('restore');
    if (task.result?.state !== 'fail' && atRest !== undefined && (await traceOf(lab)) === atRest) return;
    await putRight(lab, ofFile);
    await lab.addVms(vms);
    atRest = await traceOf(lab);
  }, 600_000);
  afterAll(async () => {
    const lab = there(started);
    await Promise.all(vms.map(({ name }) => lab.deleteVm(name)));
    await lab.down();
  });
  return {
    get lab() {
      return there(started);
    },
  };
}

/**
 * For a file of tests: the built app, on data of its own, with the lab’s region live. Each test begins when its table says that every node is
 * Active; after one that failed, with another app that knows nothing of it.
 *
 * @param name the laptop's host name, where it is to be told apart from this machine's.
 */
export function useLaptop(
  used: UsedLab,
  name?: string,
): Laptop & { readonly startAgain: (silent?: readonly string[]) => Promise<void> } {
  let data: Awaited<ReturnType<typeof temporaryDataFolder>> | undefined;
  let started: Rackside | undefined;
  let added: RegionId | undefined;
  const start = async () => {
    if (started !== undefined) return;
    data = await temporaryDataFolder();
    started = await startRackside(data.path, name);
    added = await addLiveRegion(started, used.lab);
  };
  const stop = async () => {
    await started?.stop();
    await data?.remove();
    started = undefined;
  };
  beforeAll(start, 120_000);
  beforeEach(async () => {
    await start();
    await untilAllActive(there(started), there(added));
  }, 240_000);
  // Before the lab is put right, so that nobody goes on with what the test began.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await stop();
  });
  afterAll(stop);
  return {
    get lab() {
      return used.lab;
    },
    get app() {
      return there(started);
    },
    get region() {
      return there(added);
    },
    /** The same laptop after its app was killed: what it finds, and does not do by itself. `silent`: nodes that do not answer. */
    async startAgain(silent = []) {
      started = await startRackside(there(data).path, name);
      await makeLive(started, used.lab, there(added), silent);
    },
  };
}

/** Waits until the table says this of a node: what an operation brought about is shown once it was read again. */
export async function untilShown(
  { app, region }: Laptop,
  node: string,
  wanted: StatusView['status'],
  deadlineMs = 120_000,
): Promise<void> {
  await waitFor(
    `the table says ${wanted} of ${node}`,
    async () => {
      const { status } = await rowOf(app, region, node);
      if (status.status === wanted && status.unknownSince === null) return true;
      throw new Error(`${status.status}: ${status.reason}`);
    },
    deadlineMs,
  );
}

/** VMs that a file before this one could not take away. */
async function deleteStrangers(lab: Lab): Promise<void> {
  const own = new Set(['power', ...lab.nodes.map(({ name }) => name)]);
  const strangers = (await lab.cluster()).resources.filter(({ id }) => !own.has(id));
  await Promise.all(strangers.map(({ id }) => lab.deleteVm(id)));
}

async function untilAllActive(app: Rackside, region: RegionId): Promise<void> {
  await waitFor(
    'the table says that every node is Active',
    async () => {
      const { nodes } = await snapshotOf(app, region);
      const shown = nodes.map(({ name, status, reachability }) => [name, status.status, reachability.kind].join(' '));
      if (nodes.length === 4 && shown.every((line) => line.endsWith(' active reachable'))) return true;
      throw new Error(shown.join(', '));
    },
    120_000,
  );
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The lab and its laptops are there once the first test begins.');
  return value;
}
