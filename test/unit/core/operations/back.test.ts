import { expect, test } from 'vitest';
import { dropTracesStep, settleMovesStep } from '../../../../electron/core/operations/steps/back.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { lost, runStep, stepWorld } from './step-world.ts';
import { at } from './two-vms.ts';
import { moveOwner } from '../../../../electron/core/operations/move-marks.ts';

const moves = '<rsc_action action="migrate" resource="vm1" source="lab-c1" dest="lab-c2"/>';
const held = '<rsc_location id="rackside-hold-lab-c2" rsc-pattern="!^$" node="lab-c2" score="-INFINITY"/>';

/** The node is held and in standby; its VM runs on lab-c1. */
function world() {
  const one = stepWorld();
  one.cib = one.cib.replace('<constraints>', `<constraints>${held}`);
  const members = one.answer.members.map((each) =>
    each.name === 'lab-c2' ? { ...each, standby: 'forever' as const } : each,
  );
  const resources = one.answer.resources.map((each) => (each.id === 'vm1' ? { ...each, nodes: ['lab-c1'] } : each));
  one.answer = { ...one.answer, members, resources };
  one.onSent = (line) => {
    if (line.includes('rackside-hold')) one.cib = one.cib.replace(held, '');
    if (line.includes('standby'))
      one.answer = { ...one.answer, members: members.map((each) => ({ ...each, standby: 'off' })) };
    return undefined;
  };
  return one;
}
const unstandby = maintenance.undo.find(({ id }) => id === 'unstandby')!;

test('R9: a roll-back takes neither the standby nor the hold away where that would touch a VM, and names it', async () => {
  const one = world();
  one.simulates = () => moves;
  expect(await runStep(one, unstandby)).toBe(
    'Without its standby the cluster itself would at once touch vm1 (migrate).',
  );
  expect(await runStep(one, dropTracesStep)).toBe(
    'Without the rule that keeps VMs off lab-c2 the cluster itself would at once touch vm1 (migrate).',
  );
  expect(one.sent).toEqual([]);
});

test('a roll-back that touches no VM takes both away, each after a simulation of its own', async () => {
  const one = world();
  const asked: string[] = [];
  one.simulates = (edits) => {
    asked.push(edits.join(' '));
    return '';
  };
  expect(await runStep(one, unstandby)).toBe('the cluster may place VMs here again');
  expect(await runStep(one, dropTracesStep)).toBe('');
  expect(asked).toEqual([
    'simulate no-standby lab-c2',
    'simulate delete /cib/configuration/constraints/*[@id="rackside-hold-lab-c2"]',
  ]);
  expect(one.sent.filter((line) => line.includes('rackside-hold'))).toHaveLength(1);
});

test('R2: a VM that the standby had stopped is not left as stopped without a word once the standby is ended', async () => {
  const one = world();
  one.simulates = () => '';
  one.context.handle.vm('vm2', { state: 'stopped', effect: 'stop' });
  await runStep(one, unstandby);
  expect(one.vm('vm2')).toMatchObject({ state: 'stopped', detail: 'the cluster starts it again where it may run' });
});

test('R6: what was not moved when an operation is undone stays, and does not wait for anything', async () => {
  const one = world();
  one.context.handle.vm('vm2', { state: 'failed', detail: 'its own reason' });
  one.context.handle.vm('vm1', { state: 'waiting' });
  const [settle] = maintenance.undo;
  expect(await runStep(one, settle!)).toBe('every VM is in the cluster’s care');
  expect([one.vm('vm1')?.state, one.vm('vm2')]).toMatchObject(['stays', { state: 'failed', detail: 'its own reason' }]);
});

test('R2: what was on its way when an operation is undone is told by where it is then, not as on its way for ever', async () => {
  const one = world();
  one.answer = at(at(at(one.answer, 'vm1', ['lab-c1']), 'vm2', ['lab-c2']), 'vm3', []);
  one.context.handle.vm('vm1', { state: 'moving', effect: 'restart-elsewhere', target: 'lab-c3' });
  one.context.handle.vm('vm2', { state: 'handing-back' });
  one.context.handle.vm('vm3', { state: 'moving', effect: 'restart-elsewhere' });
  await runStep(one, settleMovesStep);
  expect(['vm1', 'vm2', 'vm3'].map((name) => [one.vm(name)?.state, one.vm(name)?.target])).toEqual([
    ['restarted', 'lab-c1'],
    ['stays', null],
    ['stopped', null],
  ]);
});

test('R2: a VM that the cluster is just stopping for its restart when an operation is undone is not told as staying', async () => {
  for (const change of [{ role: 'Stopping' }, { role: 'Started', pending: 'Stopping' }]) {
    const one = stepWorld();
    const answer = at(one.answer, 'vm1', ['lab-c2']);
    const resources = answer.resources.map((each) => (each.id === 'vm1' ? { ...each, ...change } : each));
    one.answer = { ...answer, resources };
    one.context.handle.vm('vm1', { state: 'moving', effect: 'restart-elsewhere', target: 'lab-c3' });
    await runStep(one, settleMovesStep);
    expect(one.vm('vm1')).toMatchObject({ state: 'stopped', detail: 'the cluster stops it for its restart' });
  }
});

test('R2, R9: a VM that its move lost, and that the cluster started again, is told so, wherever it is', async () => {
  for (const [on, rest] of [
    ['lab-c3', { state: 'restarted', target: 'lab-c3' }],
    ['lab-c2', { state: 'stays' }],
  ] as const) {
    const one = stepWorld();
    const value = `${moveOwner(one.context.id)}.abcdef`;
    const { records } = one.answer;
    const moved = at(one.answer, 'vm1', [on]);
    one.answer = { ...moved, records: { ...records, marks: [{ name: 'rackside-unit-vm1', value }] } };
    one.record = {
      ...one.record,
      vms: [{ resource: 'vm1', target: 'lab-c3', effect: 'live-migrate', isDone: false }],
    };
    one.unit = () => ({
      properties: 'LoadState=loaded\nActiveState=active\nSubState=exited\n',
      journal: `{"rackside":"end","vm":"vm1","on":"${on}","managed":true,"move_rc":0,"rc":6,"s":9,"why":""}`,
    });
    expect(await runStep(one, settleMovesStep)).toBe('every VM is in the cluster’s care');
    expect(one.vm('vm1')).toMatchObject({ ...rest, detail: expect.stringContaining('started it again') as string });
  }
});

test('R31: a roll-back undoes nothing while one of its VMs is in nobody’s care, and names it', async () => {
  const one = stepWorld();
  const { id } = one.context;
  const { records } = one.answer;
  const marks = [{ name: 'rackside-unit-vm1', value: `${moveOwner(id)}.abcdef` }];
  const resources = one.answer.resources.map((each) =>
    each.id === 'vm1' ? { ...each, nodes: ['lab-c2'], isManaged: false } : each,
  );
  one.answer = { ...one.answer, resources, records: { ...records, marks } };
  one.record = {
    ...one.record,
    vms: [{ resource: 'vm1', target: 'lab-c3', effect: 'live-migrate', isDone: false }],
  };
  one.onSent = (line) => (line.startsWith('systemd-run') ? lost() : { kind: 'ran', exitStatus: 0 });
  expect(await runStep(one, settleMovesStep)).toMatch(/^Not in the cluster’s care yet: vm1: /u);
});
