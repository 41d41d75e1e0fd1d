import { describe, expect, test } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { startRemoval } from './confirm.ts';
import { waitFor } from './lab-api.ts';
import { isMoving, isOver, startActivate, startMaintenance, untilOperation } from './node-operations.ts';
import { rowOf, snapshotOf, watchStatuses } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// A node comes back, and a node leaves for good: held against what the nodes themselves say.
const used = useLab([
  { name: 'home1', memoryMiB: 24, node: 'c2' },
  { name: 'home2', memoryMiB: 24, node: 'c2' },
  { name: 'home3', memoryMiB: 24, node: 'w1' },
]);
const laptop = useLaptop(used);

const member = (name: string) => nodeId(`member:${name}`);

/** Waits until it stands still, however long its moves take here. */
const over = ({ id }: Pick<Operation, 'id'>): Promise<Operation> =>
  untilOperation(laptop.app, laptop.region, id, isOver, 300_000);

async function maintain(node: string): Promise<void> {
  const operation = await over(await startMaintenance(laptop.app, laptop.region, node));
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
}

const activate = (node: string, bringsVmsHome: boolean): Promise<Operation> =>
  startActivate(laptop.app, laptop.region, node, { bringsVmsHome });

/** Names of the VMs that run on a node, each with how its process came to be: cold, or by a migration (`-incoming`). */
async function running(node: string): Promise<Readonly<Record<string, 'cold' | 'arrived'>>> {
  const lines = (await used.lab.node(node).mustExec(`pgrep -ax qemu-system-x86 || true`)).split('\n').filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => [/guest=([^,]+)/u.exec(line)?.[1] ?? '?', line.includes(' -incoming ') ? 'arrived' : 'cold']),
  );
}

const ask = (command: string): Promise<string> => used.lab.node('c1').mustExec(command);
const fencings = async (node: string) =>
  (await used.lab.cluster('c1')).fenceEvents.filter(({ target }) => target === node).length;

test('a control node comes back: Active by observation, and its VMs come home without one cold start', async () => {
  await maintain('c2');
  expect(await running('c2')).toEqual({});
  const statuses = watchStatuses(laptop.app, laptop.region, 'c2');
  const operation = await over(await activate('c2', true));
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded', left: [] });
  expect(await running('c2')).toEqual({ home1: 'arrived', home2: 'arrived' });
  expect(await statuses.stop()).toEqual(['in-maintenance', 'activating', 'active']);
  // No pin, no hold, no record is left of it.
  expect(await ask('cibadmin -Q -o configuration')).not.toMatch(/rackside-(?!limits)/u);
}, 600_000);

test('a Worker is drained, comes back with its VM where it went, and its pin goes where nothing depends on it', async () => {
  await maintain('w1');
  const operation = await over(await activate('w1', false));
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  // Its location preference would pull it home: the pin stays, and is told.
  expect(operation.vms).toMatchObject([{ resource: 'home3', state: 'stays' }]);
  expect(operation.state.kind === 'ended' ? operation.state.left.join() : '').toMatch(/its pin is kept/u);
  expect(await running('w1')).toEqual({});
  await untilShown(laptop, 'w1', 'active');
}, 600_000);

/** Removes a node that is in maintenance. */
const remove = async (node: string, typedName = node): Promise<Operation> =>
  over({ id: await startRemoval(laptop.app, laptop.region, node, typedName) });

async function expectOut(node: string, operation: Operation): Promise<void> {
  expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(operation.state.kind === 'ended' ? operation.state.left.join() : '').toMatch(/off.*boot.*Wipe/u);
  expect((await used.lab.cluster('c1')).nodes.map(({ name }) => name)).not.toContain(node);
  expect(await ask('cat /etc/corosync/corosync.conf')).not.toContain(`name: ${node}\n`);
  expect(await ask('cibadmin -Q -o constraints')).not.toContain(`"${node}"`);
  const { nodes } = await snapshotOf(laptop.app, laptop.region);
  const [out, ...more] = nodes.filter(({ name }) => name === node);
  expect(more).toEqual([]);
  expect(out?.id).toMatch(/^out:/u);
  expect(out?.status.status).toBe('out');
}

test('R16: a Worker is removed without being fenced, and is Out; another name than its own removes nothing', async () => {
  await maintain('w1');
  await expect(remove('w1', 'w2')).rejects.toMatchObject({ problem: { code: 'name-mismatch' } });
  const before = await fencings('w1');
  const prepared = await laptop.app.call('removal.prepare', { regionId: laptop.region, nodeId: member('w1') });
  expect(prepared.leftovers.map(({ id }) => id)).toEqual(['location-home3-w1-50']);
  const operation = await remove('w1');
  await expectOut('w1', operation);
  expect(await fencings('w1')).toBe(before);
  expect((await used.lab.node('w1').exec('systemctl is-enabled pacemaker_remote')).stdout.trim()).toBe('disabled');
}, 600_000);

test('R15: a control node is removed by another one, and the cluster counts one vote less', async () => {
  await maintain('c2');
  await expectOut('c2', await remove('c2'));
  expect(await fencings('c2')).toBe(0);
  expect(await ask('corosync-quorumtool -s')).toMatch(/Expected votes:\s+2\n/u);
  // Its VMs run on where they went.
  const elsewhere = { ...(await running('c1')), ...(await running('c3')), ...(await running('w1')) };
  expect(elsewhere).toMatchObject({ home1: 'arrived', home2: 'arrived' });
}, 600_000);

describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('at length', { timeout: 900_000 }, () => {
  test('R6, R31: Activate that is cancelled while a VM comes home hands that VM back and leaves the node Active', async () => {
    const { app, lab, region } = laptop;
    await lab.addVm({ name: 'slow1', memoryMiB: 64, node: 'c2', memory: 'filled' });
    try {
      await maintain('c2');
      const operation = await activate('c2', true);
      await untilOperation(app, region, operation.id, isMoving);
      await app.call('operations.cancel', { regionId: region, operationId: operation.id });
      const { state } = await over(operation);
      expect(state).toMatchObject({ kind: 'ended', outcome: 'partly' });
      await untilShown(laptop, 'c2', 'active');
      expect(await ask('cibadmin -Q -o configuration')).not.toMatch(/rackside-(?:care|unit|op|hold)/u);
    } finally {
      await lab.deleteVm('slow1');
    }
  });

  test('R17: a control node that is off is removed in two calls: pcs refuses first, and only Continue forces what was shown', async () => {
    const { app, lab, region } = laptop;
    await maintain('c3');
    await lab.fault('c3', 'dead');
    const isOff = async () =>
      (await lab.cluster('c1')).fenceEvents.some(({ target, status }) => target === 'c3' && status === 'success');
    await waitFor('c3 is fenced', isOff, 180_000);
    // Failed while it is unclean; fenced while it was in standby, it is In maintenance again.
    await waitFor(
      'it is shown',
      async () => {
        const { status, reachability } = await rowOf(app, region, 'c3');
        return status.status === 'in-maintenance' && reachability.kind === 'unreachable';
      },
      120_000,
    );
    const refused = await remove('c3');
    const words = refused.state.kind === 'failed' ? refused.state.problem.message : refused.state.kind;
    expect(words).toContain('COROSYNC_QUORUM_LOSS_UNABLE_TO_CHECK');
    expect((await lab.cluster('c1')).nodes.map(({ name }) => name)).toContain('c3');
    await app.call('operations.continue', { regionId: region, operationId: refused.id });
    await expectOut('c3', await over(refused));
  });
});
