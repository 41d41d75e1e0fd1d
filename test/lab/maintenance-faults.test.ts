import { describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { OperationState } from '#shared/model/operation.ts';
import { waitFor } from './lab-api.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';
import { processesOf as processesOfDomain, startMidMove } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  isMoving,
  isOver,
  qemuOf,
  slowDown,
  startMaintenance,
  tracesOf,
  untilOperation,
} from './node-operations.ts';
import { rowOf } from './rackside.ts';

// What goes wrong in the middle of a maintenance. `busy` never arrives at the speed it is given here, `full` takes about 15 s.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('maintenance with faults', () => {
  const used = useLab([
    { name: 'busy', memoryMiB: 32, node: 'c3', memory: 'rewritten' },
    { name: 'full', memoryMiB: 32, node: 'c2', memory: 'filled' },
    { name: 'worked', memoryMiB: 16, node: 'w1' },
  ]);
  const laptop = useLaptop(used);
  const other = useLaptop(used, 'other-laptop');
  const processesOf = (domain: string): Promise<readonly string[]> => processesOfDomain(used.lab, domain);

  test('R9, R31: the app is killed and the network cut in mid-move: the VM arrives once, live, and is managed within 60 s; a new start goes on', async () => {
    const { lab } = used;
    const operation = await startMidMove(laptop, 'c2', 'full', 2);
    await Promise.all([laptop.app.stop('SIGKILL'), lab.laptop.cut()]);
    const cutAt = Date.now();
    await waitFor('full is managed again', async () => (await careOf(lab, 'full')).isManaged, 75_000, 500);
    expect(Date.now() - cutAt).toBeLessThan(60_000 + 16_000);
    const { on } = await careOf(lab, 'full');
    expect(on).toHaveLength(1);
    expect(on).not.toEqual(['c2']);
    expect(await processesOf('full')).toEqual([`${on[0]!} live`]);
    await lab.laptop.restore();
    await laptop.startAgain();
    const found = await laptop.app.call('operations.get', { regionId: laptop.region, operationId: operation.id });
    expect(found.state.kind).toBe('unattended');
    await laptop.app.call('operations.continue', { regionId: laptop.region, operationId: operation.id });
    const over = await untilOperation(laptop.app, laptop.region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await domainsOn(lab.node('c2'))).toEqual([]);
  });

  /** Kills the app while `busy` leaves c3, and waits until another laptop, which may not touch it for a minute, may take it over. */
  async function leftInMidMove(): Promise<CallInput<'operations.continue'>> {
    const operation = await startMidMove(laptop, 'c3', 'busy', 1);
    await laptop.app.stop('SIGKILL');
    const killedAt = Date.now();
    const call = { regionId: other.region, operationId: operation.id };
    const isSo = async (kind: OperationState['kind']) =>
      (await other.app.call('operations.list', { regionId: other.region })).some(
        ({ id, state, owner }) => id === operation.id && state.kind === kind && !owner.endsWith('on other-laptop'),
      );
    await waitFor('the other laptop sees whose it is', () => isSo('elsewhere'), 30_000);
    for (const name of ['operations.continue', 'operations.rollBack'] as const)
      await expect(other.app.call(name, call)).rejects.toMatchObject({ problem: { code: 'node-locked' } });
    await waitFor('it is unattended', () => isSo('unattended'), 100_000);
    expect(Date.now() - killedAt).toBeGreaterThan(45_000);
    return call;
  }

  test('R3, R20, R31: the app is killed in mid-move; a second laptop may not touch it for 60 s, then goes on with that very migration', async () => {
    const { lab } = used;
    const call = await leftInMidMove();
    const target = (await other.app.call('operations.get', call)).vms[0]?.target ?? '';
    const to = lab.node(target);
    const arriving = await qemuOf(to, 'busy');
    expect(arriving).toMatchObject([{ isIncoming: true }]);
    const { owner } = await other.app.call('operations.continue', call);
    expect(owner).toMatch(/ on other-laptop$/u);
    await untilOperation(other.app, other.region, call.operationId, isMoving);
    await slowDown(lab.node('c3'), 'busy', 1000);
    const over = await untilOperation(other.app, other.region, call.operationId, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await qemuOf(to, 'busy')).toEqual(arriving);
    expect(await careOf(lab, 'busy')).toEqual({ on: [target], isManaged: true });
    expect(await domainsOn(lab.node('c3'))).toEqual([]);
    await laptop.startAgain();
    const told = await laptop.app.call('operations.get', { ...call, regionId: laptop.region });
    expect(told.state).toMatchObject({ kind: 'ended', left: [expect.stringContaining('another laptop')] });
    await untilShown(laptop, 'c3', 'in-maintenance');
  });

  test('R20, R31: the app is killed in mid-move; a second laptop rolls it back: the same QEMU process', async () => {
    const { lab } = used;
    const [before] = await processesOf('busy');
    const call = await leftInMidMove();
    await other.app.call('operations.rollBack', call);
    const over = await untilOperation(other.app, other.region, call.operationId, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect(await processesOf('busy')).toEqual([before]);
    expect(await careOf(lab, 'busy')).toEqual({ on: ['c3'], isManaged: true });
    expect(await tracesOf(lab)).toEqual([]);
    await laptop.startAgain();
  });

  test('R2, R9: a migration that fails leaves the VM running where it was, the same process; the operation says why, and continuing moves it', async () => {
    const { app, lab, region } = laptop;
    const [before] = await processesOf('full');
    const operation = await startMidMove(laptop, 'c2', 'full', 1);
    const target =
      (await app.call('operations.get', { regionId: region, operationId: operation.id })).vms[0]?.target ?? '';
    const [arriving] = await qemuOf(lab.node(target), 'full');
    await lab.node(target).mustExec(`kill -9 ${arriving?.pid ?? ''}`);
    const failed = await untilOperation(app, region, operation.id, isOver);
    expect(failed.state).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'step-failed',
        message: expect.stringContaining('full was not moved and runs on where it was') as string,
      },
    });
    expect(await processesOf('full')).toEqual([before]);
    expect(await careOf(lab, 'full')).toEqual({ on: ['c2'], isManaged: true });
    await slowDown(lab.node('c2'), 'full', 1000);
    await app.call('operations.continue', { regionId: region, operationId: operation.id });
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });

  test('R31: the network is cut for 30 s in mid-move: the operation waits, and goes on by itself', async () => {
    const { app, lab, region } = laptop;
    const operation = await startMidMove(laptop, 'c2', 'full', 2);
    await lab.laptop.cut();
    await new Promise((resolve) => {
      setTimeout(resolve, 30_000);
    });
    await lab.laptop.restore();
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect((await processesOf('full')).map((line) => line.endsWith(' live'))).toEqual([true]);
  });

  test('the target dies in mid-move: its fencing is not held up, and the VM runs on where it was, managed', async () => {
    const { app, lab, region } = laptop;
    const [before] = await processesOf('full');
    const operation = await startMidMove(laptop, 'c2', 'full', 1);
    const target =
      (await app.call('operations.get', { regionId: region, operationId: operation.id })).vms[0]?.target ?? '';
    await lab.fault(target, 'kill');
    // A fencing waits for no migration: the power switch has it back long before the move's own limit (30 min).
    await waitFor('it is fenced and back', async () => lab.node(target).isOn(), 60_000);
    const over = await untilOperation(app, region, operation.id, isOver, 150_000);
    expect(['failed', 'ended']).toContain(over.state.kind);
    expect(await processesOf('full')).toEqual([before]);
    await waitFor('full is managed', async () => (await careOf(lab, 'full')).isManaged, 60_000);
  });

  test('a Worker is emptied like any other node', async () => {
    const { app, region } = laptop;
    const operation = await startMaintenance(app, region, 'w1');
    const over = await untilOperation(app, region, operation.id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect((await processesOf('worked')).map((line) => line.split(' '))).toEqual([[over.vms[0]?.target, 'live']]);
  });

  test('R15: the last control node but one is refused', async () => {
    const { app, lab, region } = laptop;
    const operation = await startMaintenance(app, region, 'c2', { stopsServices: true });
    await untilOperation(app, region, operation.id, isOver);
    await app.call('regions.setLimits', { regionId: region, maxOutOfService: 2, maxMovesAtOnce: null });
    try {
      const { id: nodeId } = await rowOf(app, region, 'c3');
      const choices = { ...noChoices, stopsServices: true };
      const { isReady, checks } = await app.call('maintenance.prepare', { regionId: region, nodeId, choices });
      expect([isReady, checks.find(({ code }) => code === 'quorum-after')?.state]).toEqual([false, 'blocker']);
    } finally {
      await app.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce: null });
      await lab.node('c2').mustExec('systemctl start corosync pacemaker');
    }
  });
});
