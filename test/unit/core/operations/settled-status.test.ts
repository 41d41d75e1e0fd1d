import { expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { clusterDouble } from './cluster-double.ts';
import { laptop, request, testDefinition, testStep, testTime, untilOver } from './laptop.ts';

const id = operationId('op-1');
const asked = { ...request(id, 'c2'), decided: 'maintenance' } as const;

test('a status that one look leaves unproven refuses nobody: a second look, a second later, decides', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const one = laptop(cluster, time, 'kestrel', testDefinition([testStep('one')]));
  await one.region.readFresh();
  cluster.region = { ...cluster.region, unsettled: new Set(['c2']) };
  const begun = one.operations.start(asked, '');
  await time.pass(900);
  cluster.region = { ...cluster.region, unsettled: new Set() };
  await time.pass(1000);
  expect((await begun).id).toBe(id);
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
});

test('what a second look does not settle is refused, and nothing was written', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  const one = laptop(cluster, time, 'kestrel', testDefinition([testStep('one')]));
  await one.region.readFresh();
  cluster.region = { ...cluster.region, unsettled: new Set(['c2']) };
  const begun = one.operations.start(asked, '');
  begun.catch(() => {});
  await time.pass(5000);
  await expect(begun).rejects.toMatchObject({ problem: { code: 'not-available' } });
  expect([...cluster.marks]).toEqual([]);
});
