import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { untilArmed } from './broken-off.ts';
import { forceConfirmed } from './confirm.ts';
import { processesOf } from './mid-move.ts';
import { domainsOn, isOver, qemuOf, startActivate, untilOperation } from './node-operations.ts';
import { rowOf } from './rackside.ts';
import { useLab, useLaptop, untilShown } from './use-lab.ts';

// A VM that prefers its node: Force has the cluster start it elsewhere, without a pin, and it would go back as soon as the node may take VMs again.
// `r2` must not migrate: without it there would be nothing to force.
const used = useLab([
  { name: 'r1', memoryMiB: 16, node: 'c2' },
  { name: 'r2', memoryMiB: 16, node: 'c2', mayMigrate: false },
]);
const laptop = useLaptop(used);
const constraint = 'prefers-c2-r1';
const ask = (command: string): Promise<string> => used.lab.node('c1').mustExec(command);

afterEach(async () => {
  await ask(`cibadmin -D -o constraints -X '<rsc_location id="${constraint}"/>' || true`);
});

test.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')(
  'R9: after Force a node is activated though a VM prefers it: it is pinned where it runs, and comes home only when it is asked to',
  async () => {
    const { app, lab, region } = laptop;
    await ask(
      `cibadmin -C -o constraints -X '<rsc_location id="${constraint}" rsc="r1" node="c2" score="50"/>' && crm_resource --wait`,
    );
    const { id: nodeId } = await rowOf(app, region, 'c2');
    const armed = await untilArmed(laptop);
    expect(armed.refused, JSON.stringify(armed.overrides)).toBeNull();
    expect(armed.overrides.map(({ id }) => id)).toContain('vm:r1');
    await sleep(armed.timerMs + 500);
    const { id } = await app.call('force.start', forceConfirmed(region, armed));
    const forced = await untilOperation(app, region, id, isOver, 400_000);
    expect(forced.state, JSON.stringify(forced.steps)).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    await untilShown(laptop, 'c2', 'in-maintenance');
    const host = ['c1', 'c3', 'w1'];
    const at = (await Promise.all(host.map((name) => domainsOn(lab.node(name))))).findIndex((all) =>
      all.includes('r1'),
    );
    const [before] = await qemuOf(lab.node(host[at]!), 'r1');
    const r2 = (await processesOf(lab, 'r2')).join();

    const prepared = await app.call('activate.prepare', { regionId: region, nodeId });
    expect(prepared.checks.find(({ code }) => code === 'scheduler-agrees')).toMatchObject({
      state: 'warning',
      // Nothing pulls r2 but the scheduler's own balance; it would be restarted.
      subjects: ['r1', 'r2'],
    });
    const { id: back } = await startActivate(app, region, 'c2', { bringsVmsHome: false });
    const activated = await untilOperation(app, region, back, isOver, 400_000);
    expect(activated.state, JSON.stringify(activated.steps)).toMatchObject({
      kind: 'ended',
      outcome: 'succeeded',
      left: expect.arrayContaining([expect.stringContaining('r1: its pin is kept')]) as unknown,
    });
    await untilShown(laptop, 'c2', 'active');
    expect(await qemuOf(lab.node(host[at]!), 'r1')).toEqual([before]);
    expect((await processesOf(lab, 'r2')).join()).toBe(r2);
    expect(await ask('cibadmin -Q -o constraints')).toContain('rackside-move-r1');
  },
  900_000,
);
