import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { fail } from '#shared/problems.ts';
import { run } from '../../../../electron/core/cluster/writes/shown-command.ts';
import type { Step } from '../../../../electron/core/operations/step.ts';
import { clusterDouble, type ClusterDouble } from './cluster-double.ts';
import {
  gate,
  laptop,
  request,
  testDefinition,
  testStep,
  testTime,
  untilOver,
  type Laptop,
  type TestTime,
} from './laptop.ts';

const id = operationId('op-1');
const [record, lock] = ['rackside-op-c2', 'rackside-lease-c2'];

/** kestrel's operation has failed in its only step; merlin, which would go on with `step`, sees it. */
async function stuck(cluster: ClusterDouble, time: TestTime, step: Step): Promise<Laptop> {
  const breaks = testStep('step', async () => fail({ code: 'step-failed', message: 'It broke.', advice: 'Look.' }));
  const kestrel = laptop(cluster, time, 'kestrel', testDefinition([breaks]));
  await kestrel.operations.start(request(id, 'c2'), '');
  await untilOver(time, kestrel, id);
  const merlin = laptop(cluster, time, 'merlin', testDefinition([step]));
  await merlin.region.readFresh();
  return merlin;
}

/** Once merlin has the node's lock, and before it reads again. */
function onceLocked(cluster: ClusterDouble, happens: () => void): void {
  let isOver = false;
  cluster.wire = async () => {
    if (!isOver && cluster.marks.has(lock)) {
      isOver = true;
      happens();
    }
    return 'arrives';
  };
}

describe('R3, R20: an operation that somebody takes up', () => {
  test('goes on by what its record says under the lock, not by what it said before', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const reasons: string[] = [];
    const step = testStep('step', async (context) => void reasons.push(context.record().reason));
    const merlin = await stuck(cluster, time, step);
    onceLocked(cluster, () => {
      const fields = JSON.parse(Buffer.from(cluster.marks.get(record) ?? '', 'base64url').toString()) as object;
      const changed = JSON.stringify({ ...fields, reason: 'changed meanwhile' });
      cluster.marks.set(record, Buffer.from(changed).toString('base64url'));
    });
    await merlin.operations.continue(id);
    expect((await untilOver(time, merlin, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(reasons).toEqual(['changed meanwhile']);
  });

  test('and whose record cannot be read under the lock is not gone on with by what it said before', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const step = testStep('step');
    const merlin = await stuck(cluster, time, step);
    let isLost = false;
    cluster.wire = async () => {
      if (isLost || !cluster.marks.has(lock)) return 'arrives';
      isLost = true;
      // Somebody ended it just before the lock was taken, and the read that would tell is lost.
      cluster.marks.delete(record);
      return 'lost-before';
    };
    await expect(merlin.operations.continue(id)).rejects.toMatchObject({ problem: { code: 'connection-lost' } });
    expect([[...cluster.marks], step.acted]).toEqual([[], []]);
  });

  test('and that was brought to its end meanwhile is not gone on with, and its lock is given back', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const step = testStep('step');
    const merlin = await stuck(cluster, time, step);
    onceLocked(cluster, () => void cluster.marks.delete(record));
    await expect(merlin.operations.continue(id)).rejects.toMatchObject({ problem: { code: 'operation-not-found' } });
    expect([[...cluster.marks], step.acted]).toEqual([[], []]);
  });
});

test('R20: what a step sends to a node is not sent once the lock may be another’s', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const sends = testStep('sends', async ({ send }) => {
    // The laptop slept for half of the term: what it knew of the lock is worth nothing, and by now somebody has taken it.
    time.sleep(31_000);
    cluster.marks.set(lock, '0123456789abcdef.0.AAAA');
    await send.toNode('sends', 'c2', run(['true'], 1000));
  });
  const kestrel = laptop(cluster, time, 'kestrel', testDefinition([sends]));
  const reached: string[] = [];
  Object.assign(kestrel.region, { onNode: async (node: string) => void reached.push(node) });
  await kestrel.operations.start(request(id, 'c2'), '');
  await time.pass(60_000);
  expect(sends.acted).toEqual(['c2']);
  expect(reached).toEqual([]);
  expect(kestrel.operations.get(id).state.kind).toBe('elsewhere');
});

test('R2: of an operation that another laptop went on with, and that failed of something else there, the newer reason is told', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const breaks = (message: string) =>
    testStep('step', async () => fail({ code: 'step-failed', message, advice: 'Look.' }));
  const kestrel = laptop(cluster, time, 'kestrel', testDefinition([breaks('It broke.')]));
  await kestrel.operations.start(request(id, 'c2'), '');
  await untilOver(time, kestrel, id);
  const merlin = laptop(cluster, time, 'merlin', testDefinition([breaks('It broke anew.')]));
  await merlin.region.readFresh();
  await merlin.operations.continue(id);
  await untilOver(time, merlin, id);
  await kestrel.region.readFresh();
  expect(kestrel.operations.get(id).state).toMatchObject({ kind: 'failed', problem: { message: 'It broke anew.' } });
});

test('R6: an operation whose laptop went away while it was undone is shown so to the next one, who might continue it', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const steps = [testStep('one'), testStep('two')];
  const [held, back] = [gate('held'), gate('back')];
  const definition = testDefinition([...steps, held.step], [testStep('first'), back.step]);
  const kestrel = laptop(cluster, time, 'kestrel', definition);
  await kestrel.operations.start(request(id, 'c2'), '');
  await time.pass(2000);
  await kestrel.operations.handOver(id);
  await kestrel.operations.rollBack(id);
  await time.pass(2000);
  await kestrel.operations.close();
  const merlin = laptop(cluster, time, 'merlin', definition);
  await merlin.region.readFresh();
  const { state, steps: shown } = merlin.operations.get(id);
  expect(state.kind).toBe('unattended');
  expect(shown.map(({ title, detail }) => [title, detail])).toEqual([
    ['Step first', ''],
    ['Step back', 'left in the middle'],
  ]);
});

test.each(['rolled back', 'cancelled'])(
  'R6: that it was %s is told to the next one also at a step that is part of both ways',
  async (how) => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const [held, back] = [gate('held'), gate('back')];
    const both = { ...back.step, title: held.step.title };
    const definition = testDefinition([held.step], [both]);
    const kestrel = laptop(cluster, time, 'kestrel', definition);
    await kestrel.operations.start(request(id, 'c2'), '');
    await time.pass(2000);
    if (how === 'rolled back') {
      await kestrel.operations.handOver(id);
      await kestrel.operations.rollBack(id);
    } else {
      await kestrel.operations.cancel(id);
      held.open();
    }
    await time.pass(2000);
    await kestrel.operations.close();
    const merlin = laptop(cluster, time, 'merlin', testDefinition([gate('held').step], [both]));
    await merlin.region.readFresh();
    expect(merlin.operations.get(id).steps).toMatchObject([{ id: 'back', detail: 'left in the middle' }]);
    // Gone on with, it leads on again, and says so.
    await merlin.operations.continue(id);
    await time.pass(2000);
    await merlin.operations.close();
    const heron = laptop(cluster, time, 'heron', definition);
    await heron.region.readFresh();
    expect(heron.operations.get(id).steps).toMatchObject([{ id: 'held' }]);
  },
);

describe('R9: an operation that has no way back', () => {
  test('is neither cancelled nor rolled back: what it ended is not there again', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const next = testStep('next');
    const one = laptop(cluster, time, 'kestrel', testDefinition([held.step, next], []));
    await one.operations.start(request(id, 'c2'), '');
    await expect(one.operations.cancel(id)).rejects.toMatchObject({ problem: { code: 'not-available' } });
    expect(one.operations.get(id).state.kind).toBe('running');
    held.open();
    expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(next.acted).toEqual(['c2']);
  });

  test('that stands still is not rolled back either: its record would go, and with it what is to be put back', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const breaks = testStep('step', async () => fail({ code: 'step-failed', message: 'It broke.', advice: 'Look.' }));
    const one = laptop(cluster, time, 'kestrel', testDefinition([breaks], []));
    await one.operations.start(request(id, 'c2'), '');
    await untilOver(time, one, id);
    await expect(one.operations.rollBack(id)).rejects.toMatchObject({ problem: { code: 'not-available' } });
    expect([...cluster.marks.keys()]).toEqual([record]);
  });
});
