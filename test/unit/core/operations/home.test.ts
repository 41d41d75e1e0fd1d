import { describe, expect, test } from 'vitest';
import type { NodeRow } from '#shared/model/node.ts';
import { known } from '#shared/model/reading.ts';
import { moveOwner } from '../../../../electron/core/operations/move-marks.ts';
import { dropPinsStep, settleMovesStep } from '../../../../electron/core/operations/steps/back.ts';
import { homeStep, settleHomeStep } from '../../../../electron/core/operations/steps/home.ts';
import type { Step } from '../../../../electron/core/operations/step.ts';
import { runStep, type StepWorld } from './step-world.ts';
import { at, planned, units, world as twoVms } from './two-vms.ts';

const pinOf = (resource: string) =>
  `<rsc_location id="rackside-move-${resource}" rsc="${resource}" node="lab-c3" score="INFINITY"/>`;
const dropped = (resource: string) => expect.stringContaining(`"rackside-move-${resource}"`) as string;

/** vm1 and vm2, pinned, run on lab-c3; a unit that is started brings its VM home to lab-c2; a pin that is deleted is gone. */
function away(): StepWorld {
  const world = twoVms();
  for (const name of ['vm1', 'vm2']) world.answer = at(world.answer, name, ['lab-c3']);
  world.record = { ...world.record, vms: [planned('vm1', 'lab-c2'), planned('vm2', 'lab-c2')] };
  world.cib = world.cib.replace('<constraints>', `<constraints>${pinOf('vm1')}${pinOf('vm2')}`);
  world.onSent = (line) => {
    const resource = /-(vm\d)\.service/u.exec(line)?.[1];
    if (line.startsWith('systemd-run') && resource !== undefined) world.answer = at(world.answer, resource, ['lab-c2']);
    for (const name of ['vm1', 'vm2'])
      if (line.startsWith('delete') && line.includes(`rackside-move-${name}`))
        world.cib = world.cib.replace(pinOf(name), '');
    return { kind: 'started' };
  };
  return world;
}

const deletes = ({ sent }: StepWorld) => sent.filter((line) => line.startsWith('delete'));

/** Without its pin the cluster would move this VM away again. */
function pulled(world: StepWorld, resource: string): void {
  const kept = world.simulates;
  world.simulates = (edits) =>
    edits.some((edit) => edit.includes(`@id="rackside-move-${resource}"`))
      ? `<rsc_action action="migrate" resource="${resource}" source="lab-c2" dest="lab-c1"/>`
      : kept(edits);
}

describe('R9: a VM that has come home', () => {
  test('is bound there no more, where the cluster leaves it there without its pin', async () => {
    const world = away();
    expect(await runStep(world, homeStep)).toBe('2 at home');
    expect(deletes(world)).toEqual([dropped('vm1'), dropped('vm2')]);
  });

  test('keeps its pin where the cluster would take it away again', async () => {
    const world = away();
    pulled(world, 'vm1');
    expect(await runStep(world, homeStep)).toBe('2 at home');
    expect(deletes(world)).toEqual([dropped('vm2')]);
  });
});

describe('R4: at the moment when a VM comes home', () => {
  test('a node that has no room by now is not its target, and the cluster is not even asked', async () => {
    const world = away();
    world.free = (name) => known(name === 'lab-c2' ? 0 : 1024 ** 4, world.time.clock.now(), 60_000);
    world.simulates = () => {
      throw new Error('It was asked.');
    };
    expect(await runStep(world, homeStep)).toBe(
      'vm1 did not come home and runs where it was: lab-c2 lacks the memory now. vm2 did not come home and runs where it was: lab-c2 lacks the memory now.',
    );
    expect([units(world), world.vm('vm1')?.startedAt]).toEqual([[], null]);
  });

  test('a VM whose node somebody else has in hand is left there', async () => {
    const world = away();
    const rows = world.context.region.rows.bind(world.context.region);
    const operation = { ...world.record, id: 'another' } as NodeRow['operation'];
    const taken = () => rows().map((row) => (row.name === 'lab-c3' ? { ...row, operation } : row));
    Object.assign(world.context.region, { rows: taken });
    expect(await runStep(world, homeStep)).toMatch(/^vm1 did not come home .*: an operation is under way on lab-c3\./u);
    expect(units(world)).toEqual([]);
  });
});

describe('R9: at the end of a roll-back or an Activate', () => {
  test('a pin without which the cluster would move its VM is kept, and told; the other is dropped', async () => {
    const world = away();
    pulled(world, 'vm1');
    expect(await runStep(world, dropPinsStep)).toBe('kept for vm1');
    expect(deletes(world)).toEqual([dropped('vm2')]);
    expect(world.vm('vm1')?.detail).toBe('its pin is kept: without it the cluster would move it by itself');
  });

  test('no pin is dropped where the simulation says nothing', async () => {
    const world = away();
    world.simulates = () => '<rsc_action';
    expect(await runStep(world, dropPinsStep)).toBe('kept for vm1, vm2');
    expect(deletes(world)).toEqual([]);
  });
});

const running = { properties: 'LoadState=loaded\nActiveState=active\nSubState=running\n' };
const stayed = {
  properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n',
  journal: '{"rackside":"end","vm":"vm1","on":"SOURCE","managed":true,"move_rc":1,"rc":1,"s":9,"why":"stopped"}',
};

test.each<readonly [string, Step, string, string]>([
  ['a maintenance', settleMovesStep, 'lab-c2', 'lab-c3'],
  ['an Activate', settleHomeStep, 'lab-c3', 'lab-c2'],
])(
  'R6, R31: a move of %s that is given up is stopped, not waited for, and its VM handed back where it is',
  async (_what, step, source, target) => {
    const world = twoVms();
    const value = `${moveOwner(world.context.id)}.abcdef`;
    const { records } = world.answer;
    world.answer = at(
      { ...world.answer, records: { ...records, marks: [{ name: 'rackside-unit-vm1', value }] } },
      'vm1',
      [source],
    );
    world.record = { ...world.record, vms: [planned('vm1', target)] };
    let isStopped = false;
    world.unit = () => (isStopped ? { ...stayed, journal: stayed.journal.replace('SOURCE', source) } : running);
    world.onSent = (line) => {
      if (!line.startsWith('systemctl stop')) return { kind: 'started' };
      isStopped = true;
      world.answer = { ...world.answer, records: { ...records, marks: [] } };
      return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
    };
    expect(await runStep(world, step)).toBe('every VM is in the cluster’s care');
    expect(world.sent).toEqual([expect.stringContaining(value)]);
    expect(world.time.clock.monotonic()).toBeLessThan(60_000);
    expect(world.record.vms[0]?.isDone).toBe(false);
  },
);

test('R2, R9: an Activate that is given up says of a VM that the cluster had to start again that it was', async () => {
  const one = away();
  const marks = [{ name: 'rackside-unit-vm1', value: `${moveOwner(one.context.id)}.abcdef` }];
  one.answer = { ...one.answer, records: { ...one.answer.records, marks } };
  one.unit = () => ({
    properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n',
    journal: '{"rackside":"end","vm":"vm1","on":"lab-c3","managed":true,"move_rc":0,"rc":6,"s":9,"why":""}',
  });
  await runStep(one, settleHomeStep);
  expect(one.vm('vm1')?.detail).toMatch(/^stays on lab-c3; .*the cluster started it again$/u);
  expect(one.vm('vm2')?.detail).toBe('stays on lab-c3');
});
