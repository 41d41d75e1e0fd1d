import { expect, test } from 'vitest';
import type { RecordedVm } from '#shared/model/cluster.ts';
import { noChoices, type MaintenanceChoices } from '#shared/model/maintenance.ts';
import { known, unknown } from '#shared/model/reading.ts';
import { forceOf } from '../../../../electron/core/lifecycle/force.ts';
import { preflight } from '../../../../electron/core/lifecycle/preflight/preflight.ts';
import { forceMaintenance } from '../../../../electron/core/operations/commands/force-maintenance.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { forceWouldRun } from '../../../../electron/core/operations/force/would-run.ts';
import { maintenanceWouldRun } from '../../../../electron/core/operations/prepare/would-run.ts';
import { recordedPlan } from '../../../../electron/core/operations/start-maintenance.ts';
import { vmsOn } from '../../../../electron/core/operations/steps/on-node.ts';
import { factsOf, noon, onHost, onVm, type Changes as FactChanges } from '../lifecycle/preflight/facts-of.ts';
import { commandsOf, exited, sentBy } from './sent-by.ts';
import { stepWorld } from './step-world.ts';

/** One maintenance, planned and run. */
async function maintained(
  node: string,
  change: Partial<MaintenanceChoices>,
  configuration?: FactChanges['configuration'],
) {
  const choices = { ...noChoices, ...change };
  const facts = factsOf({ plan: { choices }, ...(configuration === undefined ? {} : { configuration }) }, node);
  const judged = preflight(facts);
  const world = stepWorld(node);
  const { movesOnlyWhatCan, stopsServices } = choices;
  world.answer = facts.answer;
  world.record = {
    ...world.record,
    choices: { ...world.record.choices, movesOnlyWhatCan, stopsServices },
    vms: recordedPlan(judged.vms, choices),
  };
  world.unit = (name) => {
    const target = judged.vms.find(({ resource }) => name.includes(`-${resource}.`))?.target ?? '';
    const journal = `{"rackside":"end","vm":"vm","on":"${target}","managed":true,"move_rc":0,"rc":0,"s":9,"why":""}`;
    return { properties: exited, journal };
  };
  return { planned: maintenanceWouldRun(judged, facts), sent: await sentBy(world, maintenance) };
}

test('what would run of a maintenance is what its steps send, word by word, to the node’s own entry', async () => {
  const { planned, sent } = await maintained('lab-c2', { stopsServices: true });
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.filter(({ step }) => step === 'standby').map(({ command }) => command)).toEqual([
    expect.stringContaining('<node id="2">'),
  ]);
  expect(planned.at(-1)).toEqual({
    step: 'stop-services',
    host: 'lab-c2',
    command: 'timeout 110 systemctl stop pacemaker.service corosync.service',
  });
});

test('of a Worker whose VM is restarted elsewhere, and whose connection is closed before its service stops', async () => {
  const restarts = onVm('vm5', { allowMigrate: null });
  const { planned, sent } = await maintained(
    'lab-w1',
    { stopsServices: true, ticked: [{ resource: 'vm5', effect: 'restart-elsewhere' }] },
    restarts,
  );
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.map(({ step }) => step)).toEqual([
    'hold',
    'move',
    'hold',
    'standby',
    'record',
    'hold',
    'record',
    'stop-services',
    'stop-services',
  ]);
});

test('of a maintenance that moves what can, it ends with the hold dropped, and no standby', async () => {
  const bound = onVm('vm2', { isInGroup: true, topLevel: 'shop' });
  const { planned, sent } = await maintained('lab-c2', { movesOnlyWhatCan: true, stopsServices: true }, bound);
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.map(({ step }) => step)).toEqual([
    'hold',
    ...['vm1', 'vm3'].flatMap(() => ['move', 'move', 'hold']),
    'hold',
    'record',
    'drop-pins',
    'drop-pins',
  ]);
});

/** One forced maintenance, planned and run. `host`: how the machine answers, where not well. */
async function forced(host: Parameters<typeof onHost>[1] | null, node = 'lab-c2') {
  const facts = factsOf(host === null ? {} : { nodes: onHost(node, host) }, node);
  const judged = forceOf(facts);
  const world = stepWorld(node);
  world.answer = facts.answer;
  const vms = vmsOn(facts.answer, node).map((resource): RecordedVm => ({
    resource,
    target: null,
    effect: 'restart-elsewhere',
    isDone: false,
  }));
  world.domains = host === null ? vms.map(({ resource }) => resource) : null;
  world.record = { ...world.record, vms, choices: { ...world.record.choices, isUnreachable: host !== null } };
  return { judged, planned: forceWouldRun(facts, judged), sent: await sentBy(world, forceMaintenance) };
}

test('R10: what would run of Force names each VM whose migration is forbidden and allowed again, and each domain that is ended', async () => {
  const { planned, sent } = await forced(null);
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.find(({ step }) => step === 'end-vms')?.command).toBe(
    'virsh destroy --domain vm1; virsh destroy --domain vm2; virsh destroy --domain vm3',
  );
  const count = (step: string) => planned.filter((one) => one.step === step).length;
  expect([count('forbid-migration'), count('restore-migration'), count('record')]).toEqual([3, 3, 1]);
});

const silent = { kind: 'unreachable', problem: { code: 'timed-out', message: 'silent', advice: '' }, at: 1 };
const down = { libvirt: known('down' as const, noon, 5000), domains: unknown('its libvirt is down') } as const;

test('R10: of a silent node it is the standby, the fencing and the record', async () => {
  const { planned, sent } = await forced({ reachability: silent as never });
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.map(({ step }) => step)).toEqual(['standby', 'fence', 'record', 'hold']);
});

test('R11: of a node that answers, whose libvirt does not, and that has no VM, too: Force comes to its end there', async () => {
  const { judged, planned, sent } = await forced(down, 'lab-c1');
  expect(judged).toMatchObject({ sequence: 'unreachable', refused: null });
  expect(commandsOf(planned)).toEqual(sent);
  expect(planned.map(({ step }) => step)).toEqual(['standby', 'fence', 'record', 'hold']);
});
