import { expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { clusterDouble } from './cluster-double.ts';
import { laptop, request, testDefinition, testStep, testTime, untilOver } from './laptop.ts';

const id = operationId('11111111-1111-4111-8111-111111111111');

test('R3, R7: of two VMs whose moves end together, each is noted in the record, and neither is moved again', async () => {
  const [cluster, time] = [clusterDouble(), testTime()];
  let noted: readonly string[] = [];
  const steps = [
    testStep('move', async ({ saveRecord }) => {
      const note = (resource: string) =>
        saveRecord(({ vms }) => ({
          vms: [...vms, { resource, target: null, effect: 'live-migrate', isDone: true }],
        }));
      await Promise.all(['vm1', 'vm2', 'vm3'].map((resource) => note(resource)));
    }),
    testStep('next', async ({ record }) => {
      noted = record().vms.map(({ resource }) => resource);
    }),
  ];
  const one = laptop(cluster, time, 'kestrel', testDefinition(steps));
  await one.operations.start(request(id, 'c2'), '');
  expect((await untilOver(time, one, id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(noted).toEqual(['vm1', 'vm2', 'vm3']);
});
