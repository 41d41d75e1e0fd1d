import { expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { shutDownVm } from '../../../../electron/core/operations/commands/shut-down-vm.ts';
import { runStep, stepWorld } from './step-world.ts';

/** A shutdown of vm1 that is recorded, and of this resource. */
function recorded(resource: string) {
  const world = stepWorld();
  world.record = {
    ...world.record,
    command: 'shut-down-vm',
    vms: [{ resource, target: null, effect: 'stop', isDone: false }],
    undo: [{ kind: 'target-role', resource, value: 'Started' }],
  };
  return world;
}

test('R2: a VM whose resource somebody deleted meanwhile is told as gone: the shutdown is rolled back, and has an end', async () => {
  const world = recorded('gone');
  const [ask] = shutDownVm.steps(world.record);
  expect(await runStep(world, ask!)).toBe('gone is not in the cluster any more.');
  const [restore] = shutDownVm.undo;
  expect(await runStep(world, restore!)).toBe('it is not in the cluster any more');
  expect(world.sent).toEqual([]);
  const operation = { vms: [world.vm('gone')] } as unknown as Operation;
  expect(shutDownVm.left(operation, 'rolled-back')).toEqual(['gone: it is not in the cluster any more.']);
});
