import { describe, expect, test } from 'vitest';
import { emptyNodeRecord, noOperationChoices, type ClusterAnswer, type NodeRecord } from '#shared/model/cluster.ts';
import { known } from '#shared/model/reading.ts';
import { fail } from '#shared/problems.ts';
import type { Operation } from '#shared/model/operation.ts';
import { decodeRecords } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { stopClusterServices } from '../../../../electron/core/operations/commands/stop-services.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import { recordMaintenanceStep } from '../../../../electron/core/operations/steps/maintenance-record.ts';
import { mayBoot, stopServicesStep } from '../../../../electron/core/operations/steps/stop-services.ts';
import { recorded as underWay } from '../lifecycle/preflight/facts-of.ts';
import { machineSays } from './machine-says.ts';
import { runStep, stepWorld, type StepWorld } from './step-world.ts';
import { at } from './two-vms.ts';

type Seen = Partial<ClusterAnswer['nodes'][number]>;

const seenAs = (answer: ClusterAnswer, node: string, seen: Seen): ClusterAnswer => ({
  ...answer,
  nodes: answer.nodes.map((one) => (one.name === node ? { ...one, ...seen } : one)),
});
const off: Seen = { isOnline: false, isUnclean: false, isPending: false };

/** An empty node in standby; its services stop when they are told to, a Worker's connection closes when it is told to. */
function maintained(node: string): StepWorld {
  const world = stepWorld(node);
  const { answer } = world;
  world.answer = {
    ...answer,
    members: answer.members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
    resources: answer.resources.map((one) =>
      one.agent.startsWith('stonith:') || one.id === node
        ? one
        : { ...one, nodes: one.nodes.filter((name) => name !== node) },
    ),
  };
  world.onSent = (line) => {
    if (line.includes('systemctl')) world.answer = seenAs(world.answer, node, off);
    if (line.includes('target-role=Stopped')) {
      const resources = world.answer.resources.map((one) => (one.id === node ? { ...one, role: 'Stopped' } : one));
      world.answer = seenAs({ ...world.answer, resources }, node, off);
    }
    return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  return world;
}

/** The record that is written. */
const valueIn = (xml: string): { readonly isStopped: boolean } => {
  const value = /value=\\?"([\w-]+)\\?"/u.exec(xml)?.[1] ?? '';
  return JSON.parse(Buffer.from(value, 'base64url').toString()) as { isStopped: boolean };
};

const stopsControl = 'timeout 110 systemctl stop pacemaker.service corosync.service';
const stopsWorker = 'timeout 110 systemctl stop pacemaker_remote.service';
const stopped = 'offline and clean: it can be powered off';

test('R1: that the services are stopped on purpose is recorded before they stop, or everybody else sees a node that died', async () => {
  const world = maintained('lab-c2');
  const recorded: boolean[] = [];
  const stop = world.onSent;
  world.onSent = (line, xml) => {
    if (line === 'merge record') recorded.push(valueIn(xml).isStopped);
    return stop(line, xml);
  };
  expect(await runStep(world, stopServicesStep)).toBe(stopped);
  expect(world.sent).toEqual(['merge record', stopsControl]);
  expect(recorded).toEqual([true]);
});

test('who put the node into maintenance, when and why stays recorded, whoever stops its services later', async () => {
  const world = maintained('lab-c2');
  const recorded = { by: 'bert on heron', reason: 'PSU', at: 77, isStopped: false, movedVms: ['vm9'] };
  const { records } = world.answer;
  const nodes = { ...records.nodes, 'lab-c2': { ...emptyNodeRecord, maintenance: recorded } };
  world.answer = { ...world.answer, records: { ...records, nodes } };
  let written: unknown;
  const stop = world.onSent;
  world.onSent = (line, xml) => {
    if (line === 'merge record') written = valueIn(xml);
    return stop(line, xml);
  };
  expect(await runStep(world, stopServicesStep)).toBe(stopped);
  expect(written).toMatchObject({ by: 'bert on heron', reason: 'PSU', at: 77, isStopped: true, movedVms: ['vm9'] });
});

test('R1: a maintenance that is gone on with after its services were stopped says all the time that they are', async () => {
  const world = maintained('lab-c2');
  const { records } = world.answer;
  const recorded = { by: 'anna', reason: 'DIMM', at: 7, isStopped: true, movedVms: [] };
  world.answer = seenAs(
    { ...world.answer, records: { ...records, nodes: { 'lab-c2': { ...emptyNodeRecord, maintenance: recorded } } } },
    'lab-c2',
    off,
  );
  world.domains = null;
  const said: boolean[] = [];
  world.onSent = (line, xml) => void (line === 'merge record' && said.push(valueIn(xml).isStopped));
  for (const step of maintenance
    .steps({ ...emptyRecord, choices: { ...noOperationChoices, stopsServices: true } })
    .filter(({ id }) => ['empty', 'record', 'stop-services'].includes(id)))
    await runStep(world, step);
  expect(said.length).toBeGreaterThan(0);
  expect(said).not.toContain(false);
});

test('R1: where that cannot be recorded, nothing is stopped', async () => {
  const world = maintained('lab-c2');
  world.onSent = () => fail({ code: 'write-refused', message: 'It was refused.', advice: 'Look.' });
  expect(await runStep(world, stopServicesStep)).toBe('It was refused.');
  expect(world.sent).toEqual(['merge record']);
});

describe('a Worker, whose service that ends under an open connection is fenced', () => {
  test('has its connection closed before its service is stopped', async () => {
    const world = maintained('lab-w1');
    expect(await runStep(world, stopServicesStep)).toBe(stopped);
    expect(world.sent).toEqual(['merge record', 'option stop-services lab-w1 target-role=Stopped', stopsWorker]);
  });

  test('keeps its service where the connection does not close', async () => {
    const world = maintained('lab-w1');
    world.onSent = () => ({ kind: 'ran', exitStatus: 0, stdout: '', stderr: '' });
    expect(await runStep(world, stopServicesStep)).toMatch(/^The connection of lab-w1 was not closed/u);
    expect(world.sent).not.toContain(stopsWorker);
  });
});

test.each<readonly [string, (answer: ClusterAnswer) => ClusterAnswer, RegExp]>([
  [
    'R15: a node whose vote is needed by now',
    (answer) => ({
      ...seenAs(answer, 'lab-c3', { isOnline: false }),
      quorum: { ...answer.quorum, votes: 2, neededVotes: 2 },
    }),
    /^Quorum without lab-c2 is not proven, so its services were not stopped/u,
  ],
  [
    'R15: a node beside another one whose services are just being stopped',
    underWay({ node: 'lab-c3', command: 'stop-services' }),
    /^Quorum without lab-c2 is not proven, so its services were not stopped/u,
  ],
  [
    'R1: a node to which a VM has come',
    (answer) => at(answer, 'vm1', ['lab-c2']),
    /^lab-c2 is not an empty node in standby any more: vm1, so its services were not stopped/u,
  ],
  [
    'R1: a node that somebody has taken out of standby',
    (answer) => ({ ...answer, members: answer.members.map((one) => ({ ...one, standby: 'off' as const })) }),
    /^lab-c2 is not an empty node in standby any more, so its services were not stopped/u,
  ],
])('%s keeps its services, and nothing is written', async (_what, change, said) => {
  const world = maintained('lab-c2');
  world.answer = change(world.answer);
  expect(await runStep(world, stopServicesStep)).toMatch(said);
  expect(world.sent).toEqual([]);
});

test('R11: a node that was fenced while its services stopped is not told as one that can be powered off', async () => {
  const world = maintained('lab-c2');
  const stop = world.onSent;
  world.onSent = (line, xml) => {
    const event = {
      action: 'off',
      target: 'lab-c2',
      status: 'success',
      delegate: 'x',
      client: 'x',
      exitReason: '',
    } as const;
    if (line.includes('systemctl'))
      world.answer = { ...world.answer, fencing: [{ ...event, completedAt: world.time.clock.now() }] };
    return stop(line, xml);
  };
  expect(await runStep(world, stopServicesStep)).toBe('lab-c2 was fenced while its services were being stopped.');
});

test.each([
  ['in the middle of it', 0],
  ['before it began', 1],
])('R2: a node that was fenced %s is not told as one that can be powered off: it may boot', async (_when, isBefore) => {
  const world = maintained('lab-c2');
  world.record = { ...world.record, fencedAt: isBefore * world.time.clock.now() };
  const event = { action: 'reboot', target: 'lab-c2', status: 'success', delegate: 'x', client: 'x', exitReason: '' };
  const fencing = [{ ...event, completedAt: world.time.clock.now() } as ClusterAnswer['fencing'][number]];
  world.answer = { ...seenAs(world.answer, 'lab-c2', off), fencing };
  expect(await runStep(world, stopServicesStep)).toBe(mayBoot);
  const steps = [{ id: 'standby' }, { id: 'stop-services', detail: mayBoot }];
  const { left } = maintenance.outcome({ steps, vms: [] } as unknown as Operation);
  expect(left).toEqual([expect.stringContaining('when it boots, they run')]);
  expect(stopClusterServices.outcome({ steps, vms: [] } as unknown as Operation)).toEqual({ outcome: 'partly', left });
});

test('R6: continued and then cancelled, a maintenance that had stopped the services of its node starts them again', async () => {
  const world = maintained('lab-c2');
  const recorded = (as: NonNullable<NodeRecord['maintenance']>): void => {
    const nodes = { 'lab-c2': { ...emptyNodeRecord, maintenance: as } };
    world.answer = { ...world.answer, records: { ...world.answer.records, nodes } };
  };
  recorded({ by: 'anna', reason: 'psu', at: 1, isStopped: true, movedVms: [] });
  world.answer = seenAs(world.answer, 'lab-c2', off);
  world.onSent = (line, xml) => {
    const value = /name=\\"rackside-maintenance\\" value=\\"([\w-]+)\\"/u.exec(xml)?.[1];
    const { nodes } = decodeRecords([{ node: 'lab-c2', name: 'rackside-maintenance', value: value ?? '' }]);
    if (value !== undefined) recorded(nodes['lab-c2']!.maintenance!);
    if (line.includes('systemctl start')) world.answer = seenAs(world.answer, 'lab-c2', { isOnline: true });
    return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  expect(await runStep(world, recordMaintenanceStep)).toMatch(/^by/u);
  machineSays(world, known(false, world.time.clock.now(), 60_000));
  const startAgain = maintenance.undo.find(({ id }) => id === 'services')!;
  expect(await runStep(world, startAgain)).toBe('the cluster calls it online');
});

test('R2: a stop that is given up before it stopped anything says nothing of services that it has not read', async () => {
  const world = maintained('lab-c2');
  world.answer = seenAs(world.answer, 'lab-c2', off);
  const [startAgain] = stopClusterServices.undo;
  const steps = [{ id: 'services', detail: await runStep(world, startAgain!) }];
  expect(stopClusterServices.left({ steps, vms: [] } as unknown as Operation, 'rolled-back')).toEqual([
    'Nothing was stopped.',
  ]);
  const started = [{ id: 'services', detail: 'the cluster calls it online' }];
  expect(stopClusterServices.left({ steps: started, vms: [] } as unknown as Operation, 'rolled-back')).toEqual([
    'The node stays In maintenance. Its cluster services run: cut its power and the cluster fences it.',
  ]);
});
