import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answering, killAnswering } from './answering.ts';
import { untilArmed } from './broken-off.ts';
import { forceConfirmed } from './confirm.ts';
import { untilWithin } from './kill-within.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';
import { processesOf, startMidMove, untilMigrates } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  isOver,
  slowDown,
  startActivate,
  startMaintenance,
  tracesOf,
  untilOperation,
} from './node-operations.ts';

// The control node through which the laptop reads and writes loses its power: the operation goes on through another one.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'the control node that answers dies',
  { timeout: 300_000 },
  () => {
    // Defined before the lab: so it runs after the lab has come to rest.
    afterEach(async () => used.lab.deleteVm('goes'), 90_000);
    const used = useLab();
    const laptop = useLaptop(used);
    /** Of the two that do not answer, the one that is acted on. */
    let source = '';

    beforeEach(async () => {
      source = '';
      source = await spared();
      await used.lab.addVm({ name: 'goes', memoryMiB: 32, node: source, memory: 'filled' });
    }, 90_000);

    /** A control node that neither answers nor is acted on. */
    async function spared(): Promise<string> {
      const via = await answering(laptop);
      return used.lab.controls.map(({ name }) => name).find((name) => name !== via && name !== source) ?? '';
    }

    test('R2, R9, R31: in the middle of a maintenance: the VM arrives live, and the node is In maintenance', async () => {
      const { app, region, lab } = laptop;
      const target = await spared();
      const operation = await startMidMove(laptop, source, 'goes', 2, { targets: { goes: target } });
      expect(await killAnswering(laptop)).not.toBe(source);
      const over = await untilOperation(app, region, operation.id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await processesOf(lab, 'goes')).toEqual([`${target} live`]);
      expect(await careOf(lab, 'goes')).toEqual({ on: [target], isManaged: true });
      expect(await domainsOn(lab.node(source))).toEqual([]);
      await untilShown(laptop, source, 'in-maintenance');
    });

    // The writes of these two steps are made again through another one, and change nothing twice.
    test.each(['standby', 'record'])(
      'R2, R9: in the step %s of a maintenance: its writes go on through another one, and the node is In maintenance',
      async (step) => {
        const { app, region, lab } = laptop;
        const target = await spared();
        const { id } = await startMaintenance(app, region, source, { targets: { goes: target } });
        const via = await answering(laptop);
        await untilWithin(laptop, id, step);
        await lab.fault(via, 'kill');
        const over = await untilOperation(app, region, id, isOver);
        expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
        expect(await processesOf(lab, 'goes')).toEqual([`${target} live`]);
        expect(await careOf(lab, 'goes')).toEqual({ on: [target], isManaged: true });
        expect(await domainsOn(lab.node(source))).toEqual([]);
        expect(await tracesOf(lab)).toEqual(['rackside-move-goes']);
        const fenced = (await lab.cluster(source)).fenceEvents.filter(({ status }) => status === 'success');
        expect(fenced[0]?.target).toBe(via);
        await untilShown(laptop, source, 'in-maintenance');
      },
    );

    test('R2, R9: in the middle of a Force: each VM is restarted elsewhere once, what forbade a migration is undone, and nobody is fenced for it', async () => {
      const { app, region, lab } = laptop;
      await lab.addVm({ name: 'bound', memoryMiB: 16, node: source, mayMigrate: false });
      try {
        const armed = await untilArmed(laptop, source);
        await sleep(armed.timerMs + 500);
        const { id } = await app.call('force.start', forceConfirmed(region, armed));
        await untilOperation(app, region, id, ({ steps }) =>
          steps.some((step) => step.id === 'standby' && step.state !== 'waiting'),
        );
        expect(await killAnswering(laptop)).not.toBe(source);
        const over = await untilOperation(app, region, id, isOver);
        expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
        expect(await domainsOn(lab.node(source))).toEqual([]);
        for (const vm of ['goes', 'bound']) {
          const { on, isManaged } = await careOf(lab, vm);
          expect([vm, on.length, on.includes(source), isManaged]).toEqual([vm, 1, false, true]);
          expect(await processesOf(lab, vm)).toEqual([expect.not.stringContaining('live')]);
        }
        const allowed = await lab.node(source).mustExec('crm_resource -r goes --meta -g allow-migrate');
        expect(allowed.trim()).toBe('true');
        expect((await lab.cluster(source)).fenceEvents.filter(({ target }) => target === source)).toEqual([]);
        await untilShown(laptop, source, 'in-maintenance');
      } finally {
        await lab.deleteVm('bound');
      }
    });

    test('R2, R9, R31: in the middle of an Activate: the VM comes home live, and the node is Active', async () => {
      const { app, region, lab } = laptop;
      const target = await spared();
      await slowDown(lab.node(source), 'goes', 1000);
      const { id: maintained } = await startMaintenance(app, region, source, { targets: { goes: target } });
      const before = await untilOperation(app, region, maintained, isOver);
      expect(before.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      await slowDown(lab.node(target), 'goes', 2);
      const { id } = await startActivate(app, region, source, { bringsVmsHome: true });
      await untilMigrates(lab, target, 'goes');
      expect(await killAnswering(laptop)).not.toBe(source);
      const over = await untilOperation(app, region, id, isOver);
      expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await processesOf(lab, 'goes')).toEqual([`${source} live`]);
      expect(await careOf(lab, 'goes')).toEqual({ on: [source], isManaged: true });
      await untilShown(laptop, source, 'active');
    });
  },
);
