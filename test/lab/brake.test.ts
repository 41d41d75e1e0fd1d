import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { operationId } from '#shared/model/ids.ts';
import { noChoices } from '#shared/model/maintenance.ts';
import { waitFor } from './lab-api.ts';
import { processesOf } from './mid-move.ts';
import { isOver, startMaintenance, untilOperation } from './node-operations.ts';
import { rowOf, snapshotOf } from './rackside.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

// Two of four nodes lose their power in the same second.
describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('a mass failure', { timeout: 600_000 }, () => {
  const laptop = useLaptop(useLab([{ name: 'guest', memoryMiB: 16, node: 'c2' }]));

  test('R14: pulls the brake: nothing destructive is begun, also after a restart, until a person lifts it by the region’s name; then it runs', async () => {
    const { lab, region } = laptop;
    await Promise.all(['c3', 'w1'].map((name) => lab.fault(name, 'kill')));
    const brakeNow = async () => (await snapshotOf(laptop.app, region)).region.brake;
    const pulled = await waitFor('the brake is pulled', async () => (await brakeNow()) ?? undefined, 120_000);
    expect(pulled).toMatchObject({ nodes: ['c3', 'w1'], liftedUntil: null });
    // What the switch gave back is Active again, and the brake holds all the same.
    for (const name of ['c3', 'w1']) await untilShown(laptop, name, 'active', 240_000);

    const before = await processesOf(lab, 'guest');
    const refusal = { problem: { code: 'not-available', message: expect.stringContaining(pulled.words) as string } };
    const expectRefused = async () => {
      const on = { regionId: region, nodeId: (await rowOf(laptop.app, region, 'c2')).id };
      const vm = { operationId: operationId(randomUUID()), resource: 'guest', typedName: 'guest' };
      const calls = [
        () => laptop.app.call('maintenance.prepare', { ...on, choices: noChoices }),
        () => laptop.app.call('force.arm', on),
        () => laptop.app.call('vms.shutDown', { ...on, ...vm }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject(refusal);
    };
    await expectRefused();
    await laptop.app.stop('SIGKILL');
    await laptop.startAgain();
    expect(await brakeNow()).toEqual(pulled);
    await expectRefused();
    expect(await processesOf(lab, 'guest')).toEqual(before);

    const lift = (typedName: string) => laptop.app.call('regions.overrideBrake', { regionId: region, typedName });
    await expect(lift('c2')).rejects.toMatchObject({ problem: { code: 'name-mismatch' } });
    await expectRefused();
    await lift('Lab');
    expect((await brakeNow())?.liftedUntil).toBeGreaterThan(Date.now());
    const { id } = await startMaintenance(laptop.app, region, 'c2');
    const over = await untilOperation(laptop.app, region, id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await processesOf(lab, 'guest')).toEqual([`${over.vms[0]?.target ?? ''} live`]);
    await untilShown(laptop, 'c2', 'in-maintenance');
  });
});
