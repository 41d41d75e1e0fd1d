import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeId, OperationId, RegionId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { forgetOperations } from './node-operations.ts';
import { addLiveRegion, rowOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// What stops on purpose stays so and fences nobody: one VM by its own action, and a node's cluster services at the end of a maintenance.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let regionId: RegionId;
const vms = ['s1', 's2'] as const;

beforeAll(async () => {
  lab = await startLab();
  await forgetOperations(lab);
  for (const name of vms) await lab.addVm({ name, memoryMiB: 16, node: 'c2' });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  regionId = await addLiveRegion(app, lab);
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  await forgetOperations(lab);
  await lab.node('c2').exec('systemctl start corosync pacemaker');
  await lab.settle();
  // A VM that stays where a maintenance took it keeps its pin, which goes with it.
  await ask(`cibadmin --delete-all --force --xpath '//rsc_location[starts-with(@id,"rackside-move-")]'`);
  for (const name of vms) await lab.deleteVm(name);
  await lab.down();
});

const ask = (command: string): Promise<string> => lab.node('c1').mustExec(command);
const domainsOn = async (name: string): Promise<readonly string[]> =>
  (await lab.node(name).mustExec('virsh -c qemu:///system list --name')).trim().split('\n').filter(Boolean);
const idOf = async (name: string): Promise<NodeId> => (await rowOf(app, regionId, name)).id;
const newId = (): OperationId => randomUUID() as OperationId;
const roleOf = async (vm: string): Promise<string> =>
  (await ask(`crm_resource -r ${vm} --meta -g target-role 2>/dev/null || true`)).trim();
const fencings = async (): Promise<string> =>
  (await ask('stonith_admin --history c2 2>/dev/null || true')).replaceAll(/\s+/gu, ' ');

/** Waits until it stands still, and says how. */
function ended(operationId: OperationId, withinMs = 200_000): Promise<Operation> {
  return waitFor(
    'the operation has ended or failed',
    async () => {
      const operation = await app.call('operations.get', { regionId, operationId });
      return operation.state.kind === 'ended' || operation.state.kind === 'failed' ? operation : undefined;
    },
    withinMs,
    500,
  );
}

const said = ({ steps, vms: rows, state }: Operation): string => JSON.stringify({ state, steps, rows });

test('a VM is shut down through the cluster and stays down; its name is typed, and what the cluster does not manage is refused', async () => {
  await waitFor('both VMs run on c2', async () => (await domainsOn('c2')).length === 2, 90_000);
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
  expect((await rowOf(app, regionId, 'c2')).status.status).toBe('active');
}, 300_000);

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R6: a shutdown that is cancelled gives the VM back to the cluster as it was',
  async () => {
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
    await waitFor('s2 runs', async () => (await domainsOn('c2')).includes('s2'), 60_000);
  },
  300_000,
);

test('a maintenance that stops the cluster services ends In maintenance, offline and clean, fences nobody, and Activate starts them again', async () => {
  const nodeId = await idOf('c2');
  const before = await fencings();
  const choices = { ...noChoices, stopsServices: true };
  const prepared = await waitFor(
    'the maintenance is ready',
    async () => {
      const found = await app.call('maintenance.prepare', { regionId, nodeId, choices });
      return found.isReady ? found : undefined;
    },
    60_000,
  );
  const operationId = newId();
  const { digest } = prepared;
  await app.call('maintenance.start', { regionId, nodeId, operationId, choices, digest, reason: 'new power supply' });
  const operation = await ended(operationId, 300_000);
  expect(operation.state, said(operation)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(operation.steps.map(({ id, state }) => `${id} ${state}`)).toContain('stop-services done');
  const { stdout } = await lab.node('c2').exec('systemctl is-active pacemaker corosync');
  expect(stdout.trim().split('\n')).toEqual(['inactive', 'inactive']);
  const { status } = await rowOf(app, regionId, 'c2');
  expect(status.status).toBe('in-maintenance');
  expect(await fencings()).toBe(before);

  const activation = await waitFor(
    'it can be activated',
    async () => {
      const found = await app.call('activate.prepare', { regionId, nodeId });
      return found.isReady ? found : undefined;
    },
    60_000,
  );
  const back = newId();
  await app.call('activate.start', {
    regionId,
    nodeId,
    operationId: back,
    digest: activation.digest,
    bringsVmsHome: false,
    acknowledgesFenceLoop: false,
  });
  const activated = await ended(back, 300_000);
  expect(activated.state, said(activated)).toMatchObject({ kind: 'ended' });
  expect((await rowOf(app, regionId, 'c2')).status.status).toBe('active');
  expect(await fencings()).toBe(before);
}, 700_000);
