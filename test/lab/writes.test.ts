import { afterEach, beforeEach, expect, test } from 'vitest';
import { regionMark, regionMarkPath, togetherWith } from '../../electron/core/cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf } from '../../electron/core/cluster/writes/guarded.ts';
import {
  leaseValue,
  newLeaseToken,
  releaseLease,
  swapLease,
  takeLease,
} from '../../electron/core/cluster/writes/leases.ts';
import {
  forgetMoveUnit,
  moveTimes,
  showMoveUnit,
  startMoveUnit,
} from '../../electron/core/cluster/writes/move-unit.ts';
import type { MoveUnitState } from '../../electron/core/cluster/writes/move-unit.ts';
import {
  abortMigration,
  pin,
  readClock,
  unitMarkPath,
  unmanage,
  vmPath,
} from '../../electron/core/cluster/writes/moves.ts';
import { setResourceOption } from '../../electron/core/cluster/writes/resource-meta.ts';
import { waitFor } from './lab-api.ts';
import { senderOf, type Sender } from './sender.ts';
import { useLab } from './use-lab.ts';

// Everything that changes a cluster, sent as the product sends it, and judged by what the nodes themselves say afterwards.
const [resource, domain] = ['dmove', 'dmove-domain'];
const used = useLab([{ name: resource, domain, memoryMiB: 32, node: 'c2', memory: 'filled' }]);
let root: Sender;
let tech: Sender;
const leaseName = 'rackside-lease-dtest';
const token = newLeaseToken();
const guard = guardOf({ leaseName, token });
const info = { owner: 'lab', purpose: 'test', since: 0, termMs: 60_000 };

beforeEach(async () => {
  [root, tech] = [senderOf(used.lab), senderOf(used.lab, 'tech')];
  expect(await root.send('c1', takeLease(leaseName, leaseValue(token, 0, info)))).toMatchObject({ kind: 'done' });
});

// What a test leaves in the cluster, the lease too, goes as what an operation leaves.
afterEach(() => {
  root.close();
  tech.close();
});

test('R20: of eight that take a lease at once, on four nodes, exactly one gets it, and the others are told whose it is', async () => {
  const name = 'rackside-lease-drace';
  const takers = Array.from({ length: 8 }, (_, index) => ({
    value: leaseValue(newLeaseToken(), 0, { ...info, owner: `laptop ${index}` }),
    node: ['c1', 'c2', 'c3', 'w1'][index % 4] ?? 'c1',
  }));
  const outcomes = await Promise.all(takers.map(({ node, value }) => root.send(node, takeLease(name, value))));
  const winner = takers[outcomes.findIndex(({ kind }) => kind === 'done')];
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['done', ...Array<string>(7).fill('other')]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ value: winner?.value });
  const own = await used.lab.node('c1').mustExec(`cibadmin -Q --xpath '//nvpair[@id="${name}-v"]'`);
  expect(own).toContain(winner?.value);

  const next = leaseValue(newLeaseToken(), 0, info);
  const late = takers.find(({ value }) => value !== winner?.value)?.value ?? '';
  expect(await root.send('c1', swapLease(name, late, next))).toMatchObject({ kind: 'other' });
  expect(await root.send('c1', swapLease(name, winner?.value ?? '', next))).toEqual({ kind: 'done', value: next });
  expect(await root.send('c1', releaseLease(name, next.slice(0, 16)))).toEqual({ kind: 'done', value: null });
});

test('R9: an option of a VM that was deleted is refused as changed; taking away one that is not there is done', async () => {
  const option = { guard, resource: 'gone', name: 'allow-migrate' } as const;
  expect(await root.send('c1', setResourceOption({ ...option, value: 'true' }))).toEqual({ kind: 'changed' });
  expect(await root.send('c1', setResourceOption({ ...option, resource, value: null }))).toMatchObject({
    kind: 'written',
  });
});

test('R20: a write goes through under our lease, and neither writes nor deletes under one that is not ours', async () => {
  const lost = guardOf({ leaseName, token: newLeaseToken() });
  const changes = regionMark('rackside-dmark', 'one');
  const path = regionMarkPath('rackside-dmark');
  const standing = () => used.lab.node('c3').exec(`cibadmin -Q --xpath '//nvpair[@id="rackside-dmark-v"]'`);

  expect(await tech.send('c1', guardedMerge({ guard: lost, changes }))).toEqual({
    kind: 'refused',
    because: 'lease-lost',
  });
  expect((await standing()).code).toBe(105);
  expect(await tech.send('c1', guardedMerge({ guard, changes, unless: path }))).toMatchObject({ kind: 'written' });
  expect(await tech.send('c2', guardedMerge({ guard, changes, unless: path }))).toEqual({ kind: 'exists' });
  const requires = regionMarkPath('rackside-dmark', 'two');
  expect(await tech.send('c1', guardedMerge({ guard, changes, requires }))).toEqual({ kind: 'changed' });
  expect(await tech.send('c1', guardedDelete({ guard: lost, path }))).toEqual({
    kind: 'refused',
    because: 'lease-lost',
  });
  expect((await standing()).stdout).toContain('value="one"');
  expect(await tech.send('w1', guardedDelete({ guard, path }))).toMatchObject({ kind: 'written' });
  expect((await standing()).code).toBe(105);
});

/** The VM's QEMU on a node, as the node's own process table tells: its number, and whether it came by a migration. */
async function qemuOn(node: string): Promise<{ readonly pid: string; readonly isLive: boolean } | undefined> {
  const lines = (await used.lab.node(node).mustExec('ps -eo pid,args')).split('\n');
  const line = lines.find((each) => each.includes(`guest=${domain},`));
  return line === undefined
    ? undefined
    : { pid: line.trim().split(' ')[0] ?? '', isLive: line.includes(' -incoming ') };
}

async function resourceLine(): Promise<string> {
  const text = await used.lab.node('c1').mustExec('crm_mon --output-as=xml');
  return text.slice(text.indexOf(`<resource id="${resource}"`)).split('</resource>')[0] ?? '';
}

/** Starts a move as the product does, lets `during` do its worst, and gives the unit's last word and what it left in the cluster. */
async function move(by: Sender, from: string, to: string, mibPerSecond: number, during: () => Promise<void>) {
  const times = moveTimes(90, 90);
  const unmanagedUntilMs = ((await by.send('c1', readClock())) ?? 0) + times.careSeconds * 1000;
  const id = { resource, value: newLeaseToken() };
  const changes = togetherWith(unmanage(resource, unmanagedUntilMs, id.value), pin(resource, to));
  const conditions = { requires: vmPath(resource), unless: unitMarkPath(resource) };
  expect(await by.send('c1', guardedMerge({ guard, changes, ...conditions }))).toMatchObject({ kind: 'written' });
  const start = startMoveUnit(id, { domain, source: from, target: to, mibPerSecond, times, unmanagedUntilMs });
  expect(await by.send(from, start)).toEqual({ kind: 'started' });
  expect(await by.send(from, start)).toEqual({ kind: 'exists' });
  await during();
  const state = await waitFor<MoveUnitState>(
    'the unit ends',
    async () => {
      const now = await by.send(from, showMoveUnit(id));
      return now.kind === 'running' ? undefined : now;
    },
    120_000,
    1000,
  );
  expect(await by.send(from, forgetMoveUnit(id))).toMatchObject({ kind: 'ran', exitStatus: 0 });
  const left = await used.lab
    .node('c1')
    .exec(`cibadmin -Q --xpath '//*[starts-with(@id,"rackside-care-d") or starts-with(@id,"rackside-unit-d")]'`);
  return { state, left: left.code === 105 ? 'nothing' : left.stdout };
}

test('R31: a cancelled move leaves the same QEMU process running at its source, managed by the cluster, and nothing behind', async () => {
  const before = await qemuOn('c2');
  const { state, left } = await move(root, 'c2', 'c3', 1, async () => {
    await waitFor(
      'the migration runs',
      async () =>
        (await used.lab.node('c2').mustExec(`virsh -c qemu:///system domjobinfo ${domain}`)).includes(
          'Outgoing migration',
        ),
      90_000,
    );
    expect(await root.send('c2', abortMigration(domain))).toMatchObject({ exitStatus: 0 });
  });
  expect(state).toMatchObject({
    kind: 'ended',
    exitStatus: 1,
    report: { isEnd: true, on: 'c2', isManaged: true, result: 1 },
  });
  expect(left).toBe('nothing');
  expect(await qemuOn('c2')).toEqual(before);
  expect(await qemuOn('c3')).toBeUndefined();
  expect(await resourceLine()).toMatch(/role="Started".*managed="true" failed="false".*<node name="c2"/su);
});

test('R9: a move by a login that has to use sudo is live, to the node that was asked for, and leaves only its pin', async () => {
  const { state, left } = await move(tech, 'c2', 'w1', 16, async () => {});
  expect(state).toMatchObject({
    kind: 'ended',
    exitStatus: 0,
    report: { isEnd: true, on: 'w1', isManaged: true, result: 0 },
  });
  expect(left).toBe('nothing');
  expect(await qemuOn('c2')).toBeUndefined();
  expect(await qemuOn('w1')).toMatchObject({ isLive: true });
  expect(await resourceLine()).toMatch(/role="Started".*managed="true" failed="false".*<node name="w1"/su);
  expect(
    await used.lab.node('c1').mustExec(`cibadmin -Q --xpath '//rsc_location[@id="rackside-move-${resource}"]'`),
  ).toContain('node="w1"');
});
