import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import type { NodeId, OperationId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { ProblemCode } from '#shared/problems.ts';
import { forceConfirmed } from './confirm.ts';
import { waitFor } from './lab-api.ts';
import { domainsOn as domainsOnNode, isOver, startMaintenance, untilOperation } from './node-operations.ts';
import { Refused, rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// Force maintenance through the contract, without the interface: what its dialog would refuse is refused here too.
// `f1` may migrate, `f2` must not: an administrator said so, and Force gives both back as they were.
const used = useLab([
  { name: 'f1', memoryMiB: 16, node: 'c2' },
  { name: 'f2', memoryMiB: 16, node: 'c2', mayMigrate: false },
]);
const laptop = useLaptop(used);

const ask = (command: string): Promise<string> => used.lab.node('c1').mustExec(command);
const domainsOn = (name: string): Promise<readonly string[]> => domainsOnNode(used.lab.node(name));
/** Where the VMs of c2 may go. */
const elsewhere = ['c1', 'c3', 'w1'];
const domainsElsewhere = async (): Promise<readonly string[]> =>
  (await Promise.all(elsewhere.map(domainsOn))).flat().toSorted();
const idOf = async (name: string): Promise<NodeId> => (await rowOf(laptop.app, laptop.region, name)).id;
const newId = (): OperationId => randomUUID() as OperationId;
const arm = async (name: string): Promise<ArmedForce> =>
  laptop.app.call('force.arm', { regionId: laptop.region, nodeId: await idOf(name) });
const allowMigrateOf = async (vm: 'f1' | 'f2'): Promise<string> =>
  (await ask(`crm_resource -r ${vm} --meta -g allow-migrate`)).trim();

const confirmed = (armed: ArmedForce): CallInput<'force.start'> => forceConfirmed(laptop.region, armed);

async function refusalOf(input: CallInput<'force.start'>): Promise<ProblemCode | 'begun'> {
  try {
    await laptop.app.call('force.start', input);
    return 'begun';
  } catch (error) {
    if (error instanceof Refused) return error.problem.code;
    throw error;
  }
}

/** Waits until it stands still, however long the cluster takes here. */
const ended = (operationId: OperationId): Promise<Operation> =>
  untilOperation(laptop.app, laptop.region, operationId, isOver, 400_000);

const linesOf = ({ steps, vms: rows, state }: Operation): unknown => ({ state, steps, rows });

const failCount = (vm: string): Promise<string> =>
  ask(`crm_failcount -r ${vm} -G -N c2; crm_mon -1 --operations --resource ${vm}`);

/** The cluster's scheduler computes nothing for so long, on whichever node it would. */
async function stalledScheduler(forMs: number): Promise<void> {
  const signal = (name: string) =>
    Promise.all(
      used.lab.controls.map((node) => node.mustExec(`pkill -${name} -f '^/usr/lib/pacemaker/pacemaker-schedulerd'`)),
    );
  await signal('STOP');
  await sleep(forMs);
  await signal('CONT');
}

const isFull = process.env['RACKSIDE_LAB_FULL'] === '1';

test('R10: Force is refused through the contract as its dialog would refuse it, and restarts every VM elsewhere, ticked one by one', async () => {
  const { app, lab } = laptop;
  const armed = await arm('c2');
  expect(armed).toMatchObject({ sequence: 'reachable', refused: null, timerMs: 30_000 });
  expect(armed.overrides.map(({ id }) => id)).toEqual(expect.arrayContaining(['vm:f1', 'vm:f2']));
  const input = confirmed(armed);
  expect(await refusalOf(input)).toBe('timer-running');
  expect(await refusalOf({ ...input, nodeId: await idOf('c3') })).toBe('token-used');
  await sleep(30_500);
  expect(await refusalOf({ ...input, typedName: 'c3' })).toBe('name-mismatch');
  expect(await refusalOf({ ...input, ticked: input.ticked.filter((id) => id !== 'vm:f2') })).toBe('statement-missing');

  const begun = await app.call('force.start', input);
  // The cluster is slow to begin what the standby asks of it: slower than two rounds of the VMs' monitors.
  const slow = stalledScheduler(22_000);
  expect(begun.message).toBe(`Node ${armed.nodeName} is being forcefully deactivated.`);
  expect((await app.call('force.start', input)).id).toBe(begun.id);
  expect(await refusalOf({ ...input, operationId: newId() })).toBe('token-used');

  const operation = await ended(begun.id);
  await slow;
  expect(operation.state, JSON.stringify(linesOf(operation))).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  expect(operation.vms.map(({ resource, state }) => `${resource} ${state}`).toSorted()).toEqual([
    'f1 restarted',
    'f2 restarted',
  ]);
  expect(await domainsOn('c2')).toEqual([]);
  expect(await domainsElsewhere()).toEqual(['f1', 'f2']);
  expect([await allowMigrateOf('f1'), await allowMigrateOf('f2')]).toEqual(['true', 'false']);
  await untilShown(laptop, 'c2', 'in-maintenance');
  // Cold: no QEMU waits for, or came from, a migration.
  for (const name of elsewhere) expect((await lab.node(name).exec('pgrep -fa "[i]ncoming"')).stdout).toBe('');
  // A VM that is ended before the cluster stops it is found dead by its monitor, and counts as failed here.
  for (const vm of ['f1', 'f2']) expect(await failCount(vm)).toContain('value=0');
}, 600_000);

test.skipIf(!isFull)(
  'R11, R13: a node that is dead is forced only once the fence history proves it off, never by a confirmation',
  async () => {
    const { app, lab, region: regionId } = laptop;
    await lab.fault('c2', 'nofence');
    await lab.fault('c2', 'dead');
    await waitFor(
      'c2 is Failed, unreachable and its fencing has failed',
      async () => {
        const row = await rowOf(app, regionId, 'c2');
        return row.status.status === 'failed' && row.reachability.kind === 'unreachable' ? true : undefined;
      },
      180_000,
    );
    const armed = await waitFor(
      'there is something to force',
      async () => {
        const found = await arm('c2');
        const isStated = found.overrides.some(({ statement }) => statement === 'c2 is powered off');
        return found.refused === null && isStated ? found : undefined;
      },
      180_000,
    );
    expect(armed.sequence).toBe('unreachable');
    await sleep(30_500);
    const input = confirmed(armed);
    expect(await refusalOf({ ...input, statements: {} })).toBe('statement-missing');
    const begun = await app.call('force.start', input);
    // The device works again, before the operation asks it.
    await lab.fault('c2', 'allowfence');
    const operation = await ended(begun.id);
    expect(operation.state, JSON.stringify(linesOf(operation))).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const sent = await app.call('operations.transcript', { regionId, operationId: begun.id, after: 0 });
    expect(sent.filter(({ command }) => command.includes('--confirm'))).toEqual([]);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect(await domainsElsewhere()).toEqual(['f1', 'f2']);
  },
  900_000,
);

describe.skipIf(!isFull)('the long ones', () => {
  test('R11, R13: where no device can fence it, the typed statement counts, and only after a second look found it silent', async () => {
    const { app, lab, region: regionId } = laptop;
    await lab.fault('c2', 'nofence');
    await lab.fault('c2', 'dead');
    const armed = await waitFor(
      'fencing has failed, and its statement is asked',
      async () => {
        const found = await arm('c2').catch(() => undefined);
        const isStated = found?.overrides.some(({ statement }) => statement === 'c2 is powered off') === true;
        return found?.refused === null && isStated ? found : undefined;
      },
      180_000,
    );
    await sleep(30_500);
    const begun = await app.call('force.start', confirmed(armed));
    const operation = await ended(begun.id);
    expect(operation.state, JSON.stringify(linesOf(operation))).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const sent = await app.call('operations.transcript', { regionId, operationId: begun.id, after: 0 });
    const fencing = sent.filter(({ command }) => command.startsWith('stonith_admin')).map(({ command }) => command);
    expect(fencing).toEqual([expect.stringContaining('--fence c2'), 'stonith_admin --confirm c2']);
    expect(await domainsElsewhere()).toEqual(['f1', 'f2']);
  }, 900_000);

  test('R20: a maintenance that nobody drives gives way to Force, and is told as cancelled', async () => {
    const { app, region: regionId } = laptop;
    const { id: stuck } = await startMaintenance(app, regionId, 'c2', {
      ticked: [{ resource: 'f2', effect: 'restart-elsewhere' }],
    });
    await expect(arm('c2')).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    await app.call('operations.handOver', { regionId, operationId: stuck });
    const left = await app.call('operations.get', { regionId, operationId: stuck });
    expect(left.actions).toContainEqual({ action: 'force', refused: null });
    const armed = await waitFor(
      'there is something to force',
      async () => {
        const found = await arm('c2').catch(() => undefined);
        return found?.refused === null ? found : undefined;
      },
      180_000,
    );
    expect(armed.overrides.map(({ id }) => id)).toContain('check:other-operations');
    await sleep(30_500);
    const begun = await app.call('force.start', confirmed(armed));
    const operation = await ended(begun.id);
    expect(operation.state, JSON.stringify(linesOf(operation))).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const old = await app.call('operations.get', { regionId, operationId: stuck });
    expect(old.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
    expect(JSON.stringify(old.state)).toContain('took its place');
    expect(await domainsOn('c2')).toEqual([]);
    expect([await allowMigrateOf('f1'), await allowMigrateOf('f2')]).toEqual(['true', 'false']);
  }, 900_000);
});
