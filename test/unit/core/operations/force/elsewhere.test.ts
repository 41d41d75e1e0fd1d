import { expect, test } from 'vitest';
import { forceMaintenance } from '../../../../../electron/core/operations/commands/force-maintenance.ts';
import { elsewhereStep } from '../../../../../electron/core/operations/steps/elsewhere.ts';
import type { Operation } from '../../../../../shared/model/operation.ts';
import { statusOf } from '../../lifecycle/preflight/nodes-of.ts';
import { runStep, type StepWorld } from '../step-world.ts';
import { at, planned, world } from '../two-vms.ts';

/** vm1 was on lab-c2, which was fenced just now. */
function fenced(): StepWorld {
  const one = world();
  one.record = { ...one.record, vms: [planned('vm1')] };
  return one;
}

test('R11: the node that was fenced is nowhere else: a VM that the cluster still has there has not started yet', async () => {
  const one = fenced();
  const over = runStep(one, elsewhereStep);
  await one.time.pass(3000);
  expect(one.record.vms).toEqual([expect.objectContaining({ resource: 'vm1', isDone: false })]);
  one.answer = at(one.answer, 'vm1', ['lab-c3']);
  expect(await over).toBe('');
  expect(one.vm('vm1')).toMatchObject({ state: 'restarted', target: 'lab-c3' });
});

test('where VMs came up on a node that is not well is told once, and again at the end', async () => {
  const one = world();
  for (const name of ['vm1', 'vm2']) one.answer = at(one.answer, name, ['lab-c3']);
  one.status = () => statusOf('failed');
  expect(await runStep(one, elsewhereStep)).toBe('vm1 and vm2: lab-c3 is Failed');
  const vms = ['vm1', 'vm2'].map((name) => one.vm(name));
  const { left } = forceMaintenance.outcome({ steps: [], vms } as unknown as Operation);
  expect(left).toEqual(['To be looked at, because lab-c3 is Failed: vm1, vm2.']);
});
