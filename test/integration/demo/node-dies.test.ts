import { expect, test } from 'vitest';
import type { OperationId } from '../../../shared/model/ids.ts';
import type { Operation } from '../../../shared/model/operation.ts';
import { openDemo, type OpenedDemo } from './demo-region.ts';
import { domainsOn, isOver, moveManyAtOnce, startMaintenance, untilOperation, untilStatus } from './driving.ts';

/** A region in which this one has ten VMs; slow enough that a move can be met in its middle. */
const size = { nodes: 30, seed: 26, speed: 10 };
const node = 'demo-w11';

/** Nodes that run this VM, by their own libvirt. */
const runsOn = ({ demo }: OpenedDemo, vm: string): readonly string[] =>
  [...demo.world.nodes.values()].filter(({ domains }) => domains.get(vm)?.state === 'running').map(({ name }) => name);

function isManaged({ demo: { world } }: OpenedDemo, vm: string): boolean {
  const settings = world.settings().vms.get(vm);
  return settings?.isManaged === true && settings.unmanagedUntil <= world.clock.now();
}

/** Each VM runs once, managed; where its row says that it left, it is there, and not said to have moved where it was restarted. */
function expectTold(opened: OpenedDemo, { vms }: Operation): void {
  for (const { resource, state, target, detail } of vms) {
    expect([resource, runsOn(opened, resource).length, isManaged(opened, resource)]).toEqual([resource, 1, true]);
    if (state === 'moved' || state === 'restarted')
      expect([resource, runsOn(opened, resource)]).toEqual([resource, [target]]);
    const reason = opened.demo.world.nodes.get(target ?? '')?.domains.get(resource)?.reason;
    if (reason !== undefined)
      expect([resource, state]).toEqual([resource, reason === 'migrated' ? 'moved' : 'restarted']);
    expect(detail).not.toContain('runs on where it was');
  }
}

test.concurrent('R2, R9, R11, R31: the node dies in the middle of its maintenance: its VMs are started again elsewhere at once, are told as that, and it is taken out', async (context) => {
  const opened = await openDemo(context, size);
  await untilStatus(opened, node, 'active');
  const before = domainsOn(opened, node);
  const id = await startMaintenance(opened, node);
  await untilOperation(opened, id, ({ vms }) => vms.some(({ state }) => state === 'moving'));
  expect(opened.demo.fault({ kind: 'node-dies', node })).toBeNull();
  const over = await untilOperation(opened, id, isOver);
  // Where the cluster had not yet started all of them when it was asked, a person continues.
  if (over.state.kind === 'failed') {
    expect(over.state.problem.message).not.toContain('runs on where it was');
    await opened.running.call('operations.continue', { regionId: opened.id, operationId: id });
  }
  const ended = await untilOperation(opened, id, ({ state }) => state.kind === 'ended');
  expect(ended.state).toMatchObject({ outcome: 'succeeded' });
  expect(ended.vms.map(({ resource }) => resource).toSorted()).toEqual(before);
  expectTold(opened, ended);
  expect(ended.vms.some(({ state }) => state === 'restarted')).toBe(true);
}, 240_000);

/** A VM of the operation that runs on its target, while the cluster does not manage it yet. */
async function arrivedAndNotGivenBack(opened: OpenedDemo, id: OperationId) {
  const { vms } = await opened.running.call('operations.get', { regionId: opened.id, operationId: id });
  return new Promise<{ readonly resource: string; readonly target: string }>((resolve) => {
    const stop = opened.demo.world.onChange(() => {
      const found = vms.find(
        ({ resource, target }) =>
          target !== null && runsOn(opened, resource).join() === target && !isManaged(opened, resource),
      );
      if (found === undefined) return;
      stop();
      resolve({ resource: found.resource, target: found.target ?? '' });
    });
  });
}

test.concurrent('R9, R31: a target dies before it has given back what arrived there: the VM is in the cluster’s care again within a minute, and runs', async (context) => {
  const opened = await openDemo(context, size);
  await untilStatus(opened, node, 'active');
  await moveManyAtOnce(opened);
  const id = await startMaintenance(opened, node);
  await untilOperation(opened, id, ({ vms }) => vms.some(({ state }) => state === 'moving'));
  const { resource, target } = await arrivedAndNotGivenBack(opened, id);
  expect(opened.demo.fault({ kind: 'node-dies', node: target })).toBeNull();
  const diedAt = Date.now();
  await expect.poll(() => isManaged(opened, resource), { timeout: 60_000 }).toBe(true);
  // A minute of the region's, after its fencing.
  expect((Date.now() - diedAt) * size.speed).toBeLessThan(120_000);
  await expect.poll(() => runsOn(opened, resource).length, { timeout: 60_000 }).toBe(1);
  const over = await untilOperation(opened, id, isOver);
  const row = over.vms.find((vm) => vm.resource === resource);
  expect(row?.detail).toContain('it ran on neither side any more');
  expect(['restarted', 'failed']).toContain(row?.state);
}, 240_000);
