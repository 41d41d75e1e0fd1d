import { describe, expect, test } from 'vitest';
import { answering } from './answering.ts';
import { startMidMove, processesOf } from './mid-move.ts';
import { careOf, domainsOn, isOver, tracesOf, untilOperation } from './node-operations.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

const away = '/usr/sbin/crm_mon.away';

// A target that dies before a VM has arrived: migration-failures.test.ts. Here it has arrived, and its unit could not give it back yet.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'a target dies with what it was given',
  { timeout: 400_000 },
  () => {
    const used = useLab([{ name: 'lost', memoryMiB: 32, node: 'w1', memory: 'filled' }], async (lab) => {
      await lab.node('w1').exec(`[ ! -e ${away} ] || mv ${away} /usr/sbin/crm_mon`);
    });
    const laptop = useLaptop(used);

    test('R9, R31: the VM is given back to the cluster within a minute, starts again once, and Continue moves it', async () => {
      const { app, region, lab } = laptop;
      const via = await answering(laptop);
      const target = lab.controls.map(({ name }) => name).find((name) => name !== via) ?? '';
      const pinOf = () => lab.node(via).mustExec(`cibadmin -Q --xpath "//rsc_location[@id='rackside-move-lost']"`);
      const operation = await startMidMove(laptop, 'w1', 'lost', 3, { targets: { lost: target } });
      // What the unit asks the cluster by from now on says nothing.
      await lab
        .node('w1')
        .mustExec(
          `mv /usr/sbin/crm_mon ${away} && printf '#!/bin/sh\nsleep 1; exit 1\n' >/usr/sbin/crm_mon && chmod 755 /usr/sbin/crm_mon`,
        );
      await lab.waitFor('it has arrived', async () => (await domainsOn(lab.node('w1'))).length === 0, 60_000);
      expect(await domainsOn(lab.node(target))).toEqual(['lost']);
      expect((await careOf(lab, 'lost')).isManaged).toBe(false);

      await lab.fault(target, 'kill');
      const isFenced = async () =>
        (await lab.cluster(via)).fenceEvents.some((event) => event.target === target && event.status === 'success');
      await lab.waitFor('its target is fenced', isFenced, 60_000);
      await lab.node('w1').mustExec(`mv ${away} /usr/sbin/crm_mon`);
      await lab.waitFor('it is in the cluster’s care again', async () => (await careOf(lab, 'lost')).isManaged, 60_000);

      // Its own preference had the cluster start it where it came from.
      const failed = await untilOperation(app, region, operation.id, isOver);
      expect(failed.state.kind).toBe('failed');
      expect(failed.vms).toMatchObject([{ resource: 'lost', state: 'failed' }]);
      expect(failed.vms[0]?.detail).toContain('it ran on neither side any more');
      expect(failed.steps.find(({ id }) => id === 'move')?.detail).toContain('was started again where it was');
      expect(await careOf(lab, 'lost')).toEqual({ on: ['w1'], isManaged: true });
      expect(await processesOf(lab, 'lost')).toEqual([expect.stringMatching(/^w1 \d+$/u)]);
      expect(await tracesOf(lab)).not.toContain('rackside-unit-lost');
      expect(await pinOf()).toContain('node="w1"');

      await lab.waitFor(
        'its target is back',
        async () => (await lab.cluster(via)).nodes.every((node) => node.isOnline && !node.isPending),
        120_000,
      );
      // Online is not yet well: a node that comes back takes VMs only once its health gate is passed.
      await untilShown(laptop, target, 'active');
      await app.call('operations.continue', { regionId: region, operationId: operation.id });
      const { state, steps } = await untilOperation(app, region, operation.id, isOver);
      expect(state, JSON.stringify(steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await processesOf(lab, 'lost')).toEqual([`${target} live`]);
      expect(await careOf(lab, 'lost')).toEqual({ on: [target], isManaged: true });
      await untilShown(laptop, 'w1', 'in-maintenance');
    });
  },
);
