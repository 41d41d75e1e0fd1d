import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { nodeId } from '#shared/model/ids.ts';
import type { OperationId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Operation, OperationCommand } from '#shared/model/operation.ts';
import { forceConfirmed, startRemoval } from './confirm.ts';
import { waitFor } from './lab-api.ts';
import { killWithin } from './kill-within.ts';
import { processesOf } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  isMoving,
  isOver,
  slowDown,
  startActivate,
  startMaintenance,
  untilOperation,
} from './node-operations.ts';
import { snapshotOf } from './rackside.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

// The app is killed -9 within Force, Activate and Remove; within a maintenance: killed-in-step.test.ts.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the app is killed', { timeout: 600_000 }, () => {
  const used = useLab([{ name: 'kept', memoryMiB: 32, node: 'c2', memory: 'filled' }]);
  const laptop = useLaptop(used);

  const ask = (command: string): Promise<string> => used.lab.node('c1').mustExec(command);
  const over = (id: OperationId): Promise<Operation> => untilOperation(laptop.app, laptop.region, id, isOver, 300_000);
  const allowMigrate = async (vm: string) => (await ask(`crm_resource -r ${vm} --meta -g allow-migrate`)).trim();
  const fencings = async (node: string) =>
    (await used.lab.cluster('c1')).fenceEvents.filter(({ target }) => target === node).length;

  async function maintain(node: string): Promise<void> {
    const { id } = await startMaintenance(laptop.app, laptop.region, node);
    expect((await over(id)).state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  }

  /** The force dialog of c2, once it stays as it is: what was just added to the region is read within some seconds. */
  const untilArmed = () =>
    waitFor(
      'there is something to force, and it stays the same',
      async () => {
        const arm = () => laptop.app.call('force.arm', { regionId: laptop.region, nodeId: nodeId('member:c2') });
        const linesOf = ({ overrides, refused }: ArmedForce) => refused ?? overrides.map(({ id }) => id).join();
        const before = linesOf(await arm());
        await sleep(6000);
        const armed = await arm();
        if (armed.refused === null && linesOf(armed) === before) return armed;
        throw new Error(`${before}; then ${linesOf(armed)}`);
      },
      90_000,
    );

  /** After the next start it is told as left alone, and stays so until a person continues it: then it comes to its end. */
  async function expectContinued(operationId: OperationId, command: OperationCommand): Promise<Operation> {
    await laptop.startAgain();
    const call = { regionId: laptop.region, operationId };
    const found = await laptop.app.call('operations.get', call);
    expect(found).toMatchObject({ command, state: { kind: 'unattended' } });
    expect(found.actions).toContainEqual({ action: 'continue', refused: null });
    await sleep(5000);
    expect((await laptop.app.call('operations.get', call)).state.kind).toBe('unattended');
    await laptop.app.call('operations.continue', call);
    const ended = await over(operationId);
    expect(ended.state, JSON.stringify(ended.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await ask('cibadmin -Q -o configuration')).not.toMatch(/rackside-(?:hold|op|lease|slot|unit|care)/u);
    return ended;
  }

  test.each(['standby', 'end-vms'])(
    'R3, R9: within %s of Force: its VMs are restarted elsewhere once, and what forbade a migration is undone by Continue',
    async (step) => {
      // Without one that may not migrate there is nothing to force.
      await used.lab.addVm({ name: 'bound', memoryMiB: 16, node: 'c2', mayMigrate: false });
      try {
        const armed = await untilArmed();
        await sleep(armed.timerMs + 500);
        const { id } = await laptop.app.call('force.start', forceConfirmed(laptop.region, armed));
        await killWithin(laptop, id, step);
        expect(await allowMigrate('kept')).toBe('false');
        const { vms } = await expectContinued(id, 'force-maintenance');
        expect(vms.map(({ resource, state }) => `${resource} ${state}`).toSorted()).toEqual([
          'bound restarted',
          'kept restarted',
        ]);
        expect([await allowMigrate('kept'), await allowMigrate('bound')]).toEqual(['true', 'false']);
        expect(await domainsOn(used.lab.node('c2'))).toEqual([]);
        for (const vm of ['kept', 'bound']) {
          const { on, isManaged } = await careOf(used.lab, vm);
          expect([on.length, on.includes('c2'), isManaged]).toEqual([1, false, true]);
          // Cold: ended here, started there.
          expect(await processesOf(used.lab, vm)).toEqual([expect.not.stringContaining('live')]);
        }
        await untilShown(laptop, 'c2', 'in-maintenance');
      } finally {
        await used.lab.deleteVm('bound');
      }
    },
  );

  test.each(['unstandby', 'home'])(
    'R3, R31: within %s of Activate: the VM is at home by one live migration, and the node is Active',
    async (step) => {
      await maintain('c2');
      const [source = ''] = (await careOf(used.lab, 'kept')).on;
      await slowDown(used.lab.node(source), 'kept', 2);
      const [before = ''] = await processesOf(used.lab, 'kept');
      const { id } = await startActivate(laptop.app, laptop.region, 'c2', { bringsVmsHome: true });
      await killWithin(laptop, id, step, step === 'home' ? isMoving : undefined);
      expect(before).toBe(`${source} live`);
      await expectContinued(id, 'activate');
      expect(await processesOf(used.lab, 'kept')).toEqual(['c2 live']);
      expect(await careOf(used.lab, 'kept')).toEqual({ on: ['c2'], isManaged: true });
      expect(await ask('cibadmin -Q -o configuration')).not.toMatch(/rackside-(?!limits)/u);
      await untilShown(laptop, 'c2', 'active');
    },
  );

  const pcsIsAtWork = ({ steps }: Operation) =>
    steps.some(({ id, detail }) => id === 'leave' && detail === 'pcs is at work');

  test.each([
    ['w1', 'close', undefined],
    ['w1', 'leave', pcsIsAtWork],
    ['c2', 'leave', pcsIsAtWork],
  ] as const)(
    'R3, R16: the removal of %s, within %s: pcs runs once, the node is out and never fenced',
    async (node, step, isFar) => {
      await maintain(node);
      const before = await fencings(node);
      const id = await startRemoval(laptop.app, laptop.region, node);
      await killWithin(laptop, id, step, isFar);
      const { state } = await expectContinued(id, 'remove');
      expect(state.kind === 'ended' ? state.left.join() : '').toMatch(/off.*boot.*Wipe/u);
      expect((await used.lab.cluster('c1')).nodes.map(({ name }) => name)).not.toContain(node);
      expect(await fencings(node)).toBe(before);
      const sent = await laptop.app.call('operations.transcript', {
        regionId: laptop.region,
        operationId: id,
        after: 0,
      });
      expect(sent.filter(({ command }) => command.startsWith('systemd-run'))).toHaveLength(1);
      const { nodes } = await snapshotOf(laptop.app, laptop.region);
      expect(nodes.filter(({ name }) => name === node)).toMatchObject([{ status: { status: 'out' } }]);
      expect((await careOf(used.lab, 'kept')).on).toHaveLength(1);
    },
  );
});
