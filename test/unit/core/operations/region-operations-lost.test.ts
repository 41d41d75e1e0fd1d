import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { clusterDouble } from './cluster-double.ts';
import { disk, gate, laptop, request, testDefinition, testStep, testTime, untilOver } from './laptop.ts';

const id = operationId('op-1');

describe('an operation whose laptop, lock or network goes', () => {
  test('stopped with its app it is unattended: nothing is undone, nothing continues by itself, and a start of the same laptop goes on at once', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const undo = testStep('undo');
    const inventory = disk();
    const before = laptop(cluster, time, 'kestrel', testDefinition([held.step], [undo]), inventory);
    await before.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    await before.operations.close();
    expect([...cluster.marks.keys()]).toEqual(['rackside-op-c2']);
    const next = testStep('held');
    const after = laptop(cluster, time, 'kestrel', testDefinition([next], [undo]), inventory);
    await after.region.readFresh();
    await time.pass(120_000);
    expect(after.operations.get(id).state.kind).toBe('unattended');
    expect([next.acted, undo.acted]).toEqual([[], []]);
    await after.operations.continue(id);
    expect((await untilOver(time, after, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });

  test('R20: killed, its lease stays: the same laptop goes on at once, another only after it saw the lease unchanged for the whole term', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const inventory = disk();
    const killed = laptop(cluster, time, 'kestrel', testDefinition([held.step]), inventory);
    await killed.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    // Its process is gone: nothing of it reaches the cluster any more.
    cluster.wire = async (who) => (who === 'kestrel' ? 'lost-before' : 'arrives');
    const merlin = laptop(cluster, time, 'merlin', testDefinition([testStep('held')]));
    await merlin.region.readFresh();
    expect(merlin.operations.get(id)).toMatchObject({ state: { kind: 'elsewhere', owner: 'anna on kestrel' } });
    await expect(merlin.operations.continue(id)).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    cluster.wire = async () => 'arrives';
    const restarted = laptop(cluster, time, 'kestrel', testDefinition([testStep('held')]), inventory);
    await restarted.region.readFresh();
    expect(restarted.operations.get(id).state.kind).toBe('unattended');
    cluster.wire = async (who) => (who === 'kestrel' ? 'lost-before' : 'arrives');
    for (let passed = 0; passed < 65_000; passed += 5000) {
      await time.pass(5000);
      await merlin.region.readFresh();
    }
    expect(merlin.operations.get(id).state.kind).toBe('unattended');
    await merlin.operations.continue(id);
    expect((await untilOver(time, merlin, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });

  test('R20: who lost the lease writes nothing more, undoes nothing, and shows it as another’s', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const [next, undo] = [
      testStep('next', async ({ saveRecord }) => saveRecord(() => ({ reason: 'changed' }))),
      testStep('undo'),
    ];
    const kestrel = laptop(cluster, time, 'kestrel', testDefinition([held.step, next], [undo]));
    await kestrel.operations.start(request(id, 'c2'), '');
    cluster.marks.set('rackside-lease-c2', '0123456789abcdef.0.AAAA');
    const writes = cluster.written.length;
    held.open();
    await time.pass(60_000);
    expect(kestrel.operations.running()).toEqual([]);
    expect(kestrel.operations.get(id).state.kind).toBe('elsewhere');
    expect([next.acted, undo.acted, cluster.written.length]).toEqual([[], [], writes]);
    expect(cluster.marks.get('rackside-lease-c2')).toBe('0123456789abcdef.0.AAAA');
  });

  test('R2: a network that is away delays an operation and decides nothing', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const next = testStep('next');
    const one = laptop(cluster, time, 'kestrel', testDefinition([held.step, next]));
    await one.operations.start(request(id, 'c2'), '');
    cluster.wire = async () => 'lost-before';
    held.open();
    await time.pass(300_000);
    expect(one.operations.get(id).state.kind).toBe('running');
    expect(
      one.operations
        .get(id)
        .steps.map(({ detail }) => detail)
        .join(''),
    ).toMatch(/^waits: /u);
    cluster.wire = async () => 'arrives';
    expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(next.acted).toHaveLength(1);
  });

  test('R2: a network that stays away ends it after half an hour, and the lock is not asked for for ever', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const one = laptop(cluster, time, 'kestrel', testDefinition([held.step, testStep('next')]));
    await one.operations.start(request(id, 'c2'), '');
    cluster.wire = async () => 'lost-before';
    held.open();
    await time.pass(1_790_000);
    expect(one.operations.get(id).state.kind).toBe('running');
    await time.pass(200_000);
    expect(one.operations.get(id).state).toMatchObject({
      kind: 'failed',
      problem: { code: 'step-failed', message: expect.stringMatching(/half an hour in vain/u) as string },
    });
    expect([one.operations.running(), one.mistakes]).toEqual([[], []]);
  }, 30_000);

  test('handed over, another laptop goes on at once', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('held');
    const kestrel = laptop(cluster, time, 'kestrel', testDefinition([held.step]));
    await kestrel.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    await kestrel.region.readFresh();
    await kestrel.operations.handOver(id);
    expect(kestrel.operations.get(id).state.kind).toBe('unattended');
    const merlin = laptop(cluster, time, 'merlin', testDefinition([testStep('held')]));
    await merlin.operations.continue(id);
    expect((await untilOver(time, merlin, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });
});
