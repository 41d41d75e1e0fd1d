import { describe, expect, test } from 'vitest';
import { emptyNodeRecord, noOperationChoices } from '#shared/model/cluster.ts';
import type { Operation } from '#shared/model/operation.ts';
import { known } from '#shared/model/reading.ts';
import { fail } from '#shared/problems.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { forceMaintenance } from '../../../../electron/core/operations/commands/force-maintenance.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { moveOwner } from '../../../../electron/core/operations/move-marks.ts';
import type { Step } from '../../../../electron/core/operations/step.ts';
import { settleMovesStep } from '../../../../electron/core/operations/steps/back.ts';
import { settleForeignMovesStep } from '../../../../electron/core/operations/steps/force.ts';
import { machineSays } from './machine-says.ts';
import { runStep, stepWorld, type StepWorld } from './step-world.ts';
import { at, planned } from './two-vms.ts';

const takenOut = 'The node is not a member of the cluster any more: another tool has removed it.';

const notFound = () =>
  fail({ code: 'node-not-found', message: 'lab-c2 is not a member of the cluster any more.', advice: 'Go back.' });

/** An operation stands still on lab-c2, which somebody has removed with pcs meanwhile. */
function removed(): StepWorld {
  const world = stepWorld();
  const { answer } = world;
  world.answer = {
    ...answer,
    nodes: answer.nodes.filter(({ name }) => name !== 'lab-c2'),
    members: answer.members.filter(({ name }) => name !== 'lab-c2'),
    resources: answer.resources.map((one) => ({ ...one, nodes: one.nodes.filter((name) => name !== 'lab-c2') })),
  };
  const { onNode } = world.context.region;
  Object.assign(world.context.region, {
    readNode: async () => notFound(),
    node: () => notFound(),
    onNode: async (...call: Parameters<typeof onNode>) => (call[0] === 'lab-c2' ? notFound() : onNode(...call)),
  });
  return world;
}

/** Runs all of them. @returns the operation as its words are made of it. */
async function runAll(world: StepWorld, steps: readonly Step[]): Promise<Operation> {
  const lines: { readonly id: string; readonly detail: string }[] = [];
  for (const step of steps) lines.push({ id: step.id, detail: await runStep(world, step) });
  expect(lines.filter(({ detail }) => /not a member|does not show/u.test(detail))).toEqual([]);
  return { vms: [], steps: lines } as unknown as Operation;
}

test('a maintenance whose node somebody has removed is rolled back to its end, and says what is true of the node', async () => {
  const world = removed();
  const hold = '<rsc_location id="rackside-hold-lab-c2" rsc-pattern="!^$" node="lab-c2" score="-INFINITY"/>';
  world.cib = world.cib.replace('<constraints>', `<constraints>${hold}`);
  world.onSent = (line) => void (line.includes('rackside-hold') && (world.cib = world.cib.replace(hold, '')));
  world.simulates = () => '';
  expect(maintenance.left(await runAll(world, maintenance.undo), 'rolled-back')).toEqual([takenOut]);
  expect(world.sent).toEqual([expect.stringContaining('rackside-hold-lab-c2')]);
});

test('an Activate of such a node is rolled back to its end', async () => {
  expect(activate.left(await runAll(removed(), activate.undo), 'rolled-back')).toEqual([takenOut]);
});

test.each([true, false])(
  'R9: a Force of such a node (unreachable: %s) is continued to its end: what forbade a migration is put back, and it is not told as done',
  async (isUnreachable) => {
    const world = removed();
    world.record = {
      ...world.record,
      choices: { ...noOperationChoices, isUnreachable },
      undo: [{ kind: 'allow-migrate', resource: 'vm1', value: 'true' }],
    };
    const operation = await runAll(world, forceMaintenance.steps(world.record));
    expect(forceMaintenance.outcome(operation)).toEqual({ outcome: 'partly', left: [takenOut] });
    expect(world.sent).toContain('option restore-migration vm1 allow-migrate=true');
    expect(world.record.undo).toEqual([]);
  },
);

describe('R31: a VM that was on its way when its node died, which somebody has removed since,', () => {
  /** Its mark is there still: the unit that was to take it away has died with the node. */
  function left(isManaged: boolean, command: 'maintenance' | 'force-maintenance'): StepWorld {
    const world = removed();
    const answer = at(world.answer, 'vm1', isManaged ? ['lab-c1'] : []);
    const marks = [{ name: 'rackside-unit-vm1', value: `${moveOwner(world.context.id)}.abcdef` }];
    const resources = answer.resources.map((one) => (one.id === 'vm1' ? { ...one, isManaged } : one));
    world.answer = { ...answer, resources, records: { ...answer.records, marks } };
    world.record = { ...world.record, command, vms: [planned('vm1')] };
    world.onSent = (line) => {
      if (line.startsWith('delete') && line.includes('rackside-unit-vm1'))
        world.answer = { ...world.answer, records: { ...world.answer.records, marks: [] } };
      return undefined;
    };
    return world;
  }

  test.each([
    ['maintenance', settleMovesStep, 'every VM is in the cluster’s care'],
    ['force-maintenance', settleForeignMovesStep, 'no move is under way'],
  ] as const)('is told as restarted once the unmanaging is over, and holds up no %s', async (command, step, words) => {
    const world = left(true, command);
    expect(await runStep(world, step)).toBe(words);
    expect(world.answer.records.marks).toEqual([]);
    expect(world.vm('vm1')).toMatchObject({ state: 'restarted', target: 'lab-c1' });
  });

  test('is left alone until then, because nobody knows whether it runs on there', async () => {
    const world = left(false, 'maintenance');
    expect(await runStep(world, settleMovesStep)).toMatch(
      /^Not in the cluster’s care yet: .* the cluster recovers it by itself/u,
    );
    expect(world.sent.filter((line) => !line.startsWith('systemctl stop'))).toEqual([]);
  });
});

test.each([false, true])(
  'R6: a Worker whose connection was just asked to close (its service, too: %s) is not left to close once the maintenance is rolled back',
  async (isShuttingDown) => {
    const world = stepWorld('lab-w1');
    const { records } = world.answer;
    const stopped = { by: 'anna', reason: 'psu', at: 1, isStopped: true, movedVms: [] };
    world.answer = {
      ...world.answer,
      nodes: world.answer.nodes.map((one) => (one.name === 'lab-w1' ? { ...one, isShuttingDown } : one)),
      records: { ...records, nodes: { 'lab-w1': { ...emptyNodeRecord, maintenance: stopped } } },
    };
    world.onSent = (line) => {
      const nodes = world.answer.nodes.map((one) => ({ ...one, isShuttingDown: false }));
      if (line.includes('systemctl start')) world.answer = { ...world.answer, nodes };
      return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
    };
    machineSays(world, known(true, world.time.clock.now(), 60_000));
    const services = maintenance.undo.find(({ id }) => id === 'services')!;
    expect(await runStep(world, services)).toBe('the cluster calls it online');
    expect(world.sent.filter((line) => line.startsWith('option'))).toEqual(['option services lab-w1 target-role=']);
  },
);
