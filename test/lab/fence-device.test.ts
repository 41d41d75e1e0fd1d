import { expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { waitFor, type Lab } from './lab-api.ts';
import { layoutOf } from './layout.ts';
import { processesOf } from './mid-move.ts';
import { confirmed, prepare, tracesOf } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop } from './use-lab.ts';

// What has to hold while a node is away: somebody can fence.
const portIs = (lab: Lab, port: number) =>
  lab
    .node('c1')
    .mustExec(`crm_resource -r power --set-parameter ipport --parameter-value ${port}; crm_resource --cleanup`);
const laptop = useLaptop(
  useLab([{ name: 'guest', memoryMiB: 16, node: 'c2' }], async (lab) => {
    await portIs(lab, layoutOf(lab.id).switchPort);
  }),
);

const preflightOf = async (node: string) => {
  const { id: nodeId } = await rowOf(laptop.app, laptop.region, node);
  return laptop.app.call('maintenance.prepare', { regionId: laptop.region, nodeId, choices: noChoices });
};

test('R8: a fence device whose monitor fails is a blocker of its own; mended, the same preflight passes', async () => {
  const { app, lab, region } = laptop;
  const before = await processesOf(lab, 'guest');
  await portIs(lab, 1);
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
  await portIs(lab, layoutOf(lab.id).switchPort);
  const { checks } = await prepare(app, region, 'c2');
  expect(checks.find(({ code }) => code === 'fencing-works')?.state).toBe('pass');
});
