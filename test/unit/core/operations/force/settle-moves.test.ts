import { expect, test } from 'vitest';
import { moveOwner } from '../../../../../electron/core/operations/move-marks.ts';
import { settleForeignMovesStep } from '../../../../../electron/core/operations/steps/force.ts';
import { runStep, stepWorld } from '../step-world.ts';
import { at } from '../two-vms.ts';

test('R2: a VM whose move was marked and never begun is still there: it is not done with, and not told as moved', async () => {
  const world = stepWorld();
  const answer = at(world.answer, 'vm1', ['lab-c2']);
  const marks = [{ name: 'rackside-unit-vm1', value: `${moveOwner('22222222-2222-4222-8222-222222222222')}.abcdef` }];
  world.answer = { ...answer, records: { ...answer.records, marks } };
  const ticked = { resource: 'vm1', target: null, effect: 'restart-elsewhere', isDone: false } as const;
  world.record = { ...world.record, vms: [ticked] };
  world.onSent = (line) => {
    if (line.startsWith('delete') && line.includes('rackside-unit-vm1'))
      world.answer = { ...world.answer, records: { ...world.answer.records, marks: [] } };
  };
  expect(await runStep(world, settleForeignMovesStep)).toBe('no move is under way');
  expect(world.record.vms).toEqual([ticked]);
  expect(world.vm('vm1')?.state).not.toBe('moved');
});
