import { expect, test } from 'vitest';
import { standbyStep } from '../../../../electron/core/operations/steps/standby.ts';
import { runStep, type StepWorld } from './step-world.ts';
import { at, planned, world as twoVms } from './two-vms.ts';

const node = 'lab-c2';
const evicts = '<rsc_action action="migrate" resource="vm4" source="lab-c3" dest="lab-c1"/>';
const stops = '<rsc_action action="stop" resource="vm1" node="lab-c2"/>';

/** The node that its VMs have left; a standby that is written takes effect, and ends what may still run there. */
function emptied(): StepWorld {
  const world = twoVms();
  const resources = world.answer.resources.map((one) =>
    one.agent.startsWith('stonith:') ? one : { ...one, nodes: one.nodes.filter((name) => name !== node) },
  );
  world.answer = { ...world.answer, resources };
  world.simulates = () => '';
  world.onSent = () => {
    const { members, nodes } = world.answer;
    world.answer = {
      ...at(world.answer, 'vm1', []),
      members: members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
      nodes: nodes.map((one) => (one.name === node ? { ...one, isStandby: true } : one)),
    };
    return undefined;
  };
  return world;
}

test('an empty node is put in standby where the cluster’s own simulation touches no VM', async () => {
  const world = emptied();
  expect(await runStep(world, standbyStep)).toBe('nothing is placed here any more');
  expect(world.sent).toEqual(['merge standby']);
});

test('R9: a standby that would move a VM of another node is not written, and the VM is named', async () => {
  const world = emptied();
  world.simulates = () => evicts;
  expect(await runStep(world, standbyStep)).toBe(
    'The standby of lab-c2 would touch VMs that the plan does not name: vm4 (migrate).',
  );
  expect(world.sent).toEqual([]);
});

test('R9: a standby of which the simulation says nothing is not written', async () => {
  const world = emptied();
  world.simulates = () => '<rsc_action';
  expect(await runStep(world, standbyStep)).toMatch(
    /^The cluster’s own simulation of the standby could not be made: /u,
  );
  expect(world.sent).toEqual([]);
});

test('R9: a standby with a VM on the node that came back is not written; one whose stop was ticked may stop', async () => {
  const back = emptied();
  back.answer = at(back.answer, 'vm1', [node]);
  expect(await runStep(back, standbyStep)).toMatch(/^vm1 runs on lab-c2 again, so it was not put in standby/u);
  expect(back.sent).toEqual([]);

  const ticked = emptied();
  ticked.answer = at(ticked.answer, 'vm1', [node]);
  ticked.record = { ...ticked.record, vms: [{ ...planned('vm1'), target: null, effect: 'stop' }] };
  ticked.simulates = () => stops;
  expect(await runStep(ticked, standbyStep)).toBe('nothing is placed here any more');
});

test('R9: a VM whose stop was ticked is told as stopped once the standby has ended it, not as waiting', async () => {
  const world = emptied();
  world.record = { ...world.record, vms: [{ ...planned('vm1'), target: null, effect: 'stop' }] };
  await runStep(world, standbyStep);
  expect(world.vm('vm1')?.state).toBe('stopped');
});

test.each([
  ['move', 'restart-elsewhere', true],
  ['stop', 'stop', true],
  // Where such a migration fails, Pacemaker restarts the VM cold.
  ['migrate', 'live-migrate', false],
  ['stop', 'restart-elsewhere', false],
] as const)(
  'R9: what a standby does to a VM of another node (%s) is refused unless its row was ticked for that (%s: %s)',
  async (action, effect, isConfirmed) => {
    const world = emptied();
    world.record = { ...world.record, others: [{ resource: 'vm4', effect }] };
    world.simulates = () =>
      `<rsc_action action="${action}" resource="vm4" node="lab-c3" source="lab-c3" dest="lab-c1"/>`;
    expect(await runStep(world, standbyStep)).toBe(
      isConfirmed
        ? 'nothing is placed here any more'
        : `The standby of lab-c2 would touch VMs that the plan does not name: vm4 (${action}).`,
    );
  },
);
