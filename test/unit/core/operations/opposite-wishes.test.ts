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

test('R3: Roll back a second time is the same roll-back, and Continue of what is being undone is refused, never lost', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const [held, back] = [gate('held'), gate('back')];
  const one = laptop(cluster, time, 'kestrel', testDefinition([held.step], [back.step]));
  await one.operations.start(request(id, 'c2'), '');
  await one.operations.handOver(id);
  await one.operations.rollBack(id);
  await time.pass(1000);
  const again = await one.operations.rollBack(id);
  expect(again.state.kind).toBe('rolling-back');
  expect(again.actions).toEqual([
    { action: 'cancel', refused: 'It is being rolled back: that is the way a cancel would take.' },
    { action: 'hand-over', refused: null },
  ]);
  expect((await one.operations.cancel(id)).state.kind).toBe('rolling-back');
  expect(await refusal(one.operations.continue(id))).toBe('It is being undone, so it is not continued.');
  back.open();
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
  expect([back.step.acted, held.step.acted]).toEqual([['c2'], ['c2']]);
});

test('R6: Continue of what is being cancelled is refused: it leads back', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const [held, back] = [gate('held'), gate('back')];
  const one = laptop(cluster, time, 'kestrel', testDefinition([held.step], [back.step]));
  await one.operations.start(request(id, 'c2'), '');
  await one.operations.cancel(id);
  expect(await refusal(one.operations.continue(id))).toBe('It is being undone, so it is not continued.');
  held.open();
  back.open();
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
});

test('R6: Cancel once every step is done is refused: it is never told as cancelling, and then as succeeded', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const settles = Promise.withResolvers<void>();
  const definition = { ...testDefinition([testStep('step')]), settled: () => settles.promise };
  const one = laptop(cluster, time, 'kestrel', definition);
  await one.operations.start(request(id, 'c2'), '');
  await time.pass(5000);
  expect([...cluster.marks.keys()]).toEqual([]);
  expect(await refusal(one.operations.cancel(id))).toMatch(/nothing left to cancel/u);
  expect(one.operations.get(id).state.kind).toBe('running');
  settles.resolve();
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
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
