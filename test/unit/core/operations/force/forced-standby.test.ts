import { expect, test } from 'vitest';
import { noOperationChoices } from '#shared/model/cluster.ts';
import { forceMaintenance } from '../../../../../electron/core/operations/commands/force-maintenance.ts';
import { runStep, stepWorld, type StepWorld } from '../step-world.ts';
import { at } from '../two-vms.ts';

/** vm1, whose line was ticked, and vm2, which came after it was confirmed, are on the node. */
function forced(isUnreachable: boolean, isFree: boolean): StepWorld {
  const world = stepWorld();
  for (const name of ['vm1', 'vm2']) world.answer = at(world.answer, name, ['lab-c2']);
  const resources = world.answer.resources.map((one) => (one.id === 'vm3' ? { ...one, nodes: ['lab-c3'] } : one));
  world.answer = { ...world.answer, resources };
  world.record = {
    ...world.record,
    choices: { ...noOperationChoices, isUnreachable },
    vms: [{ resource: 'vm1', target: null, effect: 'restart-elsewhere', isDone: false }],
  };
  if (!isFree)
    world.cib = world.cib.replaceAll('name="allow-migrate" value="true"', 'name="allow-migrate" value="false"');
  world.onSent = (line) => {
    if (!line.startsWith('merge standby')) return;
    const members = world.answer.members.map((one) => ({ ...one, standby: 'forever' as const }));
    world.answer = { ...world.answer, members };
  };
  return world;
}

const standbyOf = (world: StepWorld) => forceMaintenance.steps(world.record).find(({ id }) => id === 'standby')!;

test.each([
  ['would be restarted, because it may not migrate', false, false],
  ['would be fenced with its node', true, true],
])('R9: a VM that came after the force was confirmed and %s holds up the standby, and is named', async (...of) => {
  const [, isUnreachable, isFree] = of;
  const world = forced(isUnreachable, isFree);
  expect(await runStep(world, standbyOf(world))).toMatch(/^vm2 came to lab-c2 after the force was confirmed/u);
  expect(world.sent).toEqual([]);
});

test.each([
  ['stops, because no node has room for it', '<rsc_action action="stop" resource="vm2" node="lab-c2"/>'],
  [
    'restarts, because it cannot be migrated just now',
    '<rsc_action action="move" resource="vm2" source="lab-c2" dest="lab-c3"/>',
  ],
])('R9: one that may migrate, and that the standby %s, holds it up too', async (_what, action) => {
  const world = forced(false, true);
  world.simulates = (edits) => (edits.some((edit) => edit.includes('standby')) ? action : '');
  expect(await runStep(world, standbyOf(world))).toMatch(/^vm2 came to lab-c2 after the force was confirmed/u);
  expect(world.sent).toEqual([]);
});

test('R9: one that the standby migrates does not', async () => {
  const world = forced(false, true);
  world.simulates = () => '<rsc_action action="migrate" resource="vm2" source="lab-c2" dest="lab-c3"/>';
  expect(await runStep(world, standbyOf(world))).toBe('it comes back in standby, whenever it does');
  expect(world.sent).toEqual(['merge standby']);
});
