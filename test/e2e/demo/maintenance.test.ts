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

/** The VMs' rows of an operation, as `name state`. */
const vmStates = (page: Page): Promise<readonly string[]> =>
  page
    .locator('[data-vm]')
    .evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute('data-vm') ?? ''} ${row.querySelector('.rk-vs')?.textContent ?? ''}`),
    );

/** The preflight and the plan of the node whose page this is. Answers the names of the VMs in the plan. */
async function plan(page: Page): Promise<{ readonly dialog: Locator; readonly vms: readonly string[] }> {
  await untilStatus(page, 'Active');
  const dialog = await openAction(page, 'Maintenance…');
  const rows = dialog.getByRole('table', { name: 'Plan' }).locator('tbody tr');
  await rows.first().waitFor();
  await dialog.getByLabel('Reason').fill('Lüfter 2');
  const names = await rows
    .locator('.rk-plan__vm')
    .evaluateAll((cells) => cells.map((one) => one.firstChild?.textContent ?? ''));
  return { dialog, vms: names };
}

describeDemo('maintenance', {}, ({ open, openNode }) => {
  test('preflight, plan, OK, each VM moves live, In maintenance; Activate brings them home', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w01');
    const { dialog, vms } = await plan(page);
    await confirm(page, dialog, 'OK');
    await untilSaid(page, 'Zürich-Ost 1 went into maintenance.');
    const moved = vms.map((vm) => `${vm} Moved`);
    expect((await vmStates(page)).toSorted()).toEqual(moved.toSorted());
    await page.getByRole('link', { name: 'Zürich-Ost 1' }).click();
    await untilStatus(page, 'In maintenance');
    const back = await openAction(page, 'Activate…');
    await back.getByRole('checkbox', { name: `Bring ${String(vms.length)} VMs home` }).check();
    await confirm(page, back, 'Activate');
    await untilSaid(page, 'Zürich-Ost 1 became Active.');
    expect((await vmStates(page)).toSorted()).toEqual(moved.toSorted());
  });

  test('R9: a VM that cannot move live restarts elsewhere, and only where its row is ticked', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w18');
    const { dialog } = await plan(page);
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    expect(await ok.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('checkbox', { name: 'Allow dns-016 to restart' }).check();
    await confirm(page, dialog, 'OK');
    await untilSaid(page, 'demo-w18 went into maintenance.');
    expect(await vmStates(page)).toContain('dns-016 Restarted');
  });

  test('R2, R7: one migration fails and holds back no other; the reason is libvirt’s, and Continue ends it', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w15');
    await letHappen(page, 'Fail its migration', { vm: 'dns-033' });
    const { dialog, vms } = await plan(page);
    await confirm(page, dialog, 'OK');
    await untilSaid(page, /job: unexpectedly failed/u);
    const states = vms.map((vm) => `${vm} ${vm === 'dns-033' ? 'Failed' : 'Moved'}`);
    expect((await vmStates(page)).toSorted()).toEqual(states.toSorted());
    await page.getByRole('button', { name: 'Continue' }).click();
    await untilSaid(page, 'demo-w15 went into maintenance.');
  });

  test('R6: Cancel in the middle leaves each VM where it runs, and the node Active', async (context) => {
    const { expect } = context;
    const page = await openNode(context, 'demo-w16');
    const { dialog } = await plan(page);
    await confirm(page, dialog, 'OK');
    await page.locator('[data-vm] .rk-vs', { hasText: 'Moved' }).first().waitFor();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const asked = await shownDialog(page);
    await asked.getByText('goes back to Active, or says why it could not').waitFor();
    await asked.getByRole('button', { name: 'Cancel and return to Active' }).click();
    await untilSaid(page, 'Maintenance on demo-w16 was cancelled.');
    const states = (await vmStates(page)).map((one) => one.split(' ')[1]);
    expect(new Set(states)).toEqual(new Set(['Moved', 'Stays']));
    await page.getByRole('link', { name: 'demo-w16' }).click();
    await untilStatus(page, 'Active');
  });

  test('what a colleague has left unattended is found among the operations, and rolled back to Active', async (context) => {
    const page = await open(context, '#/operations');
    await page.locator('[data-operation]', { hasText: 'demo-w06' }).getByRole('link', { name: 'Maintenance' }).click();
    await page.getByText('Nobody drives it since').waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const dialog = await shownDialog(page);
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await untilSaid(page, 'Maintenance on demo-w06 was rolled back.');
    await page.getByRole('link', { name: 'demo-w06' }).click();
    await untilStatus(page, 'Active');
  });
});
