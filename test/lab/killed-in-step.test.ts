import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor } from './lab-api.ts';
import { useLab, useLaptop, type Laptop, untilShown } from './use-lab.ts';
import { killWithin } from './kill-within.ts';
import { processesOf } from './mid-move.ts';
import { careOf, domainsOn, isOver, startMaintenance, tracesOf, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';

// The app is killed -9 within each of the steps in which nothing moves; in mid-move: maintenance-faults.test.ts. It ends In maintenance all the same.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'the app is killed within a step',
  { timeout: 300_000 },
  () => {
    const used = useLab([{ name: 'kept', memoryMiB: 16, node: 'c2' }]);
    const laptop = useLaptop(used);
    const other = useLaptop(used);

    const steps = ['hold', 'standby', 'empty', 'record'] as const;
    type StepId = (typeof steps)[number];

    /** Starts a maintenance of c2 and kills the app as soon as this step runs. */
    async function killedWithin(step: StepId): Promise<Operation> {
      const operation = await startMaintenance(laptop.app, laptop.region, 'c2');
      await killWithin(laptop, operation.id, step);
      return operation;
    }

    /** What is true of the VM once the app is dead: before the moves it has not left, after them it has, live; it is managed in any case. */
    async function expectUntouched(step: StepId, before: string): Promise<void> {
      const { on, isManaged } = await careOf(used.lab, 'kept');
      expect(isManaged).toBe(true);
      expect(await processesOf(used.lab, 'kept')).toEqual([step === 'hold' ? before : `${on[0] ?? ''} live`]);
    }

    async function expectInMaintenance(by: Laptop, operation: Operation): Promise<void> {
      const { app, region } = by;
      const over = await untilOperation(app, region, operation.id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      await untilShown(by, 'c2', 'in-maintenance');
      expect(await domainsOn(used.lab.node('c2'))).toEqual([]);
      const { on, isManaged } = await careOf(used.lab, 'kept');
      expect([on.length, isManaged]).toEqual([1, true]);
      expect(await processesOf(used.lab, 'kept')).toEqual([`${on[0] ?? ''} live`]);
      // The hold has gone; who put it there stands on the node.
      const cib = await used.lab.node('c1').mustExec('cibadmin -Q -o configuration');
      expect(cib).not.toMatch(/rackside-(?:hold|op|lease|unit|care)/u);
      expect(cib).toContain('rackside-maintenance');
    }

    async function expectActive(step: StepId, before: string): Promise<void> {
      await untilShown(laptop, 'c2', 'active');
      // What has moved stays where it went; its pin does, where the cluster itself would bring it back at once.
      await expectUntouched(step, before);
      const [isStandby, traces] = [await standbyOf('c2'), await tracesOf(used.lab)];
      expect(isStandby).toBe(false);
      expect(traces.filter((name) => name !== 'rackside-move-kept' || step === 'hold')).toEqual([]);
      expect(await used.lab.node('c1').mustExec('cibadmin -Q -o nodes')).not.toContain('rackside-maintenance');
    }
    const standbyOf = async (name: string) =>
      (await used.lab.node('c1').mustExec('cibadmin -Q -o nodes'))
        .split('</node>')
        .some((node) => node.includes(`uname="${name}"`) && /name="standby" value="(?:on|true)"/u.test(node));

    test.each(steps)(
      'R3, R31: within %s; the next start says what is true and does nothing by itself, and Continue ends In maintenance',
      async (step) => {
        const [before = ''] = await processesOf(used.lab, 'kept');
        const operation = await killedWithin(step);
        await expectUntouched(step, before);
        await laptop.startAgain();
        const call = { regionId: laptop.region, operationId: operation.id };
        const found = await laptop.app.call('operations.get', call);
        expect(found).toMatchObject({ state: { kind: 'unattended' }, reason: 'lab test' });
        expect(found.actions).toEqual(
          expect.arrayContaining([
            { action: 'continue', refused: null },
            { action: 'roll-back', refused: null },
          ]),
        );
        expect((await rowOf(laptop.app, laptop.region, 'c2')).status.status).toBe('entering-maintenance');
        await sleep(5000);
        expect((await laptop.app.call('operations.get', call)).state.kind).toBe('unattended');
        await laptop.app.call('operations.continue', call);
        await expectInMaintenance(laptop, operation);
      },
    );

    test.each(steps)(
      'R3, R9, R31: within %s; Roll back after the next start ends Active, and touches no VM',
      async (step) => {
        const [before = ''] = await processesOf(used.lab, 'kept');
        const operation = await killedWithin(step);
        await laptop.startAgain();
        const call = { regionId: laptop.region, operationId: operation.id };
        await laptop.app.call('operations.rollBack', call);
        const over = await untilOperation(laptop.app, laptop.region, operation.id, isOver);
        expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
        await expectActive(step, before);
      },
    );

    test.each(steps)(
      'R3, R20, R31: within %s; a second laptop sees it unattended after 60 s, and its Continue ends In maintenance',
      async (step) => {
        const operation = await killedWithin(step);
        const killedAt = Date.now();
        const call = { regionId: other.region, operationId: operation.id };
        const state = async () =>
          (await other.app.call('operations.list', { regionId: other.region })).find(({ id }) => id === operation.id)
            ?.state.kind;
        await waitFor('the other laptop sees whose it is', async () => (await state()) === 'elsewhere', 30_000);
        await expect(other.app.call('operations.continue', call)).rejects.toMatchObject({
          problem: { code: 'node-locked' },
        });
        await waitFor('it is unattended', async () => (await state()) === 'unattended', 100_000);
        expect(Date.now() - killedAt).toBeGreaterThan(45_000);
        await other.app.call('operations.continue', call);
        await expectInMaintenance(other, operation);
        await laptop.startAgain();
      },
    );

    test('R3, R31: killed again within settle-moves of its roll back: the next start does nothing by itself, and Roll back ends Active', async () => {
      const [before = ''] = await processesOf(used.lab, 'kept');
      const operation = await killedWithin('hold');
      await laptop.startAgain();
      const call = { regionId: laptop.region, operationId: operation.id };
      await laptop.app.call('operations.rollBack', call);
      await killWithin(laptop, operation.id, 'settle-moves');
      await laptop.startAgain();
      expect((await laptop.app.call('operations.get', call)).state.kind).toBe('unattended');
      await laptop.app.call('operations.rollBack', call);
      const over = await untilOperation(laptop.app, laptop.region, operation.id, isOver);
      expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
      await expectActive('hold', before);
    });
  },
);
