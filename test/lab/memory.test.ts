import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import { startLab, type Lab } from './lab-api.ts';
import { nodeMemoryMiB } from './layout.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, confirmed, forgetOperations, isOver, slowDown, tracesOf, untilOperation } from './node-operations.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// Where a VM does not fit: before anything moves, and at the moment of its own move.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  await forgetOperations(lab);
  // One after the other: they are moved in the order of their resources.
  await lab.addVm({ name: 'lead', memoryMiB: 40, node: 'c2', memory: 'filled' });
  await lab.addVm({ name: 'tail', memoryMiB: 24, node: 'c2', memory: 'filled' });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
});

afterEach(async () => {
  for (const name of ['c1', 'c2', 'c3', 'w1']) await setMemory(name, nodeMemoryMiB);
  await forgetOperations(lab);
  await lab.settle(150_000);
}, 200_000);

afterAll(async () => {
  await app.stop();
  await data.remove();
  for (const name of ['lead', 'tail']) await lab.deleteVm(name);
  await lab.down();
});

/** What the cluster places VMs by on a node, MiB. */
async function setMemory(node: string, memoryMiB: number): Promise<void> {
  await lab.node('c1').mustExec(`crm_attribute -t nodes -N ${node} -z -n memory -v ${memoryMiB}`);
}

test('R4, R8: memory that suffices on no target is a blocker of its own; nothing is written and nothing moves', async () => {
  const before = [await processesOf(lab, 'lead'), await processesOf(lab, 'tail')];
  for (const name of ['c1', 'c3', 'w1']) await setMemory(name, 32);
  const { id: nodeId } = await rowOf(app, region, 'c2');
  const prepared = await app.call('maintenance.prepare', { regionId: region, nodeId, choices: noChoices });
  expect(prepared.isReady).toBe(false);
  const blockers = prepared.checks.filter(({ state }) => state === 'blocker').map(({ code }) => code);
  expect(blockers).toEqual(['memory-on-targets']);
  expect(prepared.vms.find(({ resource }) => resource === 'lead')).toMatchObject({ effect: 'cannot-move' });
  await expect(app.call('maintenance.start', confirmed(region, prepared))).rejects.toMatchObject({
    problem: { code: 'preflight-failed' },
  });
  expect([await processesOf(lab, 'lead'), await processesOf(lab, 'tail')]).toEqual(before);
  expect(await tracesOf(lab)).toEqual([]);
});

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R4, R7: a target that has lost its memory by the moment of the move is none any more; the VM stays, the other has moved, and Continue moves it',
  async () => {
    const c2 = lab.node('c2');
    const before = await processesOf(lab, 'tail');
    await slowDown(c2, 'tail', 1000);
    const targets = { lead: 'c1', tail: 'c3' };
    const { id: operationId } = await startMidMove({ lab, app, region }, 'c2', 'lead', 1, { targets });
    await setMemory('c3', 8);
    await slowDown(c2, 'lead', 1000);
    const failed = await untilOperation(app, region, operationId, isOver);
    expect(failed.state).toMatchObject({
      kind: 'failed',
      problem: { message: 'tail was not moved: c3 lacks the memory now.' },
    });
    expect(await processesOf(lab, 'lead')).toEqual(['c1 live']);
    expect(await processesOf(lab, 'tail')).toEqual(before);
    expect(await careOf(lab, 'tail')).toEqual({ on: ['c2'], isManaged: true });
    expect((await rowOf(app, region, 'c2')).status.status).toBe('entering-maintenance');

    await setMemory('c3', nodeMemoryMiB);
    await app.call('operations.continue', { regionId: region, operationId });
    const over = await untilOperation(app, region, operationId, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await processesOf(lab, 'tail')).toEqual(['c3 live']);
    expect(await careOf(lab, 'tail')).toEqual({ on: ['c3'], isManaged: true });
  },
  300_000,
);
