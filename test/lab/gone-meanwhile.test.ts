import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { untilArmed } from './broken-off.ts';
import { forceConfirmed } from './confirm.ts';
import { untilWithin } from './kill-within.ts';
import { waitFor } from './lab-api.ts';
import { processesOf, startMidMove } from './mid-move.ts';
import { careOf, domainsOn, isOver, startMaintenance, tracesOf, untilOperation } from './node-operations.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// An administrator takes something away with his own tools while an operation is about it: no operation is left without an end.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('gone meanwhile', { timeout: 900_000 }, () => {
  const used = useLab([{ name: 'goes', memoryMiB: 32, node: 'c2', memory: 'filled' }]);
  const laptop = useLaptop(used);
  const ask = (command: string, timeoutMs = 60_000): Promise<string> =>
    used.lab.node('c1').mustExec(command, { timeoutMs });

  test('the node itself: its maintenance, left alone, is rolled back to its end, and the VM stays where it went', async () => {
    const { app, region: regionId, lab } = laptop;
    const { id: operationId } = await startMidMove(laptop, 'c2', 'goes', 4, { targets: { goes: 'c3' } });
    await app.call('operations.handOver', { regionId, operationId });
    const isThere = async () => {
      const { on, isManaged } = await careOf(lab, 'goes');
      return isManaged && on.join() === 'c3';
    };
    await waitFor('its unit has handed the VM back on c3', isThere, 120_000);
    await ask('pcs cluster node remove c2', 180_000);
    await app.call('operations.rollBack', { regionId, operationId });
    const over = await untilOperation(app, regionId, operationId, isOver, 200_000);
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect(JSON.stringify(over.state)).toContain('another tool has removed it');
    expect(await processesOf(lab, 'goes')).toEqual(['c3 live']);
    expect((await tracesOf(lab)).filter((name) => name !== 'rackside-move-goes')).toEqual([]);
  });

  test('R9: a VM whose migration Force has forbidden: the others get theirs back, and Force comes to its end', async () => {
    const { app, region: regionId, lab } = laptop;
    await lab.addVms([
      { name: 'bound', memoryMiB: 16, node: 'c2', mayMigrate: false },
      { name: 'doomed', memoryMiB: 16, node: 'c2' },
    ]);
    try {
      const armed = await untilArmed(laptop);
      await sleep(armed.timerMs + 500);
      const { id } = await app.call('force.start', forceConfirmed(regionId, armed));
      await untilWithin(laptop, id, 'standby');
      expect((await ask('crm_resource -r doomed --meta -g allow-migrate')).trim()).toBe('false');
      const paths = [`//constraints/rsc_location[@rsc='doomed']`, `//primitive[@id='doomed']`];
      await ask(paths.map((path) => `cibadmin --delete-all --force --xpath "${path}"`).join('; '));
      const over = await untilOperation(app, regionId, id, isOver, 400_000);
      expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect((await ask('crm_resource -r goes --meta -g allow-migrate')).trim()).toBe('true');
      expect(await domainsOn(lab.node('c2'))).toEqual([]);
      await untilShown(laptop, 'c2', 'in-maintenance');
    } finally {
      await lab.addVm({ name: 'doomed', memoryMiB: 16, node: 'c3' });
      for (const name of ['bound', 'doomed']) await lab.deleteVm(name);
    }
  });

  test('R6: cancelled when a Worker’s connection was just asked to close, it stays open afterwards', async () => {
    const { app, region: regionId, lab } = laptop;
    const signal = (name: string) =>
      Promise.all(
        lab.controls.map((node) => node.mustExec(`pkill -${name} -f '^/usr/lib/pacemaker/pacemaker-schedulerd'`)),
      );
    const role = async () => (await ask('crm_resource -r w1 --meta -g target-role 2>/dev/null || true')).trim();
    const { id: operationId } = await startMaintenance(app, regionId, 'w1', { stopsServices: true });
    await untilWithin(laptop, operationId, 'record');
    // The cluster is slow to begin what it is asked for.
    await signal('STOP');
    try {
      await waitFor('its connection is asked to close', async () => (await role()) === 'Stopped', 30_000, 100);
      await app.call('operations.cancel', { regionId, operationId });
      await waitFor('it is not asked to any more', async () => (await role()) !== 'Stopped', 30_000, 100);
    } finally {
      await signal('CONT');
    }
    const over = await untilOperation(app, regionId, operationId, isOver, 200_000);
    expect(over.state, JSON.stringify(over.steps)).toMatchObject({ kind: 'ended', outcome: 'cancelled' });
    await ask('crm_resource --wait -T 60s', 70_000);
    await untilShown(laptop, 'w1', 'active');
    expect([await role(), await tracesOf(lab)]).toEqual(['', []]);
  });
});
