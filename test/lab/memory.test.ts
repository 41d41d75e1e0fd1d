import { expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import type { Lab } from './lab-api.ts';
import { nodeMemoryMiB } from './layout.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, confirmed, isOver, slowDown, tracesOf, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// Where a VM does not fit: before anything moves, and at the moment of its own move. They are moved in the order of their resources.
const laptop = useLaptop(
  useLab(
    [
      { name: 'lead', memoryMiB: 40, node: 'c2', memory: 'filled' },
      { name: 'tail', memoryMiB: 24, node: 'c2', memory: 'filled' },
    ],
    async (lab) => {
      for (const { name } of lab.nodes) await setMemory(lab, name, nodeMemoryMiB);
    },
  ),
);

/** What the cluster places VMs by on a node, MiB. */
async function setMemory(lab: Lab, node: string, memoryMiB: number): Promise<void> {
  await lab.node('c1').mustExec(`crm_attribute -t nodes -N ${node} -z -n memory -v ${memoryMiB}`);
}

test('R4, R8: memory that suffices on no target is a blocker of its own; nothing is written and nothing moves', async () => {
  const { app, lab, region } = laptop;
  const before = [await processesOf(lab, 'lead'), await processesOf(lab, 'tail')];
  for (const name of ['c1', 'c3', 'w1']) await setMemory(lab, name, 32);
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
    const { app, lab, region } = laptop;
    const c2 = lab.node('c2');
    const before = await processesOf(lab, 'tail');
    await slowDown(c2, 'tail', 1000);
    const targets = { lead: 'c1', tail: 'c3' };
    const { id: operationId } = await startMidMove(laptop, 'c2', 'lead', 1, { targets });
    await setMemory(lab, 'c3', 8);
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

    await setMemory(lab, 'c3', nodeMemoryMiB);
    await app.call('operations.continue', { regionId: region, operationId });
    const over = await untilOperation(app, region, operationId, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await processesOf(lab, 'tail')).toEqual(['c3 live']);
    expect(await careOf(lab, 'tail')).toEqual({ on: ['c3'], isManaged: true });
  },
  600_000,
);
