import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { nodeId, operationId, type RegionId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { forgetOperations } from './node-operations.ts';
import {
  addLiveRegion,
  rowOf,
  snapshotOf,
  startRackside,
  temporaryDataFolder,
  watchStatuses,
  type Rackside,
} from './rackside.ts';
import { rejoin } from './rejoin.ts';

// A node comes back, and a node leaves for good: held against what the nodes themselves say.
let lab: Lab;
let app: Rackside;
let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
let regionId: RegionId;
const vms = [
  { name: 'home1', node: 'c2' },
  { name: 'home2', node: 'c2' },
  { name: 'home3', node: 'w1' },
] as const;

beforeAll(async () => {
  lab = await startLab({ controls: 3, workers: 1 });
  await forgetOperations(lab);
  for (const { name, node } of vms) await lab.addVm({ name, memoryMiB: 24, node });
  data = await temporaryDataFolder();
  app = await startRackside(data.path);
  regionId = await addLiveRegion(app, lab);
});

afterAll(async () => {
  await app.stop();
  await data.remove();
  for (const node of lab.nodes) if (!node.isOn()) await node.fault('restore');
  for (const name of ['w1', 'c2', 'c3']) await rejoin(lab, name);
  await forgetOperations(lab);
  await lab.settle();
  for (const { name } of vms) await lab.deleteVm(name);
  await lab.down();
});

const member = (name: string) => nodeId(`member:${name}`);

/** Waits until nothing drives the operation any more. */
function over(id: string): Promise<Operation> {
  return waitFor(
    'the operation is over',
    async () => {
      const operation = await app.call('operations.get', { regionId, operationId: operationId(id) });
      return operation.state.kind === 'running' || operation.state.kind === 'cancelling' ? undefined : operation;
    },
    240_000,
  );
}

async function maintain(node: string): Promise<void> {
  const on = { regionId, nodeId: member(node) };
  const prepared = await app.call('maintenance.prepare', { ...on, choices: noChoices });
  expect(prepared.heldUpBy).toBe('');
  const id = operationId(randomUUID());
  const { digest } = prepared;
  await app.call('maintenance.start', { ...on, operationId: id, choices: noChoices, digest, reason: 'a fan' });
  expect((await over(id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
}

async function activate(node: string, bringsVmsHome: boolean): Promise<string> {
  const on = { regionId, nodeId: member(node) };
  const { digest, heldUpBy } = await app.call('activate.prepare', on);
  expect(heldUpBy).toBe('');
  const id = operationId(randomUUID());
  await app.call('activate.start', { ...on, operationId: id, digest, bringsVmsHome, acknowledgesFenceLoop: false });
  return id;
}

/** Names of the VMs that run on a node, each with how its process came to be: cold, or by a migration (`-incoming`). */
async function running(node: string): Promise<Readonly<Record<string, 'cold' | 'arrived'>>> {
  const lines = (await lab.node(node).mustExec(`pgrep -ax qemu-system-x86 || true`)).split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [/guest=([^,]+)/u.exec(line)?.[1] ?? '?', line.includes(' -incoming ') ? 'arrived' : 'cold']),
  );
}

const constraints = (): Promise<string> => lab.node('c1').mustExec('cibadmin -Q -o constraints');
const fencings = async (node: string) =>
  (await lab.cluster('c1')).fenceEvents.filter(({ target }) => target === node).length;

test('a control node comes back: Active by observation, and its VMs come home without one cold start', async () => {
  await maintain('c2');
  expect(await running('c2')).toEqual({});
  const statuses = watchStatuses(app, regionId, 'c2');
  const operation = await over(await activate('c2', true));
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded', left: [] });
  expect(await running('c2')).toEqual({ home1: 'arrived', home2: 'arrived' });
  expect(await statuses.stop()).toEqual(['in-maintenance', 'activating', 'active']);
  // No pin, no hold, no record is left of it.
  expect(await lab.node('c1').mustExec('cibadmin -Q -o configuration')).not.toMatch(/rackside-(?!limits)/u);
});

test('a Worker is drained, comes back with its VM where it went, and its pin goes where nothing depends on it', async () => {
  await maintain('w1');
  const operation = await over(await activate('w1', false));
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  // Its location preference would pull it home: the pin stays, and is told.
  expect(operation.vms).toMatchObject([{ resource: 'home3', state: 'stays' }]);
  expect(operation.state.kind === 'ended' ? operation.state.left.join() : '').toMatch(/its pin is kept/u);
  expect(await running('w1')).toEqual({});
  expect((await rowOf(app, regionId, 'w1')).status.status).toBe('active');
});

/** Removes a node that is in maintenance. */
async function remove(node: string, typedName = node): Promise<Operation> {
  const on = { regionId, nodeId: member(node) };
  const { digest, poolStatement, powerOffStatement } = await app.call('removal.prepare', on);
  const id = operationId(randomUUID());
  const stated = { poolStatement: poolStatement ?? '', powerOffStatement: powerOffStatement ?? '' };
  await app.call('removal.start', { ...on, ...stated, operationId: id, digest, typedName, reason: 'sold' });
  return over(id);
}

async function expectOut(node: string, operation: Operation): Promise<void> {
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(operation.state.kind === 'ended' ? operation.state.left.join() : '').toMatch(/off.*boot.*Wipe/u);
  expect((await lab.cluster('c1')).nodes.map(({ name }) => name)).not.toContain(node);
  expect(await lab.node('c1').mustExec('cat /etc/corosync/corosync.conf')).not.toContain(`name: ${node}\n`);
  expect(await constraints()).not.toContain(`"${node}"`);
  const { nodes } = await snapshotOf(app, regionId);
  const [out, ...more] = nodes.filter(({ name }) => name === node);
  expect(more).toEqual([]);
  expect(out?.id).toMatch(/^out:/u);
  expect(out?.status.status).toBe('out');
}

test('R16: a Worker is removed without being fenced, and is Out; another name than its own removes nothing', async () => {
  await maintain('w1');
  await expect(remove('w1', 'w2')).rejects.toMatchObject({ problem: { code: 'name-mismatch' } });
  const before = await fencings('w1');
  const prepared = await app.call('removal.prepare', { regionId, nodeId: member('w1') });
  expect(prepared.leftovers.map(({ id }) => id)).toEqual(['location-home3-w1-50']);
  const operation = await remove('w1');
  await expectOut('w1', operation);
  expect(await fencings('w1')).toBe(before);
  expect((await lab.node('w1').exec('systemctl is-enabled pacemaker_remote')).stdout.trim()).toBe('disabled');
});

test('R15: a control node is removed by another one, and the cluster counts one vote less', async () => {
  await maintain('c2');
  await expectOut('c2', await remove('c2'));
  expect(await fencings('c2')).toBe(0);
  expect(await lab.node('c1').mustExec('corosync-quorumtool -s')).toMatch(/Expected votes:\s+2\n/u);
  // Its VMs run on where they went.
  const elsewhere = { ...(await running('c1')), ...(await running('c3')) };
  expect(Object.keys(elsewhere).toSorted()).toEqual(['home1', 'home2', 'home3']);
});

describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('at length', { timeout: 500_000 }, () => {
  test('R6, R31: Activate that is cancelled while a VM comes home hands that VM back and leaves the node Active', async () => {
    await rejoin(lab, 'c2');
    await lab.addVm({ name: 'slow1', memoryMiB: 64, node: 'c2', memory: 'filled' });
    try {
      await maintain('c2');
      const id = await activate('c2', true);
      const isMoving = async () => {
        const operation = await app.call('operations.get', { regionId, operationId: operationId(id) });
        return operation.vms.some(({ state }) => state === 'moving');
      };
      await waitFor('a VM is on its way home', isMoving, 120_000);
      await app.call('operations.cancel', { regionId, operationId: operationId(id) });
      const { state } = await over(id);
      expect(state).toMatchObject({ kind: 'ended', outcome: 'partly' });
      expect((await rowOf(app, regionId, 'c2')).status.status).toBe('active');
      expect(await lab.node('c1').mustExec('cibadmin -Q -o configuration')).not.toMatch(
        /rackside-(?:care|unit|op|hold)/u,
      );
    } finally {
      await lab.deleteVm('slow1');
    }
  });

  test('R17: a control node that is off is removed in two calls: pcs refuses first, and only Continue forces what was shown', async () => {
    await rejoin(lab, 'c2');
    await maintain('c3');
    await lab.fault('c3', 'dead');
    const isOff = async () =>
      (await lab.cluster('c1')).fenceEvents.some(({ target, status }) => target === 'c3' && status === 'success');
    await waitFor('c3 is fenced', isOff, 120_000);
    // Failed while it is unclean; fenced while it was in standby, it is In maintenance again.
    await waitFor(
      'it is shown',
      async () => {
        const { status, reachability } = await rowOf(app, regionId, 'c3');
        return status.status === 'in-maintenance' && reachability.kind === 'unreachable';
      },
      60_000,
    );
    const refused = await remove('c3');
    const words = refused.state.kind === 'failed' ? refused.state.problem.message : refused.state.kind;
    expect(words).toContain('COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK');
    expect((await lab.cluster('c1')).nodes.map(({ name }) => name)).toContain('c3');
    await app.call('operations.continue', { regionId, operationId: refused.id });
    await expectOut('c3', await over(refused.id));
    await lab.fault('c3', 'restore');
  });
});
