import type { Locator, Page } from 'playwright-core';
import { test } from 'vitest';
import {
  confirm,
  describeDemo,
  letHappen,
  openAction,
  shownDialog,
  untilSaid,
  untilStatus,
} from '../helpers/demo-flows.ts';

/** From the maintenance dialog into the force dialog, armed. */
async function openForce(page: Page): Promise<Locator> {
  const maintenance = await openAction(page, 'Maintenance…');
  await maintenance
    .getByText(/\d blockers?/u)
    .first()
    .waitFor();
  await maintenance.getByRole('button', { name: 'Force Maintenance…' }).click();
  const dialog = await shownDialog(page);
  await dialog.getByRole('timer').waitFor({ timeout: 60_000 });
  return dialog;
}

/** Ticks and types everything that is asked for, as it stands there, and presses the verb once the timer is over. */
async function doAll(dialog: Locator): Promise<void> {
  for (const box of await dialog.getByRole('checkbox').all()) await box.check();
  await dialog.getByLabel('Reason').fill('es brennt');
  for (const field of await dialog.locator('.rk-typed').all())
    await field.getByRole('textbox').fill((await field.locator('code').textContent()) ?? '');
  await dialog.getByText('What is ticked above happens at once.').waitFor({ timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Force maintenance', exact: true }).click();
}

describeDemo('force', {}, ({ openNode }) => {
  test('R10: of a node that answers, ticked VMs restart elsewhere, and those with a GPU of the machine stay down', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w12');
    await untilStatus(page, 'Active');
    const dialog = await openForce(page);
    await dialog.getByText('The node answers: it goes into standby').waitFor();
    await doAll(dialog);
    await untilSaid(page, 'GPU Łódź went into maintenance by force.');
    for (const vm of ['gpu-01', 'gpu-02'])
      expect(await page.locator(`[data-vm="${vm}"] .rk-vs`).textContent()).toBe('Stopped');
    expect(await page.locator('[data-vm="tenant-172"] .rk-vs').textContent()).toBe('Restarted');
    await page.getByRole('link', { name: 'GPU Łódź' }).click();
    await untilStatus(page, 'In maintenance');
  });

  test('R11: a node that is silent and cannot be fenced is Failed; it is forced only with the typed statement that it is off', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w11');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Break its fencing', { node: 'demo-w11' });
    await letHappen(page, 'Freeze the node', { node: 'demo-w11' });
    await untilStatus(page, 'Failed');
    await page
      .getByText(/fencing failed/u)
      .first()
      .waitFor({ timeout: 60_000 });
    const dialog = await openForce(page);
    await dialog.getByText('The node does not answer: it is fenced first').waitFor();
    await doAll(dialog);
    await untilSaid(page, 'Узел 11 went into maintenance by force.');
    expect(await page.locator('[data-vm="tenant-124"] .rk-vs').textContent()).toBe('Restarted');
  });

  test('a VM with a GPU is shut down from its blocker, by its own typed name', async (context) => {
    const page = await openNode(context, 'demo-w13');
    await untilStatus(page, 'Active');
    const dialog = await openAction(page, 'Maintenance…');
    await dialog.getByRole('button', { name: 'Shut down gpu-03…' }).click();
    await page.getByRole('heading', { name: 'Shut down gpu-03' }).waitFor();
    const own = await shownDialog(page);
    await own.getByLabel('Type the VM’s name to confirm').fill('gpu-03');
    await confirm(page, own, 'Shut down');
    await untilSaid(page, 'The VM on GPU Kraków was shut down, and stays down.');
  });
});
