import { expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { shutDownVm } from '../../../../electron/core/operations/commands/shut-down-vm.ts';
import { runStep, stepWorld } from './step-world.ts';
import { at } from './two-vms.ts';

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

test('R2: a VM is off only when libvirt runs no domain of its, whatever that is called, also for a laptop that has only the record', async () => {
  const world = recorded('vm1');
  const vms = world.answer.vms.map((vm) => (vm.resource === 'vm1' ? { ...vm, domain: 'shop-db' } : vm));
  world.answer = { ...at(world.answer, 'vm1', []), vms };
  const off = shutDownVm.steps(world.record).find(({ id }) => id === 'off')!;
  world.domains = ['shop-db'];
  expect(await runStep(world, off)).toBe('libvirt runs shop-db on lab-c2 still.');
  world.domains = [];
  expect(await runStep(world, off)).toBe('off, by the cluster and by libvirt');
});
