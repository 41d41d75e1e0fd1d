import { expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { problemOf } from '#shared/problems.ts';
import { clusterDouble } from './cluster-double.ts';
import { disk, gate, laptop, request, settled, testDefinition, testStep, testTime, untilOver } from './laptop.ts';

const id = operationId('op-1');
const refusal = async (wish: Promise<unknown>): Promise<string | undefined> =>
  wish.then(
    () => undefined,
    (error: unknown) => problemOf(error)?.message,
  );

/** One that was handed over: nobody drives it, and this laptop may go on with it or roll it back. */
async function leftAlone() {
  const [cluster, time] = [clusterDouble(), testTime()];
  const [held, undo] = [gate('held'), testStep('undo')];
  const one = laptop(cluster, time, 'kestrel', testDefinition([held.step], [undo]));
  await one.operations.start(request(id, 'c2'), '');
  return { cluster, time, held, undo, one };
}

test('Roll back of what is under way is refused with what to do, and undoes nothing', async () => {
  const { one, time, undo, held } = await leftAlone();
  expect(await refusal(one.operations.rollBack(id))).toMatch(/^It is under way/u);
  held.open();
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(undo.acted).toEqual([]);
});

test('R3: Continue and Roll back in the same moment: one is done, and the other is refused, never lost', async () => {
  const { one, time, undo } = await leftAlone();
  await one.operations.handOver(id);
  const both = [one.operations.rollBack(id), one.operations.continue(id)];
  expect(await refusal(both[1]!)).toBe('It is just being rolled back.');
  await both[0];
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
  expect(undo.acted).toEqual(['c2']);
});

test('what waited for its turn when the app was killed is told as cancelled: nothing of it had begun', async () => {
  const [cluster, time, inventory] = [clusterDouble(), testTime(), disk()];
  const held = gate('held');
  const killed = laptop(cluster, time, 'kestrel', testDefinition([held.step]), inventory);
  const row = ['c1', 'c2'].map((node, index) => ({ request: request(`op-${index}`, node), message: '' }));
  await killed.operations.startInTurn(row);
  const second = operationId('op-1');
  expect(killed.operations.get(second).state.kind).toBe('queued');
  // Its process is gone; the next one reads what it left on the disk.
  cluster.wire = () => new Promise(() => {});
  await settled();
  cluster.wire = async () => 'arrives';
  const after = laptop(cluster, time, 'kestrel', testDefinition([testStep('held')]), inventory);
  await after.region.readFresh();
  expect(after.operations.get(second).state).toMatchObject({
    kind: 'ended',
    outcome: 'cancelled',
    left: ['Rackside ended before its turn: nothing of it had begun.'],
  });
});
