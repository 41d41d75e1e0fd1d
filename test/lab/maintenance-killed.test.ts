import { expect, test } from 'vitest';
import { waitFor } from './lab-api.ts';
import { careOf, isOver, qemuOf, slowDown, startMaintenance, tracesOf, untilOperation } from './node-operations.ts';
import { useLab, useLaptop } from './use-lab.ts';

// The app is killed after it has marked a VM for its move, and before the unit of that move runs.
const away = '/usr/bin/systemd-run.away';
const laptop = useLaptop(
  useLab([{ name: 'killed', memoryMiB: 24, node: 'c3', memory: 'filled' }], async (lab) => {
    await lab.node('c3').exec(`[ ! -e ${away} ] || mv ${away} /usr/bin/systemd-run`);
  }),
);

test('R31: killed between the mark of a move and its unit, the VM stays in the cluster’s care; a new start moves it', async () => {
  const { lab, region } = laptop;
  const c3 = lab.node('c3');
  await slowDown(c3, 'killed', 1000);
  const [before] = await qemuOf(c3, 'killed');
  // Whoever asks for a unit waits, as on a machine that is slow to answer.
  await c3.mustExec(
    `mv /usr/bin/systemd-run ${away} && printf '#!/bin/sh\\nsleep 25; exit 1\\n' >/usr/bin/systemd-run && chmod 755 /usr/bin/systemd-run`,
  );
  const operation = await startMaintenance(laptop.app, region, 'c3');
  await waitFor('its mark is written', async () => (await tracesOf(lab)).includes('rackside-unit-killed'), 90_000, 100);
  await laptop.app.stop('SIGKILL');
  for (const killedAt = Date.now(); Date.now() - killedAt < 30_000;)
    expect(await careOf(lab, 'killed')).toEqual({ on: ['c3'], isManaged: true });
  expect(await qemuOf(c3, 'killed')).toEqual([before]);

  await c3.mustExec(`mv ${away} /usr/bin/systemd-run`);
  await laptop.startAgain();
  await laptop.app.call('operations.continue', { regionId: region, operationId: operation.id });
  const over = await untilOperation(laptop.app, region, operation.id, isOver);
  expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  const { on, isManaged } = await careOf(lab, 'killed');
  expect([on.includes('c3'), isManaged]).toEqual([false, true]);
  expect(await qemuOf(lab.node(on[0]!), 'killed')).toEqual([expect.objectContaining({ isIncoming: true })]);
  expect(await tracesOf(lab)).toEqual(['rackside-move-killed']);
});
