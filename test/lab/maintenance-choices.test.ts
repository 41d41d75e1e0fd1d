import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor, type Lab } from './lab-api.ts';
import { nodeMemoryMiB } from './layout.ts';
import { processesOf, untilMigrates } from './mid-move.ts';
import { careOf, isOver, prepare, slowDown, startMaintenance, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

/** What the cluster places VMs by on the control nodes, MiB. */
async function setMemory({ controls }: Lab, memoryMiB: number): Promise<void> {
  const set = controls.map(({ name }) => `crm_attribute -t nodes -N ${name} -z -n memory -v ${memoryMiB}`);
  await controls[0]?.exec(set.join('; '));
}

// What a person may choose of a maintenance, and the node from which it has nothing to move.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('maintenance, by choice', { timeout: 600_000 }, () => {
  const used = useLab(
    [
      { name: 'free', memoryMiB: 16, node: 'c2' },
      { name: 'other', memoryMiB: 16, node: 'c3' },
      { name: 'bound', memoryMiB: 16, node: 'w1', hasGpu: true },
      { name: 'bulky', memoryMiB: 40, node: 'w1' },
      { name: 'mate', memoryMiB: 16, node: 'w1' },
      { name: 'fixed', memoryMiB: 16, node: 'c1', mayMigrate: false },
    ],
    (lab) => setMemory(lab, nodeMemoryMiB),
  );
  const laptop = useLaptop(used);

  const over = ({ id }: Operation): Promise<Operation> => untilOperation(laptop.app, laptop.region, id, isOver);
  const isAway = async (vm: string, home: string): Promise<void> => {
    const { on, isManaged } = await careOf(used.lab, vm);
    expect([on.length, on.includes(home), isManaged]).toEqual([1, false, true]);
    expect(await processesOf(used.lab, vm)).toEqual([`${on[0] ?? ''} live`]);
  };

  /** Starts c2 and c3 together, and gives both once they are over; at no moment do both run. */
  async function inTurn(): Promise<readonly Operation[]> {
    const { app, region } = laptop;
    const prepared = [await prepare(app, region, 'c2'), await prepare(app, region, 'c3')];
    const nodes = prepared.map(({ nodeId, digest }) => ({
      nodeId,
      digest,
      choices: noChoices,
      operationId: operationId(randomUUID()),
    }));
    const begun = await app.call('maintenance.startMany', { regionId: region, reason: 'lab test', nodes });
    expect(begun.map(({ state }) => state)).toMatchObject([{ kind: 'running' }, { kind: 'queued', behind: 'c2' }]);
    for (;;) {
      const now = await Promise.all(
        begun.map(({ id }) => app.call('operations.get', { regionId: region, operationId: id })),
      );
      if (now.every(isOver)) return now;
      const [first, second] = now.map(({ state }) => state.kind);
      if (first === 'running') expect(second).toBe('queued');
      expect(first).not.toBe('failed');
      await sleep(200);
    }
  }

  test('R5: several nodes are emptied one after the other, live, where the limit allows both', async () => {
    const { app, region } = laptop;
    await app.call('regions.setLimits', { regionId: region, maxOutOfService: 2, maxMovesAtOnce: null });
    const both = await inTurn();
    expect(both.map(({ state }) => state)).toMatchObject([
      { kind: 'ended', outcome: 'succeeded' },
      { kind: 'ended', outcome: 'succeeded' },
    ]);
    await untilShown(laptop, 'c2', 'in-maintenance');
    await untilShown(laptop, 'c3', 'in-maintenance');
    await isAway('free', 'c2');
    await isAway('other', 'c3');
    // What went from the first to the second has gone on from there.
    expect((await careOf(used.lab, 'free')).on).not.toEqual(['c3']);
  });

  test('R5: several nodes at a limit of one: the second is refused when its turn comes, says why, and is left as it was', async () => {
    const before = await processesOf(used.lab, 'other');
    const [first, second] = await inTurn();
    expect(first?.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const left = second?.state.kind === 'ended' ? second.state.left.join() : '';
    expect(second?.state).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
    expect(left).toMatch(/^Not begun: /u);
    await untilShown(laptop, 'c2', 'in-maintenance');
    expect((await rowOf(laptop.app, laptop.region, 'c3')).status.status).toBe('active');
    expect(await processesOf(used.lab, 'other')).toEqual(before);
  });

  test('R9: where the region allows two moves at once, two VMs are on their way at once and never three, each live, once', async () => {
    const { app, region, lab } = laptop;
    const pair = ['pair1', 'pair2'];
    await lab.addVms(pair.map((name) => ({ name, memoryMiB: 48, node: 'c2', memory: 'filled' })));
    try {
      await app.call('regions.setLimits', { regionId: region, maxOutOfService: 1, maxMovesAtOnce: 2 });
      for (const name of pair) await slowDown(lab.node('c2'), name, 1);
      const operation = await startMaintenance(app, region, 'c2');
      let most = 0;
      const moving = ({ vms }: Operation): readonly string[] => {
        const names = vms
          .filter(({ state }) => state === 'moving' || state === 'handing-back')
          .map((vm) => vm.resource);
        most = Math.max(most, names.length);
        return names;
      };
      await untilOperation(app, region, operation.id, (now) => pair.every((name) => moving(now).includes(name)));
      for (const name of pair) await untilMigrates(lab, 'c2', name);
      for (const name of pair) await slowDown(lab.node('c2'), name, 1000);
      const ended = await untilOperation(app, region, operation.id, (now) => moving(now).length === 0 && isOver(now));
      expect([ended.state, most]).toMatchObject([{ kind: 'ended', outcome: 'succeeded' }, 2]);
      for (const name of ['free', ...pair]) await isAway(name, 'c2');
    } finally {
      for (const name of pair) await lab.deleteVm(name);
    }
  });

  test('R7, R9: Move what can: the VM that cannot move runs on in its process, the other has moved live, and the node is Active', async () => {
    const { app, region, lab } = laptop;
    await setMemory(lab, 40);
    const before = [await processesOf(lab, 'bound'), await processesOf(lab, 'bulky')];
    const { id: nodeId } = await rowOf(app, region, 'w1');
    const held = await app.call('maintenance.prepare', { regionId: region, nodeId, choices: noChoices });
    expect(held.isReady).toBe(false);
    expect(Object.fromEntries(held.vms.map(({ resource, effect }) => [resource, effect]))).toEqual({
      bound: 'stop',
      bulky: 'cannot-move',
      mate: 'live-migrate',
    });
    const operation = await over(await startMaintenance(app, region, 'w1', { movesOnlyWhatCan: true }));
    expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'partly' });
    const told = operation.state.kind === 'ended' ? operation.state.left[0] : '';
    expect(told).toMatch(/^Still here, as planned: .*bulky \(cannot move\)/u);
    expect(told).toContain('bound (would be stopped)');
    expect([await processesOf(lab, 'bound'), await processesOf(lab, 'bulky')]).toEqual(before);
    for (const name of ['bound', 'bulky']) expect(await careOf(lab, name)).toEqual({ on: ['w1'], isManaged: true });
    await isAway('mate', 'w1');
    await untilShown(laptop, 'w1', 'active');
  });

  test('R9: a VM that may not migrate is restarted elsewhere only where that was ticked, cold, once, and may still not migrate', async () => {
    const { app, region, lab } = laptop;
    const { id: nodeId } = await rowOf(app, region, 'c1');
    const held = await app.call('maintenance.prepare', { regionId: region, nodeId, choices: noChoices });
    expect(held.isReady).toBe(false);
    expect(held.vms).toMatchObject([{ resource: 'fixed', effect: 'restart-elsewhere', needsTick: true }]);
    const [before = ''] = await processesOf(lab, 'fixed');
    const operation = await over(
      await startMaintenance(app, region, 'c1', { ticked: [{ resource: 'fixed', effect: 'restart-elsewhere' }] }),
    );
    expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(operation.vms).toMatchObject([{ resource: 'fixed', state: 'restarted' }]);
    const { on, isManaged } = await careOf(lab, 'fixed');
    expect([on, isManaged]).toEqual([[operation.vms[0]?.target], true]);
    const [after = '', ...more] = await processesOf(lab, 'fixed');
    expect([after.startsWith(`${on[0] ?? ''} `), after.endsWith(' live'), after === before, more]).toEqual([
      true,
      false,
      false,
      [],
    ]);
    const allowed = await lab.node('c2').mustExec('crm_resource -r fixed --meta -g allow-migrate');
    expect(allowed.trim()).toBe('false');
    await untilShown(laptop, 'c1', 'in-maintenance');
  });

  test('R19: from Fenced there is nothing to move: it goes into standby at once, without Force, and comes back in it', async () => {
    const { app, region, lab } = laptop;
    await lab.fault('c2', 'dead');
    await untilShown(laptop, 'c2', 'fenced', 180_000);
    await waitFor(
      'free runs elsewhere',
      async () =>
        (await careOf(lab, 'free')).on.some((node) => node !== 'c2') && (await processesOf(lab, 'free')).length === 1,
      120_000,
    );
    const recovered = await processesOf(lab, 'free');
    const prepared = await prepare(app, region, 'c2');
    expect([prepared.isEmpty, prepared.vms]).toEqual([true, []]);
    const operation = await over(await startMaintenance(app, region, 'c2'));
    expect(operation.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    await untilShown(laptop, 'c2', 'in-maintenance');
    await lab.node('c2').fault('restore');
    const isBack = async () =>
      (await lab.cluster('c1')).nodes.some(
        ({ name, isOnline, isStandby, isPending }) => name === 'c2' && isOnline && isStandby && !isPending,
      );
    await waitFor('c2 is back, in standby', isBack, 180_000);
    await untilShown(laptop, 'c2', 'in-maintenance');
    // The VM that the cluster recovered was not touched.
    expect(await processesOf(lab, 'free')).toEqual(recovered);
  });
});
