import { expect, test } from 'vitest';
import { emptyNodeRecord, noOperationChoices, type ClusterAnswer, type NodeRecord } from '#shared/model/cluster.ts';
import type { Operation } from '#shared/model/operation.ts';
import { known, unknown } from '#shared/model/reading.ts';
import { decodeRecords } from '../../../../electron/core/cluster/pacemaker/read/records.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { maintenance } from '../../../../electron/core/operations/commands/maintenance.ts';
import { emptyRecord } from '../../../../electron/core/operations/operation-words.ts';
import { machineSays } from './machine-says.ts';
import { lost, runStep, stepWorld, type StepWorld } from './step-world.ts';

const node = 'lab-c2';
const seenAs = (answer: ClusterAnswer, isOnline: boolean, isShuttingDown = false): ClusterAnswer => ({
  ...answer,
  nodes: answer.nodes.map((one) => (one.name === node ? { ...one, isOnline, isShuttingDown } : one)),
});

/** An empty node in standby whose services its maintenance has stopped; what is recorded on it is read again. */
function stopped(): StepWorld {
  const world = stepWorld(node);
  const { answer } = world;
  const record = (recorded: NodeRecord['maintenance']): void => {
    const nodes = { [node]: { ...emptyNodeRecord, maintenance: recorded } };
    world.answer = { ...world.answer, records: { ...world.answer.records, nodes } };
  };
  world.answer = seenAs(
    {
      ...answer,
      members: answer.members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
      resources: answer.resources.map((one) => ({ ...one, nodes: one.nodes.filter((name) => name !== node) })),
    },
    false,
  );
  record({ by: 'anna', reason: 'psu', at: 1, isStopped: true, movedVms: [] });
  world.onSent = (line, xml) => {
    const value = /name=\\"rackside-maintenance\\" value=\\"([\w-]+)\\"/u.exec(xml)?.[1];
    if (value !== undefined)
      record(decodeRecords([{ node, name: 'rackside-maintenance', value }]).nodes[node]?.maintenance ?? null);
    if (line.includes('systemctl start')) world.answer = seenAs(world.answer, true);
    if (line.includes('systemctl stop')) world.answer = seenAs(world.answer, false);
    return { kind: 'ran', exitStatus: 0, stdout: '', stderr: '' };
  };
  return world;
}

const startAgain = maintenance.undo.find(({ id }) => id === 'services')!;
const onward = (id: string) =>
  maintenance
    .steps({ ...emptyRecord, choices: { ...noOperationChoices, stopsServices: true } })
    .find((step) => step.id === id)!;

test('R6: rolled back after its node was switched off, a maintenance fails, and can be continued to its end still', async () => {
  const world = stopped();
  const problem = { code: 'connection-timed-out', message: 'It does not answer.', advice: '' };
  Object.assign(world.context.region, {
    readNode: async () => ({
      membership: { role: 'control' },
      observation: {
        reachability: { kind: 'unreachable', since: 0, problem },
        slow: Object.fromEntries(
          ['domains', 'services', 'links', 'pools', 'clock'].map((part) => [part, unknown('off')]),
        ),
      },
    }),
  });
  const answers = world.onSent;
  world.onSent = (line, xml, on) => (on === node ? lost() : answers(line, xml));
  expect(await runStep(world, startAgain)).toBe(
    'lab-c2 does not answer this laptop, so nothing was started there: It does not answer.',
  );
  expect(world.sent).toEqual([]);
  expect(await runStep(world, onward('empty'))).toMatch(/^its services were stopped once it was empty/u);
});

test('R6: continued after its services did not start, and cancelled then, a maintenance starts them all the same', async () => {
  const world = stopped();
  world.answer = seenAs(world.answer, true);
  expect(await runStep(world, onward('stop-services'))).toBe('offline and clean: it can be powered off');
  const answers = world.onSent;
  world.onSent = (line, xml) =>
    line.includes('systemctl start')
      ? { kind: 'ran', exitStatus: 1, stdout: '', stderr: 'Job failed.' }
      : answers(line, xml);
  machineSays(world, known(false, world.time.clock.now(), 60_000));
  expect(await runStep(world, startAgain)).toMatch(/^Its cluster services do not start on lab-c2/u);
  world.onSent = answers;
  expect(await runStep(world, onward('record'))).toMatch(/^by/u);
  expect(await runStep(world, startAgain)).toBe('the cluster calls it online');
});

test('R2: cancelled while its node is just leaving the cluster, which calls it online still, a maintenance starts the services', async () => {
  const world = stopped();
  world.answer = seenAs(world.answer, true, true);
  machineSays(world, known(true, world.time.clock.now(), 60_000));
  expect(await runStep(world, startAgain)).toBe('the cluster calls it online');
  expect(world.sent).toContain('timeout 110 systemctl start corosync.service pacemaker.service');
});

test('R6: an Activate whose services did not start is given up: the node is In maintenance as before, and can be activated again', async () => {
  const world = stopped();
  const answers = world.onSent;
  world.onSent = (line, xml) =>
    line.includes('systemctl start')
      ? { kind: 'ran', exitStatus: 1, stdout: '', stderr: 'Job failed.' }
      : answers(line, xml);
  machineSays(world, known(false, world.time.clock.now() + 3_600_000, 60_000));
  const [services] = activate.steps(emptyRecord);
  expect(await runStep(world, services!)).toMatch(/^Its cluster services do not start on lab-c2/u);
  const steps: { readonly id: string; readonly detail: string }[] = [];
  for (const step of activate.undo) steps.push({ id: step.id, detail: await runStep(world, step) });
  expect(world.answer.records.nodes[node]?.maintenance).toMatchObject({ by: 'anna', reason: 'psu', isStopped: true });
  expect(activate.left({ steps, vms: [] } as unknown as Operation, 'rolled-back')).toEqual([
    'The node stays In maintenance: its cluster services are stopped still.',
  ]);
});
