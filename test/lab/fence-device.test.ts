import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { processesOf } from './mid-move.ts';
import { confirmed, forgetOperations, prepare, tracesOf } from './node-operations.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// What has to hold while a node is away: somebody can fence.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let region: RegionId;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  await forgetOperations(lab);
  await lab.addVm({ name: 'guest', memoryMiB: 16, node: 'c2' });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  region = await addLiveRegion(app, lab);
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  await forgetOperations(lab);
  await lab.settle(150_000);
  await lab.deleteVm('guest');
  await lab.down();
});

const preflightOf = async (node: string) => {
  const { id: nodeId } = await rowOf(app, region, node);
  return app.call('maintenance.prepare', { regionId: region, nodeId, choices: noChoices });
};

test('R8: a fence device whose monitor fails is a blocker of its own; mended, the same preflight passes', async () => {
  const c1 = lab.node('c1');
  const portIs = async (port: number) =>
    c1.mustExec(`crm_resource -r power --set-parameter ipport --parameter-value ${port}; crm_resource --cleanup`);
  const before = await processesOf(lab, 'guest');
  await portIs(1);
  try {
    const failing = await waitFor(
      'the preflight sees that nothing can fence',
      async () => {
        const prepared = await preflightOf('c2');
        const check = prepared.checks.find(({ code }) => code === 'fencing-works');
        return check?.state === 'blocker' ? prepared : undefined;
      },
      60_000,
      1000,
    );
    expect(failing.checks.find(({ code }) => code === 'fencing-works')?.words).toMatch(/power: its monitor fails/u);
    await expect(app.call('maintenance.start', confirmed(region, failing))).rejects.toMatchObject({
      problem: { code: 'preflight-failed' },
    });
    expect(await processesOf(lab, 'guest')).toEqual(before);
    expect(await tracesOf(lab)).toEqual([]);
  } finally {
    await portIs(9623);
  }
  const { checks } = await prepare(app, region, 'c2');
  expect(checks.find(({ code }) => code === 'fencing-works')?.state).toBe('pass');
});
