import { expect, test } from 'vitest';
import type { RecordedUndo, RecordedVm } from '#shared/model/cluster.ts';
import { fail } from '#shared/problems.ts';
import { forbidMigrationStep, restoreMigrationStep } from '../../../../../electron/core/operations/steps/force.ts';
import { runStep, stepWorld, type StepWorld } from '../step-world.ts';
import { at } from '../two-vms.ts';

const undoOf = (resource: string, value: string | null = 'true'): RecordedUndo => ({
  kind: 'allow-migrate',
  resource,
  value,
});

/** A VM with a ticked line. */
const ended = (resource: string): RecordedVm => ({
  resource,
  target: null,
  effect: 'restart-elsewhere',
  isDone: false,
});

/** A VM that somebody has deleted: the cluster refuses what is written to it, each time again. */
const whereItIsThere = (line: string): void => {
  if (line.includes(' gone '))
    fail({ code: 'changed-meanwhile', message: 'Somebody else changed the same thing.', advice: 'Read again.' });
};

/** vm1 and vm2, which may migrate, run on the node. */
function forced(): StepWorld {
  const world = stepWorld();
  for (const name of ['vm1', 'vm2']) world.answer = at(world.answer, name, ['lab-c2']);
  const resources = world.answer.resources.map((one) => (one.id === 'vm3' ? { ...one, nodes: ['lab-c3'] } : one));
  world.answer = { ...world.answer, resources };
  world.record = { ...world.record, vms: [ended('vm1'), ended('vm2')] };
  return world;
}

test('R9: what allowed the migration is noted before it is changed, so that whoever goes on puts it back', async () => {
  const world = forced();
  const noted: (readonly string[])[] = [];
  world.onSent = () => void noted.push(world.record.undo.map(({ resource }) => resource));
  expect(await runStep(world, forbidMigrationStep)).toBe('2 changed, put back at the end');
  expect(world.record.undo).toEqual([undoOf('vm1'), undoOf('vm2')]);
  expect(world.sent).toEqual([
    'option forbid-migration vm1 allow-migrate=false',
    'option forbid-migration vm2 allow-migrate=false',
  ]);
  expect(noted).toEqual([
    ['vm1', 'vm2'],
    ['vm1', 'vm2'],
  ]);
});

test('R9: run again after it was killed in between, it does not take its own change for what was there before', async () => {
  const world = forced();
  world.record = { ...world.record, undo: [undoOf('vm1', null)] };
  await runStep(world, forbidMigrationStep);
  expect(world.record.undo).toEqual([undoOf('vm1', null), undoOf('vm2')]);
});

test('R9: a VM that came after the force was confirmed may migrate: nobody has ticked that it is restarted', async () => {
  const world = forced();
  world.record = { ...world.record, vms: [ended('vm1')] };
  expect(await runStep(world, forbidMigrationStep)).toBe('1 changed, put back at the end');
  expect(world.sent).toEqual(['option forbid-migration vm1 allow-migrate=false']);
});

test('R9: a VM that was deleted meanwhile holds up neither what is forbidden nor the others', async () => {
  const world = forced();
  world.record = { ...world.record, undo: [undoOf('gone')] };
  world.onSent = whereItIsThere;
  expect(await runStep(world, forbidMigrationStep)).toBe('3 changed, put back at the end');
  expect(world.sent).toEqual([
    'option forbid-migration vm1 allow-migrate=false',
    'option forbid-migration vm2 allow-migrate=false',
  ]);
});

test('R9: where it cannot be noted, nothing is changed', async () => {
  const world = forced();
  Object.assign(world.context, {
    saveRecord: () => fail({ code: 'lease-lost', message: 'It is another’s.', advice: 'Look.' }),
  });
  expect(await runStep(world, forbidMigrationStep)).toBe('It is another’s.');
  expect(world.sent).toEqual([]);
});

test('R9: what is to be put back is forgotten only once it was read to be back; a VM that is gone has nothing to put back', async () => {
  const world = forced();
  const isFalse = world.cib.replaceAll('name="allow-migrate" value="true"', 'name="allow-migrate" value="false"');
  expect(isFalse).not.toBe(world.cib);
  const undo = [undoOf('vm1'), undoOf('gone')];
  const lasting = { ...world.record, undo };
  const before = world.cib;
  world.record = lasting;
  world.cib = isFalse;
  world.onSent = whereItIsThere;
  expect(await runStep(world, restoreMigrationStep)).toBe('vm1 may not migrate yet.');
  expect(world.record.undo).toEqual(undo);
  world.onSent = (line) => {
    whereItIsThere(line);
    world.cib = before;
  };
  expect(await runStep(world, restoreMigrationStep)).toBe('as it was before');
  expect(world.record.undo).toEqual([]);
  expect(world.sent).toContain('option restore-migration vm1 allow-migrate=true');
});
