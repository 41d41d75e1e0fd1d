import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RegionId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { processesOf } from './mid-move.ts';
import { careOf, domainsOn, forgetOperations, isOver, startMaintenance, untilOperation } from './node-operations.ts';
import { addLiveRegion, makeLive, rowOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// The app is killed -9 within each of the steps in which nothing moves; in mid-move: maintenance-faults.test.ts. It ends In maintenance all the same.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'the app is killed within a step',
  { timeout: 300_000 },
  () => {
    let lab: Lab;
    let app: Rackside;
    let other: Rackside;
    let region: RegionId;
    let otherRegion: RegionId;
    const folders: Awaited<ReturnType<typeof temporaryDataFolder>>[] = [];

    beforeAll(async () => {
      lab = await startLab({ controls: 3, workers: 1 });
      await forgetOperations(lab);
      await lab.addVm({ name: 'kept', memoryMiB: 16, node: 'c2' });
      const start = async () => {
        const data = await temporaryDataFolder();
        folders.push(data);
        return startRackside(data.path);
      };
      [app, other] = await Promise.all([start(), start()]);
      [region, otherRegion] = await Promise.all([addLiveRegion(app, lab), addLiveRegion(other, lab)]);
    });

    afterEach(async () => {
      await forgetOperations(lab);
      await lab.settle(150_000);
    }, 200_000);

    afterAll(async () => {
      await Promise.all([app.stop(), other.stop()]);
      await Promise.all(folders.map((folder) => folder.remove()));
      await lab.deleteVm('kept');
      await lab.down();
    });

    const steps = ['hold', 'standby', 'record'] as const;
    type StepId = (typeof steps)[number];

    /** Starts a maintenance of c2 and kills the app as soon as this step runs. */
    async function killedWithin(step: StepId): Promise<Operation> {
      const operation = await startMaintenance(app, region, 'c2');
      for (;;) {
        const seen = await app.call('operations.get', { regionId: region, operationId: operation.id });
        const state = seen.steps.find(({ id }) => id === step)?.state;
        if (state === 'running') break;
        if (state !== 'waiting') throw new Error(`${step} is ${state ?? 'no step of it'}`);
        await sleep(5);
      }
      await app.stop('SIGKILL');
      return operation;
    }

    /** What is true of the VM once the app is dead: before the moves it has not left, after them it has, live; it is managed in any case. */
    async function expectUntouched(step: StepId, before: string): Promise<void> {
      const { on, isManaged } = await careOf(lab, 'kept');
      expect(isManaged).toBe(true);
      expect(await processesOf(lab, 'kept')).toEqual([step === 'hold' ? before : `${on[0] ?? ''} live`]);
    }

    async function expectInMaintenance(by: Rackside, byRegion: RegionId, operation: Operation): Promise<void> {
      const over = await untilOperation(by, byRegion, operation.id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect((await rowOf(by, byRegion, 'c2')).status.status).toBe('in-maintenance');
      expect(await domainsOn(lab.node('c2'))).toEqual([]);
      const { on, isManaged } = await careOf(lab, 'kept');
      expect([on.length, isManaged]).toEqual([1, true]);
      expect(await processesOf(lab, 'kept')).toEqual([`${on[0] ?? ''} live`]);
      // The hold has gone; who put it there stands on the node.
      const cib = await lab.node('c1').mustExec('cibadmin -Q -o configuration');
      expect(cib).not.toMatch(/rackside-(?:hold|op|lease|unit|care)/u);
      expect(cib).toContain('rackside-maintenance');
    }

    /** The same laptop again: what it finds, and does not do by itself. */
    async function startAgain(): Promise<void> {
      app = await startRackside(app.dataFolder);
      await makeLive(app, lab, region);
    }

    test.each(steps)(
      'R3, R31: within %s; the next start says what is true and does nothing by itself, and Continue ends In maintenance',
      async (step) => {
        const [before = ''] = await processesOf(lab, 'kept');
        const operation = await killedWithin(step);
        await expectUntouched(step, before);
        await startAgain();
        const call = { regionId: region, operationId: operation.id };
        const found = await app.call('operations.get', call);
        expect(found).toMatchObject({ state: { kind: 'unattended' }, reason: 'lab test' });
        expect(found.actions).toEqual(
          expect.arrayContaining([
            { action: 'continue', refused: null },
            { action: 'roll-back', refused: null },
          ]),
        );
        expect((await rowOf(app, region, 'c2')).status.status).toBe('entering-maintenance');
        await sleep(5000);
        expect((await app.call('operations.get', call)).state.kind).toBe('unattended');
        await app.call('operations.continue', call);
        await expectInMaintenance(app, region, operation);
      },
    );

    test.each(steps)(
      'R3, R20, R31: within %s; a second laptop sees it unattended after 60 s, and its Continue ends In maintenance',
      async (step) => {
        const operation = await killedWithin(step);
        const killedAt = Date.now();
        const call = { regionId: otherRegion, operationId: operation.id };
        const state = async () =>
          (await other.call('operations.list', { regionId: otherRegion })).find(({ id }) => id === operation.id)?.state
            .kind;
        await waitFor('the other laptop sees whose it is', async () => (await state()) === 'elsewhere', 30_000);
        await expect(other.call('operations.continue', call)).rejects.toMatchObject({
          problem: { code: 'node-locked' },
        });
        await waitFor('it is unattended', async () => (await state()) === 'unattended', 100_000);
        expect(Date.now() - killedAt).toBeGreaterThan(45_000);
        await other.call('operations.continue', call);
        await expectInMaintenance(other, otherRegion, operation);
        await startAgain();
      },
    );
  },
);
