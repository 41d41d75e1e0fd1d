import { expect, test } from 'vitest';
import type { ClusterAnswer, RecordedVm } from '#shared/model/cluster.ts';
import { noChoices, type MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { known, unknown } from '#shared/model/reading.ts';
import type { Changes } from '../../../../electron/core/cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf } from '../../../../electron/core/cluster/writes/guarded.ts';
import { setResourceOption } from '../../../../electron/core/cluster/writes/resource-meta.ts';
import { forceOf } from '../../../../electron/core/lifecycle/force.ts';
import { preflight } from '../../../../electron/core/lifecycle/preflight/preflight.ts';
import { forceMaintenance } from '../../../../electron/core/operations/commands/force-maintenance.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import type { Definition } from '../../../../electron/core/operations/definitions.ts';
import { forceWouldRun } from '../../../../electron/core/operations/force/would-run.ts';
import type { GuardedWriter, WriteConditions } from '../../../../electron/core/operations/guarded-write.ts';
import { nodeLeaseName } from '../../../../electron/core/operations/lease.ts';
import { toCome } from '../../../../electron/core/operations/prepare/planned-by.ts';
import { maintenanceWouldRun } from '../../../../electron/core/operations/prepare/would-run.ts';
import { recordedPlan } from '../../../../electron/core/operations/start-maintenance.ts';
import { vmsOn } from '../../../../electron/core/operations/steps/on-node.ts';
import { factsOf, noon, onHost, onVm, type Changes as FactChanges } from '../lifecycle/preflight/facts-of.ts';
import { inTime, stepWorld, type StepWorld } from './step-world.ts';
import { at } from './two-vms.ts';

/** Runs the steps of an operation against a cluster that does what it is told. @returns every command in its order, as it is shown. */
async function sentBy(world: StepWorld, { steps }: Definition): Promise<readonly string[]> {
  const { node } = world.context;
  const sent: string[] = [];
  const guard = guardOf({ leaseName: nodeLeaseName(node), token: toCome.token });
  const told = async ({ shown }: { readonly shown: string }) => {
    sent.push(comparable(shown));
    obey(world, shown);
    return shown.startsWith('systemd-run')
      ? { kind: 'started' }
      : { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  const write = {
    merge: (_step: string, changes: Changes, conditions: WriteConditions = {}) =>
      told(guardedMerge({ guard, changes, ...conditions })),
    delete: (_step: string, path: string) => told(guardedDelete({ guard, path })),
    option: (_step: string, setting: Parameters<GuardedWriter['option']>[1]) =>
      told(setResourceOption({ guard, ...setting })),
  };
  const send = {
    toControl: (_step: string, command: { readonly shown: string }) => told(command),
    toNode: (_step: string, _on: string, command: { readonly shown: string }) => told(command),
  };
  const context = { ...world.context, write, send } as unknown as StepWorld['context'];
  for (const step of steps(world.record)) {
    const run = async () => {
      if (!(await step.isDone(context))) await step.act(context);
      await step.verify(context);
    };
    await inTime(world, run());
  }
  return sent;
}

/** The cluster's part: VMs arrive, or stop and start elsewhere; what was written stands. */
function obey(world: StepWorld, shown: string): void {
  const { node } = world.context;
  const change = (next: Partial<ClusterAnswer>) => (world.answer = { ...world.answer, ...next });
  const [, moved, target] = /^systemd-run.* (vm\d) vm\d lab-\w+ (lab-\w+) /u.exec(shown) ?? [];
  const [, pinned, to] = /<rsc_location id="rackside-move-(vm\d)"[^>]* node="([^"]*)"/u.exec(shown) ?? [];
  if (moved !== undefined && target !== undefined) world.answer = at(world.answer, moved, [target]);
  if (pinned !== undefined && to !== undefined) world.answer = at(world.answer, pinned, [to]);
  // The unit of a move writes its pin, as a restart does.
  for (const resource of [moved, pinned].filter((one) => one !== undefined))
    world.cib = world.cib.replace(
      '</constraints>',
      `<rsc_location id="rackside-move-${resource}" rsc="${resource}" node="x" score="INFINITY"/></constraints>`,
    );
  const held = `<rsc_location id="rackside-hold-${node}" rsc="x" node="${node}" score="-INFINITY"/>`;
  if (shown.includes('<rsc_location id="rackside-hold-') && !world.cib.includes(held))
    world.cib = world.cib.replace('</constraints>', `${held}</constraints>`);
  if (shown.startsWith('cibadmin --delete') && shown.includes('rackside-hold-'))
    world.cib = world.cib.replace(held, '');
  const { members, resources, records, nodes } = world.answer;
  if (shown.includes('name="standby" value="on"')) {
    change({
      members: members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
      nodes: nodes.map((one) => (one.name === node ? { ...one, isStandby: true } : one)),
      resources: resources.map((one) => (one.nodes.includes(node) ? { ...one, role: 'Stopping' } : one)),
    });
  }
  if (shown.startsWith('virsh destroy') || shown.startsWith('stonith_admin --fence')) {
    world.domains = world.domains === null ? null : [];
    for (const vm of vmsOn(world.answer, node)) world.answer = at(world.answer, vm, ['lab-c1']);
    change({
      resources: world.answer.resources.map((one) => (one.nodes.includes(node) ? { ...one, nodes: [] } : one)),
    });
  }
  if (shown.startsWith('stonith_admin --fence')) {
    const completedAt = world.time.clock.now();
    const event = { action: 'off', target: node, status: 'success', delegate: 'lab-c1', client: 'x', exitReason: '' };
    change({ fencing: [{ ...event, completedAt } as ClusterAnswer['fencing'][number]] });
  }
  if (shown.includes('name="rackside-maintenance"') && shown.includes('--modify')) {
    const isStopped = records.nodes[node]?.maintenance !== undefined;
    const record = { by: 'anna', reason: '', at: 1, isStopped, movedVms: [] };
    change({
      records: { ...records, nodes: { ...records.nodes, [node]: { maintenance: record } as never } },
    });
  }
  const isConnectionClosed = shown.includes('target-role');
  if (shown.includes('systemctl stop') || shown.startsWith('stonith_admin --fence') || isConnectionClosed) {
    change({
      nodes: nodes.map((one) => (one.name === node ? { ...one, isOnline: false } : one)),
      resources: world.answer.resources.map((one) => (one.id === node ? { ...one, nodes: [], role: 'Stopped' } : one)),
    });
  }
}

/** What is made only when the operation begins stands as its placeholder. */
const comparable = (shown: string): string =>
  shown
    .replaceAll(/1{12}\.[0-9a-f]{6}/gu, toCome.move)
    .replaceAll(/(name="rackside-maintenance" value=)"[^"]*"/gu, `$1"${toCome.record}"`)
    .replaceAll(/\b\d{10}\b/gu, 'UNTIL');
const commandsOf = (planned: readonly PlannedCommand[]) => planned.map(({ command }) => comparable(command));

const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';

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
