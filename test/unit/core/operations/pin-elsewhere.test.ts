import { describe, expect, test } from 'vitest';
import type { Simulation, SimulatedAction } from '#shared/model/configuration.ts';
import type { CibEdit } from '../../../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { moveOwner } from '../../../../electron/core/operations/move-marks.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import { pinsForReturn } from '../../../../electron/core/operations/pins-for-return.ts';
import { pinElsewhereStep, unpinElsewhereStep } from '../../../../electron/core/operations/steps/pin-elsewhere.ts';
import { configurationOf, healthyAnswer, onVm } from '../lifecycle/preflight/facts-of.ts';
import { runStep, stepWorld, type StepWorld } from './step-world.ts';
import { at } from './two-vms.ts';

const node = 'lab-c1';
const migrates = (resource: string): SimulatedAction => ({
  action: 'migrate',
  resource,
  source: 'lab-c2',
  target: node,
  reason: '',
});
const isPinned = (edits: readonly CibEdit[], resource: string): boolean =>
  edits.some((edit) => edit.kind === 'pin' && edit.resource === resource);

describe('what is pinned before a node comes back', () => {
  const answer = at(at(healthyAnswer(), 'vm1', ['lab-c2']), 'vm4', ['lab-c3']);
  const pins = (simulate: (edits: readonly CibEdit[]) => Simulation) =>
    pinsForReturn(node, answer, configurationOf(), async (edits) => simulate(edits));
  const moving = (actions: readonly SimulatedAction[]): Simulation => ({ kind: 'simulated', actions, fenced: [] });

  test('is nothing where nothing would move', async () => {
    expect((await pins(() => moving([]))).pins).toEqual({});
  });

  test('is each VM that would, where it runs, and each that a pin sets in motion', async () => {
    const found = await pins((edits) => {
      if (!isPinned(edits, 'vm1')) return moving([migrates('vm1')]);
      return moving(isPinned(edits, 'vm4') ? [] : [migrates('vm4')]);
    });
    expect(found).toEqual({ pins: { vm1: 'lab-c2', vm4: 'lab-c3' }, unstandby: moving([]) });
  });

  test('R9: what moves in spite of its pin is told, and the search has an end', async () => {
    const found = await pins(() => moving([migrates('vm1')]));
    expect(found).toEqual({ pins: { vm1: 'lab-c2' }, unstandby: moving([migrates('vm1')]) });
  });

  test.each<readonly [string, typeof answer]>([
    ['down: it may start', at(answer, 'vm1', [])],
    ['in two places', at(answer, 'vm1', ['lab-c2', 'lab-c3'])],
    [
      'in nobody’s care',
      { ...answer, resources: answer.resources.map((one) => (one.id === 'vm1' ? { ...one, isManaged: false } : one)) },
    ],
  ])('is no VM that is %s', async (_what, seen) => {
    const found = await pinsForReturn(node, seen, configurationOf(), async () => moving([migrates('vm1')]));
    expect(found.pins).toEqual({});
  });

  test.each(['isInGroup', 'isInClone'] as const)(
    'is no VM that moves as a part of something else (%s): its pin would be refused, and the Activate with it',
    async (part) => {
      const inside = onVm('vm1', { [part]: true })(configurationOf());
      expect(await pinsForReturn(node, answer, inside, async () => moving([migrates('vm1')]))).toEqual({
        pins: {},
        unstandby: moving([migrates('vm1')]),
      });
    },
  );
});

/** lab-c1 in standby; vm1 was started on lab-c2 by the cluster, and goes back by itself. */
function returning(): StepWorld {
  const world = stepWorld(node);
  const members = world.answer.members.map((one) =>
    one.name === node ? { ...one, standby: 'forever' as const } : one,
  );
  world.answer = at({ ...world.answer, members }, 'vm1', ['lab-c2']);
  world.record = { ...world.record, command: 'activate', vms: [] };
  world.simulates = (edits) =>
    edits.some((edit) => edit.includes('rackside-move-vm1'))
      ? ''
      : `<rsc_action action="Migrate" resource="vm1" source="lab-c2" dest="${node}"/>`;
  return world;
}

test('R9: a VM that would go back by itself is pinned where it runs, recorded before it is, and told', async () => {
  const world = returning();
  expect(await runStep(world, pinElsewhereStep)).toBe('vm1');
  expect(world.sent.filter((line) => line.includes('pin-elsewhere'))).toEqual(['merge pin-elsewhere']);
  expect(world.record.vms).toEqual([{ resource: 'vm1', target: 'lab-c2', effect: 'cannot-move', isDone: false }]);
  expect(world.vm('vm1')).toMatchObject({ state: 'stays', target: 'lab-c2' });
});

test('R4: a VM whose move by another operation has begun since the scheduler was asked keeps the pin of that move', async () => {
  const world = returning();
  const { simulates } = world;
  const other = { ...emptyRecord, id: '99999999-9999-4999-8999-999999999999', node: 'lab-c2' };
  world.simulates = (edits) => {
    const marks = [{ name: 'rackside-unit-vm1', value: `${moveOwner(other.id)}.abcdef` }];
    world.answer = { ...world.answer, records: { ...world.answer.records, marks, operations: [other] } };
    return simulates(edits);
  };
  expect(await runStep(world, pinElsewhereStep)).toMatch(/^Another operation moves vm1 now/u);
  expect(world.sent).toEqual([]);
});

test('an Activate that is given up while the node is in standby drops the pins that it made, and no other', async () => {
  const world = returning();
  world.record = {
    ...world.record,
    vms: [
      { resource: 'vm1', target: 'lab-c2', effect: 'cannot-move', isDone: false },
      { resource: 'vm4', target: null, effect: 'cannot-move', isDone: false },
    ],
  };
  await runStep(world, unpinElsewhereStep);
  expect(world.sent).toHaveLength(1);
  expect(world.sent[0]).toContain('rackside-move-vm1');
  const members = world.answer.members.map((one) => ({ ...one, standby: 'off' as const }));
  world.answer = { ...world.answer, members };
  await runStep(world, unpinElsewhereStep);
  expect(world.sent).toHaveLength(1);
});

test('a VM that was only pinned where it runs does not make an Activate one that was done in part', () => {
  const steps = [{ id: 'home' }];
  const held = { state: 'stays', effect: 'cannot-move', target: 'lab-c2', domain: 'vm1', detail: '' };
  expect(activate.outcome({ steps, vms: [held] } as never).outcome).toBe('succeeded');
  expect(activate.outcome({ steps, vms: [{ ...held, target: null }] } as never).outcome).toBe('partly');
});
