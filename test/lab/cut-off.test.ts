import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { OperationId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { killAnswering } from './answering.ts';
import { untilArmed } from './broken-off.ts';
import { forceConfirmed, startRemoval } from './confirm.ts';
import { untilWithin } from './kill-within.ts';
import { processesOf, untilMigrates } from './mid-move.ts';
import {
  careOf,
  domainsOn,
  isOver,
  slowDown,
  startActivate,
  startMaintenance,
  untilOperation,
} from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// The laptop loses the way to every node for 30 s, or to the control node that answers, in the middle of what `maintenance-faults` and
// `control-dies` do not cover. Whatever it was, it goes on by itself, and fences nobody.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('the way is lost', { timeout: 500_000 }, () => {
  const used = useLab([
    { name: 'near', memoryMiB: 32, node: 'c2', memory: 'filled' },
    { name: 'far', memoryMiB: 16, node: 'w1' },
  ]);
  const laptop = useLaptop(used);
  const newId = (): OperationId => randomUUID() as OperationId;
  const ask = (command: string): Promise<string> => used.lab.node('c2').mustExec(command);

  const losses: Readonly<Record<string, () => Promise<unknown>>> = {
    'to every node for 30 s': async () => {
      await used.lab.laptop.cut();
      await sleep(30_000);
      await used.lab.laptop.restore();
    },
    'to the control node that answers, for good': () => killAnswering(laptop),
  };
  const toAll = losses['to every node for 30 s']!;

  async function fencingsOf(node: string): Promise<number> {
    return (await used.lab.cluster('c2')).fenceEvents.filter(({ target }) => target === node).length;
  }

  async function succeeded(id: OperationId): Promise<Operation> {
    const over = await untilOperation(laptop.app, laptop.region, id, isOver, 300_000);
    expect(over.state, JSON.stringify([over.steps, over.vms])).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    return over;
  }

  async function maintained(node: string): Promise<void> {
    await succeeded((await startMaintenance(laptop.app, laptop.region, node)).id);
    await untilShown(laptop, node, 'in-maintenance');
  }

  describe.each(Object.keys(losses))('%s', (what) => {
    test('R2: in the middle of the shutdown of a VM: it is down, and stays down', async () => {
      const { app, lab, region } = laptop;
      const before = await fencingsOf('w1');
      const on = { regionId: region, nodeId: (await rowOf(app, region, 'w1')).id };
      const operationId = newId();
      await app.call('vms.shutDown', { ...on, operationId, resource: 'far', typedName: 'far' });
      // It ignores ACPI here: its shutdown takes half a minute.
      await untilWithin(laptop, operationId, 'off');
      await losses[what]!();
      await succeeded(operationId);
      expect(await domainsOn(lab.node('w1'))).toEqual([]);
      expect((await ask('crm_resource -r far --meta -g target-role')).trim()).toBe('Stopped');
      expect(await fencingsOf('w1')).toBe(before);
    });

    test('R2, R11: while the cluster services of a Worker are stopped: they are, and it is not fenced for it', async () => {
      const { app, region } = laptop;
      const before = await fencingsOf('w1');
      await maintained('w1');
      const on = { regionId: region, nodeId: (await rowOf(app, region, 'w1')).id };
      const { digest } = await app.call('services.prepareStop', on);
      const operationId = newId();
      await app.call('services.stop', { ...on, operationId, digest });
      await untilWithin(laptop, operationId, 'stop-services');
      await losses[what]!();
      await succeeded(operationId);
      await untilShown(laptop, 'w1', 'in-maintenance');
      expect((await rowOf(app, region, 'w1')).maintenance?.isStopped).toBe(true);
      expect(await fencingsOf('w1')).toBe(before);
    });
  });

  test('R2, R9: in the middle of a Force: each VM is restarted elsewhere once, and nobody is fenced', async () => {
    const { app, lab, region } = laptop;
    const before = await fencingsOf('c2');
    // What Maintenance can do by itself is not forced.
    await lab.addVm({ name: 'bound', memoryMiB: 16, node: 'c2', mayMigrate: false });
    try {
      const armed = await untilArmed(laptop);
      await sleep(armed.timerMs + 500);
      const { id } = await app.call('force.start', forceConfirmed(region, armed));
      await untilWithin(laptop, id, 'standby');
      await toAll();
      await succeeded(id);
      expect(await domainsOn(lab.node('c2'))).toEqual([]);
      const { on, isManaged } = await careOf(lab, 'near');
      expect([on.length, on.includes('c2'), isManaged]).toEqual([1, false, true]);
      expect(await processesOf(lab, 'near')).toEqual([expect.not.stringContaining('live')]);
      expect((await ask('crm_resource -r near --meta -g allow-migrate')).trim()).toBe('true');
      await untilShown(laptop, 'c2', 'in-maintenance');
      expect(await fencingsOf('c2')).toBe(before);
    } finally {
      await lab.deleteVm('bound');
    }
  });

  test('R31: in the middle of an Activate: the VM comes home live', async () => {
    const { app, lab, region } = laptop;
    await slowDown(lab.node('c2'), 'near', 1000);
    await maintained('c2');
    const { on } = await careOf(lab, 'near');
    await slowDown(lab.node(on[0]!), 'near', 2);
    const { id } = await startActivate(app, region, 'c2', { bringsVmsHome: true });
    await untilMigrates(lab, on[0]!, 'near');
    await toAll();
    await succeeded(id);
    expect(await processesOf(lab, 'near')).toEqual(['c2 live']);
    expect(await careOf(lab, 'near')).toEqual({ on: ['c2'], isManaged: true });
    await untilShown(laptop, 'c2', 'active');
  });

  test('R3, R16: in the middle of the removal of a Worker: it is begun once, and the Worker is out, never fenced', async () => {
    const { app, lab, region } = laptop;
    const before = await fencingsOf('w1');
    await maintained('w1');
    const id = await startRemoval(app, region, 'w1');
    await untilWithin(laptop, id, 'leave', ({ steps }) => steps.some(({ detail }) => detail === 'pcs is at work'));
    await toAll();
    await succeeded(id);
    expect((await lab.cluster()).nodes.map(({ name }) => name)).not.toContain('w1');
    const sent = await app.call('operations.transcript', { regionId: region, operationId: id, after: 0 });
    expect(sent.filter(({ command }) => command.startsWith('systemd-run'))).toHaveLength(1);
    expect(await fencingsOf('w1')).toBe(before);
  });
});
