import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { fail, problemOf } from '#shared/problems.ts';
import { clusterDouble, type Fate } from './cluster-double.ts';
import {
  crossroads,
  gate,
  laptop,
  request,
  settled,
  testDefinition,
  testStep,
  testTime,
  untilOver,
  type Laptop,
} from './laptop.ts';

const id = operationId('op-1');
const admission = 'rackside-slot-admission';

const nextOf = (fates: Iterator<Fate, unknown>): Fate => {
  const next = fates.next();
  return next.done === true ? 'arrives' : next.value;
};

/** Resolves when it is not driven any more. */
async function ended({ operations }: Laptop, of: string): Promise<void> {
  while (operations.running().some((one) => one.id === of)) await settled();
}

describe('one operation', () => {
  test('R3: start calls that are duplicated, reordered and retried leave one execution and one record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.nat({ max: 11 })),
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 6 }),
        fc.infiniteStream(fc.constantFrom<Fate[]>('arrives', 'arrives', 'arrives', 'lost-before', 'lost-after')),
        async (picks, delays, fates) => {
          const [cluster, time] = [clusterDouble(), testTime()];
          const wire = crossroads(time, picks);
          const steps = [testStep('one'), testStep('two')];
          const one = laptop(cluster, time, 'kestrel', testDefinition(steps));
          // Once it is begun the network is whole again: what is asked here is how often it is begun.
          cluster.wire = async () =>
            wire.arrive(one.operations.running().length > 0 ? ('arrives' as const) : nextOf(fates));
          const calls = delays.map(async (turns) => {
            for (let turn = 0; turn < turns; turn += 1) await settled();
            return one.operations.start(request(id, 'c2'), '');
          });
          const begun = (await wire.until(Promise.allSettled(calls))).filter(
            ({ status }) => status === 'fulfilled',
          ).length;
          if (begun > 0) {
            await wire.until(ended(one, id));
            expect(one.operations.get(id).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
            expect(cluster.written.filter((line) => line === '- rackside-op-c2')).toHaveLength(1);
          }
          for (const step of steps) expect(step.acted).toHaveLength(begun === 0 ? 0 : 1);
          expect(one.mistakes).toEqual([]);
          // The same again, when it is over: the same operation, and nothing is done.
          if (begun > 0) {
            const again = await wire.until(one.operations.start(request(id, 'c2'), ''));
            expect(again.state.kind).toBe('ended');
            for (const step of steps) expect(step.acted).toHaveLength(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ['R20: two laptops start the same node in the same second: exactly one proceeds', 'c2', 'c2'],
    [
      'R5: two laptops take two nodes out of service in the same second at a limit of one: exactly one proceeds',
      'c2',
      'c3',
    ],
  ])('%s', async (_name, first, second) => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 11 })), async (picks) => {
        const [cluster, time] = [clusterDouble(), testTime()];
        const wire = crossroads(time, picks);
        const held = gate('hold');
        const two = ['kestrel', 'merlin'].map((name) => laptop(cluster, time, name, testDefinition([held.step])));
        cluster.wire = () => wire.arrive('arrives' as const);
        const all = Promise.allSettled([
          two[0]!.operations.start(request('op-1', first), ''),
          two[1]!.operations.start(request('op-2', second), ''),
        ]);
        const both = await wire.until(all);
        const refused = both.flatMap((each) => (each.status === 'rejected' ? [problemOf(each.reason)?.code] : []));
        expect(refused).toHaveLength(1);
        expect(['node-locked', 'service-limit']).toContain(refused[0]);
        expect([...cluster.marks.keys()].filter((mark) => mark.startsWith('rackside-op-'))).toHaveLength(1);
        expect(cluster.marks.has(admission)).toBe(false);
        expect(held.step.acted).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  test('R5: at a limit of one the second node is refused by name, also after the admission is free again; at two it proceeds', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const held = gate('hold');
    const [kestrel, merlin] = ['kestrel', 'merlin'].map((name) =>
      laptop(cluster, time, name, testDefinition([held.step])),
    );
    await kestrel!.operations.start(request('op-1', 'c2'), '');
    await expect(merlin!.operations.start(request('op-2', 'c3'), '')).rejects.toMatchObject({
      problem: { code: 'service-limit', message: expect.stringContaining('c2 (Entering maintenance)') as string },
    });
    cluster.marks.set(
      'rackside-limits',
      Buffer.from(JSON.stringify({ v: 1, maxOutOfService: 2 })).toString('base64url'),
    );
    await expect(merlin!.operations.start(request('op-3', 'c3'), '')).resolves.toMatchObject({
      state: { kind: 'running' },
    });
  });

  test('a preflight that fails under the admission leaves no lease, no record and no admission behind', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const one = laptop(cluster, time, 'kestrel', testDefinition([testStep('one')]));
    const judge = async () => fail({ code: 'preflight-failed', message: 'c2: no.', advice: 'Look.' });
    await expect(one.operations.start({ ...request(id, 'c2'), judge }, '')).rejects.toMatchObject({
      problem: { code: 'preflight-failed' },
    });
    expect([...cluster.marks]).toEqual([]);
    expect(() => one.operations.get(id)).toThrow(/no operation/u);
  });

  test.each([0, 1, 2])('R6: cancelled in step %i it is undone, and no further step begins', async (at) => {
    const [cluster, time] = [clusterDouble(), testTime()];
    const undo = testStep('undo');
    const held = gate('held');
    const steps = [testStep('a'), testStep('b'), testStep('c')].map((step, index) => (index === at ? held.step : step));
    const one = laptop(cluster, time, 'kestrel', testDefinition(steps, [undo]));
    await one.operations.start(request(id, 'c2'), '');
    await time.pass(1000);
    expect((await one.operations.cancel(id)).state.kind).toBe('cancelling');
    // Cancelling twice is cancelling once.
    await one.operations.cancel(id);
    held.open();
    const over = await untilOver(time, one, id);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
    expect(steps.map((step) => step.acted.length)).toEqual(steps.map((_step, index) => (index <= at ? 1 : 0)));
    expect(undo.acted).toHaveLength(1);
    expect([...cluster.marks]).toEqual([]);
  });

  test('R2: a step that fails leaves its record with the reason, frees the lease, and is continued from where it stands by another laptop', async () => {
    const [cluster, time] = [clusterDouble(), testTime()];
    let isBroken = true;
    const steps = [
      testStep('one'),
      testStep('two', async () => {
        if (isBroken)
          fail({ code: 'step-failed', message: 'vm1 was not moved: the disk is missing.', advice: 'Look.' });
      }),
    ];
    const definition = testDefinition(steps);
    const kestrel = laptop(cluster, time, 'kestrel', definition);
    await kestrel.operations.start(request(id, 'c2'), '');
    expect((await untilOver(time, kestrel, id)).state).toMatchObject({
      kind: 'failed',
      problem: { code: 'step-failed' },
    });
    expect([...cluster.marks.keys()]).toEqual(['rackside-op-c2']);
    expect(kestrel.notified.at(-1)).toMatch(/vm1 was not moved: the disk is missing/u);
    const merlin = laptop(cluster, time, 'merlin', definition);
    await merlin.region.readFresh();
    expect(merlin.operations.get(id)).toMatchObject({
      state: { kind: 'failed', problem: { message: 'vm1 was not moved: the disk is missing.' } },
      isOurs: false,
      actions: expect.arrayContaining([
        { action: 'continue', refused: null },
        { action: 'roll-back', refused: null },
      ]) as unknown,
    });
    isBroken = false;
    await merlin.operations.continue(id);
    expect((await untilOver(time, merlin, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect([...cluster.marks]).toEqual([]);
    await kestrel.region.readFresh();
    expect(kestrel.operations.get(id).state).toMatchObject({
      kind: 'ended',
      left: [expect.stringContaining('another laptop')],
    });
  });
});
