import type { Locator, Page } from 'playwright-core';
import { test } from 'vitest';
import {
  confirm,
  describeDemo,
  letHappen,
  openAction,
  shownDialog,
  untilRow,
  untilSaid,
  untilStatus,
  vmStates,
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
  await dialog.getByRole('timer').waitFor();
  return dialog;
}

/** Ticks and types everything that is asked for, as it stands there, and presses the verb once the timer is over. */
async function doAll(page: Page, dialog: Locator): Promise<void> {
  for (const box of await dialog.getByRole('checkbox').all()) await box.check();
  await dialog.getByLabel('Reason').fill('es brennt');
  for (const field of await dialog.locator('.rk-typed').all())
    await field.getByRole('textbox').fill((await field.locator('code').textContent()) ?? '');
  await dialog.getByText('What is ticked above happens at once.').waitFor();
  await confirm(page, dialog, 'Force maintenance');
}

describeDemo('force', (start) => {
  test('R10: of a node that answers, ticked VMs restart elsewhere, and those with a GPU of the machine, which block, stay down', async (context) => {
    const { expect } = context;
    const { openNode, open } = await start(context);
    const page = await openNode('demo-w12');
    await untilStatus(page, 'Active');
    const dialog = await openForce(page);
    await dialog.getByText('The node answers: it goes into standby').waitFor();
    await doAll(page, dialog);
    await untilSaid(page, 'GPU Łódź went into maintenance by force.');
    const states = await vmStates(page);
    expect(states).toContain('gpu-01 Stopped');
    expect(states).toContain('gpu-02 Stopped');
    expect(states).toContain('tenant-172 Restarted');
    await untilRow(await open(), 'GPU Łódź', 'In maintenance');
  });

  test('R11: a node that is silent and cannot be fenced is Failed; it is forced only with the typed statement that it is off', async (context) => {
    const { expect } = context;
    const { openNode } = await start(context);
    const page = await openNode('demo-w11');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Break its fencing', { node: 'demo-w11' });
    await letHappen(page, 'Freeze the node', { node: 'demo-w11' });
    await untilStatus(page, 'Failed');
    await page
      .getByText(/fencing failed/u)
      .first()
      .waitFor();
    const dialog = await openForce(page);
    await dialog.getByText('The node does not answer: it is fenced first').waitFor();
    expect(await dialog.locator('.rk-typed code').allTextContents()).toContain('demo-w11 is powered off');
    await doAll(page, dialog);
    await untilSaid(page, 'Узел 11 went into maintenance by force.');
    expect(await vmStates(page)).toContain('tenant-124 Restarted');
  });

  test('R11: one that the cluster has fenced is off by proof: its maintenance needs no force, and no statement', async (context) => {
    const { openNode } = await start(context, { nodes: 8 });
    const page = await openNode('demo-w01');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Cut its network', { node: 'demo-w01' });
    await untilStatus(page, 'Fenced');
    const dialog = await openAction(page, 'Maintenance…');
    await dialog.getByLabel('Reason').fill('Netzteil');
    await confirm(page, dialog, 'OK');
    await untilSaid(page, 'Zürich-Ost 1 went into maintenance.');
    await page.getByRole('link', { name: 'Zürich-Ost 1' }).click();
    await untilStatus(page, 'In maintenance');
  });
});
