import { expect, test } from 'vitest';
import { elsewhereStep } from '../../../../../electron/core/operations/steps/elsewhere.ts';
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
