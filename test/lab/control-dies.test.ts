import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeId, operationId, type RegionId } from '#shared/model/ids.ts';
import { startLab, waitFor, type Lab } from './lab-api.ts';
import { processesOf, startMidMove, untilMigrates } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  forgetOperations,
  isOver,
  slowDown,
  startMaintenance,
  untilOperation,
} from './node-operations.ts';
import { addLiveRegion, rowOf, snapshotOf, startRackside, temporaryDataFolder, type Rackside } from './rackside.ts';

// The control node through which the laptop reads and writes loses its power: the operation goes on through another one.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'the control node that answers dies',
  { timeout: 300_000 },
  () => {
    let lab: Lab;
    let app: Rackside;
    let data: Awaited<ReturnType<typeof temporaryDataFolder>>;
    let region: RegionId;
    /** Of the two that do not answer, the one that is acted on. */
    let source = '';

    beforeAll(async () => {
      lab = await startLab({ controls: 3, workers: 1 });
      await forgetOperations(lab);
      data = await temporaryDataFolder();
      app = await startRackside(data.path);
      region = await addLiveRegion(app, lab);
    });

    beforeEach(async () => {
      source = '';
      source = await spared();
      await lab.addVm({ name: 'goes', memoryMiB: 32, node: source, memory: 'filled' });
    }, 90_000);

    afterEach(async () => {
      for (const node of lab.nodes) if (!node.isOn()) await node.fault('restore');
      await forgetOperations(lab);
      await lab.settle(150_000);
      await lab.deleteVm('goes');
    }, 300_000);

    afterAll(async () => {
      await app.stop();
      await data.remove();
      await lab.down();
    });

    async function via(): Promise<string | undefined> {
      const { connection } = (await snapshotOf(app, region)).region;
      return connection.kind === 'live' ? connection.via : undefined;
    }

    /** A control node that neither answers nor is acted on. */
    async function spared(): Promise<string> {
      const answering = await waitFor('a control node answers', async () => (await via()) ?? undefined, 30_000);
      return lab.controls.map(({ name }) => name).find((name) => name !== answering && name !== source) ?? '';
    }

    /** Takes the power from the control node that answers, and waits until another one does. */
    async function killAnswering(): Promise<string> {
      const answering = await waitFor('a control node answers', async () => (await via()) ?? undefined, 30_000);
      expect(answering).not.toBe(source);
      await lab.fault(answering, 'kill');
      await waitFor(
        'another control node answers',
        async () => {
          const now = await via();
          return now !== undefined && now !== answering;
        },
        90_000,
      );
      return answering;
    }

    test('R2, R9, R31: in the middle of a maintenance: the VM arrives live, and the node is In maintenance', async () => {
      const target = await spared();
      const operation = await startMidMove({ lab, app, region }, source, 'goes', 2, { targets: { goes: target } });
      await killAnswering();
      const over = await untilOperation(app, region, operation.id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await processesOf(lab, 'goes')).toEqual([`${target} live`]);
      expect(await careOf(lab, 'goes')).toEqual({ on: [target], isManaged: true });
      expect(await domainsOn(lab.node(source))).toEqual([]);
      expect((await rowOf(app, region, source)).status.status).toBe('in-maintenance');
    });

    test('R2, R9, R31: in the middle of an Activate: the VM comes home live, and the node is Active', async () => {
      const target = await spared();
      await slowDown(lab.node(source), 'goes', 1000);
      const { id: maintained } = await startMaintenance(app, region, source, { targets: { goes: target } });
      const before = await untilOperation(app, region, maintained, isOver);
      expect(before.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      await slowDown(lab.node(target), 'goes', 2);
      const on = { regionId: region, nodeId: nodeId(`member:${source}`) };
      const { digest, heldUpBy } = await app.call('activate.prepare', on);
      expect(heldUpBy).toBe('');
      const id = operationId(randomUUID());
      const asked = { bringsVmsHome: true, acknowledgesFenceLoop: false };
      await app.call('activate.start', { ...on, ...asked, operationId: id, digest });
      await untilMigrates(lab, target, 'goes');
      await killAnswering();
      const over = await untilOperation(app, region, id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await processesOf(lab, 'goes')).toEqual([`${source} live`]);
      expect(await careOf(lab, 'goes')).toEqual({ on: [source], isManaged: true });
      expect((await rowOf(app, region, source)).status.status).toBe('active');
    });
  },
);
