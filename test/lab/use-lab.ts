import { afterAll, afterEach, beforeAll } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { startLab, type Lab, type VmRequest } from './lab-api.ts';
import { forgetOperations } from './node-operations.ts';
import { addLiveRegion, makeLive, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

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
 * For a file of tests: the lab of three control nodes and a Worker, with its VMs. After each test every fault is undone, no operation is
 * left, and every node is online.
 *
 * @param putRight what the file has to undo by itself, before the lab comes to rest: every node is on.
 */
export function useLab(
  vms: readonly VmRequest[] = [],
  putRight: (lab: Lab) => Promise<void> = () => Promise.resolve(),
): UsedLab {
  let started: Lab | undefined;
  beforeAll(async () => {
    const lab = await startLab({ controls: 3, workers: 1 });
    started = lab;
    await forgetOperations(lab);
    await Promise.all(vms.map((vm) => lab.addVm(vm)));
  });
  afterEach(async () => {
    const lab = there(started);
    await lab.laptop.restore();
    for (const node of lab.nodes) if (!node.isOn()) await node.fault('restore');
    await putRight(lab);
    await forgetOperations(lab);
    await lab.settle(150_000);
  }, 300_000);
  afterAll(async () => {
    for (const { name } of vms) await started?.deleteVm(name);
    await started?.down();
  });
  return {
    get lab() {
      return there(started);
    },
  };
}

/** For a file of tests: the built app, on data of its own, with the lab’s region live. */
export function useLaptop(used: UsedLab): Laptop & { readonly startAgain: () => Promise<void> } {
  let data: Awaited<ReturnType<typeof temporaryDataFolder>> | undefined;
  let started: Rackside | undefined;
  let added: RegionId | undefined;
  beforeAll(async () => {
    data = await temporaryDataFolder();
    started = await startRackside(data.path);
    added = await addLiveRegion(started, used.lab);
  });
  afterAll(async () => {
    await started?.stop();
    await data?.remove();
  });
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
    /** The same laptop after its app was killed: what it finds, and does not do by itself. */
    async startAgain() {
      started = await startRackside(there(data).path);
      await makeLive(started, used.lab, there(added));
    },
  };
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The lab and its laptops are there once the first test begins.');
  return value;
}
