import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { NodeId, OperationId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor } from './lab-api.ts';
import {
  domainsOn as domainsOnNode,
  isOver,
  startActivate,
  startMaintenance,
  untilOperation,
} from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// What stops on purpose stays so and fences nobody: one VM by its own action, and a node's cluster services at the end of a maintenance.
const used = useLab([
  { name: 's1', memoryMiB: 16, node: 'c2' },
  { name: 's2', memoryMiB: 16, node: 'c2' },
  { name: 'gpu', memoryMiB: 16, node: 'w1', hasGpu: true },
]);
const laptop = useLaptop(used);

const ask = (command: string): Promise<string> => used.lab.node('c1').mustExec(command);
const domainsOn = (name: string): Promise<readonly string[]> => domainsOnNode(used.lab.node(name));
const idOf = async (name: string): Promise<NodeId> => (await rowOf(laptop.app, laptop.region, name)).id;
const newId = (): OperationId => randomUUID() as OperationId;
const roleOf = async (vm: string): Promise<string> =>
  (await ask(`crm_resource -r ${vm} --meta -g target-role 2>/dev/null || true`)).trim();
const fencings = async (): Promise<string> =>
  (await ask('stonith_admin --history c2 2>/dev/null || true')).replaceAll(/\s+/gu, ' ');

/** Waits until it stands still: a VM ignores ACPI here, so that its shutdown takes half a minute at least. */
const ended = (operationId: OperationId): Promise<Operation> =>
  untilOperation(laptop.app, laptop.region, operationId, isOver, 400_000);

const said = ({ steps, vms: rows, state }: Operation): string => JSON.stringify({ state, steps, rows });

test('a VM is shut down through the cluster and stays down; its name is typed, and what the cluster does not manage is refused', async () => {
  const { app, region: regionId } = laptop;
  const nodeId = await idOf('c2');
  const input = { regionId, nodeId, operationId: newId(), resource: 's1', typedName: 's1' };
  await expect(app.call('vms.shutDown', { ...input, typedName: 's2' })).rejects.toMatchObject({
    problem: { code: 'name-mismatch' },
  });
  await expect(
    app.call('vms.shutDown', { ...input, operationId: newId(), resource: 'stray', typedName: 'stray' }),
  ).rejects.toThrow(/not-available: stray was not shut down: the cluster does not manage it/u);
  await expect(app.call('vms.shutDown', { ...input, operationId: newId(), nodeId: await idOf('c1') })).rejects.toThrow(
    /not-available: s1 was not shut down: it runs on c2/u,
  );
  expect(await domainsOn('c2')).toEqual(expect.arrayContaining(['s1', 's2']));

  await app.call('vms.shutDown', input);
  const operation = await ended(input.operationId);
  expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(await domainsOn('c2')).toEqual(['s2']);
  expect(await roleOf('s1')).toBe('Stopped');
  await untilShown(laptop, 'c2', 'active');
}, 600_000);

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R6: a shutdown that is cancelled gives the VM back to the cluster as it was',
  async () => {
    const { app, region: regionId } = laptop;
    const operationId = newId();
    await app.call('vms.shutDown', {
      regionId,
      nodeId: await idOf('c2'),
      operationId,
      resource: 's2',
      typedName: 's2',
    });
    await app.call('operations.cancel', { regionId, operationId });
    const operation = await ended(operationId);
    expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
    expect(await roleOf('s2')).not.toBe('Stopped');
    await waitFor('s2 runs', async () => (await domainsOn('c2')).includes('s2'), 120_000);
  },
  600_000,
);

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R9: a GPU VM holds up the maintenance of its node; once it is shut down by its typed name the node is emptied, and it stays down',
  async () => {
    const { app, region: regionId } = laptop;
    const nodeId = await idOf('w1');
    const held = await app.call('maintenance.prepare', { regionId, nodeId, choices: noChoices });
    expect([held.isReady, held.vms]).toMatchObject([false, [{ resource: 'gpu', effect: 'stop' }]]);
    const input = { regionId, nodeId, operationId: newId(), resource: 'gpu', typedName: 'gpu' };
    await app.call('vms.shutDown', input);
    const operation = await ended(input.operationId);
    expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect([await domainsOn('w1'), await roleOf('gpu')]).toEqual([[], 'Stopped']);
    const { id } = await startMaintenance(app, regionId, 'w1');
    const emptied = await ended(id);
    expect([emptied.state, emptied.vms]).toMatchObject([{ kind: 'ended', outcome: 'succeeded' }, []]);
    await untilShown(laptop, 'w1', 'in-maintenance');
    expect(await roleOf('gpu')).toBe('Stopped');
  },
  600_000,
);

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R11: cluster services that are stopped after the maintenance has ended: the power is cut then, and nobody is fenced',
  async () => {
    const { app, lab, region } = laptop;
    const before = await fencings();
    const { id: drain } = await startMaintenance(app, region, 'c2');
    const drained = await ended(drain);
    expect(drained.state, said(drained)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    await untilShown(laptop, 'c2', 'in-maintenance');
    const on = { regionId: region, nodeId: await idOf('c2') };
    const { digest, isReady, wouldRun } = await app.call('services.prepareStop', on);
    expect([isReady, wouldRun.map(({ step }) => step)]).toEqual([true, ['record', 'stop-services']]);
    const input = { ...on, operationId: newId(), digest };
    await app.call('services.stop', input);
    const operation = await ended(input.operationId);
    expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const { maintenance } = await rowOf(app, region, 'c2');
    expect(maintenance).toMatchObject({ reason: 'lab test', isStopped: true });
    const again = await app.call('services.prepareStop', on);
    expect([again.isReady, again.heldUpBy]).toEqual([false, expect.stringContaining('its services run')]);
    await lab.fault('c2', 'kill');
    await sleep(30_000);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect(await fencings()).toBe(before);
    await lab.fault('c2', 'restore');
    const { id: back } = await startActivate(app, region, 'c2', { bringsVmsHome: true });
    const activated = await ended(back);
    expect(activated.state, said(activated)).toMatchObject({ kind: 'ended' });
    await untilShown(laptop, 'c2', 'active');
    expect(await fencings()).toBe(before);
  },
  900_000,
);

test('a maintenance that stops the cluster services ends In maintenance, offline and clean, fences nobody, and Activate starts them again', async () => {
  const { app, lab, region } = laptop;
  const before = await fencings();
  const { id } = await startMaintenance(app, region, 'c2', { stopsServices: true });
  const operation = await ended(id);
  expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(operation.steps.map((step) => `${step.id} ${step.state}`)).toContain('stop-services done');
  const { stdout } = await lab.node('c2').exec('systemctl is-active pacemaker corosync');
  expect(stdout.trim().split('\n')).toEqual(['inactive', 'inactive']);
  await untilShown(laptop, 'c2', 'in-maintenance');
  expect(await fencings()).toBe(before);

  const { id: back } = await startActivate(app, region, 'c2', { bringsVmsHome: false });
  const activated = await ended(back);
  expect(activated.state, said(activated)).toMatchObject({ kind: 'ended' });
  await untilShown(laptop, 'c2', 'active');
  expect(await fencings()).toBe(before);
}, 900_000);
