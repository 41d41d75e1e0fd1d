import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import type { Request } from '../../../../electron/core/operations/begin.ts';
import { clusterDouble, type ClusterDouble } from './cluster-double.ts';
import { laptop, request, testDefinition, testStep, testTime } from './laptop.ts';

const id = operationId('op-1');
const admission = 'rackside-slot-admission';
const lock = 'rackside-lease-c2';
const record = 'rackside-op-c2';
const anothers = '0123456789abcdef.0.AAAA';

/** Asks for a maintenance of c2; `meanwhile` happens after it was judged, before anything of it is written. */
async function startOf(cluster: ClusterDouble, change: Partial<Request>, meanwhile: () => void = () => {}) {
  const step = testStep('one');
  const one = laptop(cluster, testTime(), 'kestrel', testDefinition([step]));
  const asked = { ...request(id, 'c2'), ...change };
  const judge = async () => {
    const judged = await asked.judge();
    meanwhile();
    return judged;
  };
  await one.region.readFresh();
  const begun = one.operations.start({ ...asked, judge }, '');
  return { begun, step };
}

describe('R5, R20: a start under the region’s admission', () => {
  test.each<readonly [string, (cluster: ClusterDouble) => void]>([
    ['another machine answers for its node', (one) => (one.region = { ...one.region, frozen: { c2: 'x' } })],
    ['the region is read-only', (one) => (one.region = { ...one.region, readOnlyBecause: 'of its versions.' })],
    [
      'the brake is pulled',
      (one) =>
        (one.region = { ...one.region, brake: { since: 0, nodes: ['c1', 'c3'], words: 'x', liftedUntil: null } }),
    ],
  ])('is decided again: nothing is begun where by then %s', async (_what, change) => {
    const cluster = clusterDouble();
    cluster.wire = async () => {
      if (cluster.marks.has(admission)) change(cluster);
      return 'arrives';
    };
    const { begun, step } = await startOf(cluster, { decided: 'maintenance' });
    await expect(begun).rejects.toMatchObject({ problem: { code: 'not-available' } });
    expect([[...cluster.marks], step.acted]).toEqual([[], []]);
  });

  test('writes nothing once the admission is another’s: that one may just have admitted another node', async () => {
    const cluster = clusterDouble();
    const { begun, step } = await startOf(cluster, {}, () => void cluster.marks.set(admission, anothers));
    await expect(begun).rejects.toMatchObject({ problem: { code: 'write-refused' } });
    expect([[...cluster.marks], step.acted]).toEqual([[[admission, anothers]], []]);
  });

  test('writes nothing once the node’s lock is another’s', async () => {
    const cluster = clusterDouble();
    cluster.wire = async () => {
      if (cluster.marks.has(lock)) cluster.marks.set(lock, anothers);
      return 'arrives';
    };
    const { begun, step } = await startOf(cluster, {});
    await expect(begun).rejects.toMatchObject({ problem: { code: 'write-refused' } });
    expect([[...cluster.marks], step.acted]).toEqual([[[lock, anothers]], []]);
  });

  test('writes nothing over an operation that is recorded on the node', async () => {
    const cluster = clusterDouble();
    const { begun, step } = await startOf(cluster, {}, () => void cluster.marks.set(record, 'another'));
    await expect(begun).rejects.toMatchObject({
      problem: { code: 'node-locked', message: 'An operation is recorded on c2 already.' },
    });
    expect([[...cluster.marks], step.acted]).toEqual([[[record, 'another']], []]);
  });

  test('that takes the place of another writes nothing where that has ended meanwhile', async () => {
    const cluster = clusterDouble();
    const { begun, step } = await startOf(cluster, { replaces: operationId('op-0') });
    await expect(begun).rejects.toMatchObject({ problem: { code: 'write-refused' } });
    expect([[...cluster.marks], step.acted]).toEqual([[], []]);
  });
});
