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

/** Regions in which this node has few VMs, all of which move live; and in which one of them does not. */
const fewOnW01 = { nodes: 30, seed: 26 };
const oneRestartsOnW26 = { nodes: 30, seed: 39 };

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

const isHeldUp = (dialog: Locator): Promise<string | null> =>
  dialog.getByRole('button', { name: 'OK', exact: true }).getAttribute('aria-disabled');

/** From the operation's page to the node's, and its Activate. */
async function activate(page: Page, name: string): Promise<Locator> {
  await page.getByRole('link', { name }).click();
  await untilStatus(page, 'In maintenance');
  return openAction(page, 'Activate…');
}

describeDemo('maintenance', (start) => {
  test('preflight, plan, OK, each VM moves live in sight, In maintenance in the table; Activate brings them home', async (context) => {
    const { expect } = context;
    const { open, openNode } = await start(context, fewOnW01);
    const page = await openNode('demo-w01');
    const { dialog, vms } = await plan(page);
    expect(await dialog.getByRole('list', { name: 'Checks' }).getByRole('listitem').count()).toBe(19);
    await confirm(page, dialog, 'OK');
    await page.locator('[data-vm]', { hasText: 'Moving' }).filter({ hasText: '%' }).first().waitFor();
    await untilSaid(page, 'Zürich-Ost 1 went into maintenance.');
    const moved = vms.map((vm) => `${vm} Moved`);
    expect(await vmStates(page)).toEqual(moved.toSorted());
    const table = await open();
    await untilRow(table, 'Zürich-Ost 1', 'In maintenance');
    const back = await activate(page, 'Zürich-Ost 1');
    await back.getByRole('checkbox', { name: `Bring ${String(vms.length)} VMs home` }).check();
    await confirm(page, back, 'Activate');
    await untilSaid(page, 'Zürich-Ost 1 became Active.');
    expect(await vmStates(page)).toEqual(moved.toSorted());
    await untilRow(table, 'Zürich-Ost 1', 'Active');
  });

  test('R9: a VM that cannot move live restarts elsewhere, and only where its row is ticked; Activate leaves them there', async (context) => {
    const { expect } = context;
    const { openNode } = await start(context, oneRestartsOnW26);
    const page = await openNode('demo-w26');
    const { dialog, vms } = await plan(page);
    expect(await isHeldUp(dialog)).toBe('true');
    await dialog.getByRole('checkbox', { name: 'Allow build-145 to restart' }).check();
    await confirm(page, dialog, 'OK');
    await untilSaid(page, 'demo-w26 went into maintenance.');
    expect(await vmStates(page)).toContain('build-145 Restarted');
    await page.getByRole('link', { name: 'demo-w26' }).click();
    await untilStatus(page, 'In maintenance');
    await confirm(page, await openAction(page, 'Stop Cluster Services…'), 'Stop');
    await untilSaid(page, 'The cluster services of demo-w26 were stopped.');
    const back = await activate(page, 'demo-w26');
    await back.getByRole('checkbox', { name: /^Bring \d+ VMs home$/u }).uncheck();
    await confirm(page, back, 'Activate');
    await untilSaid(page, 'demo-w26 became Active.');
    expect(await vmStates(page)).toHaveLength(vms.length);
    expect(new Set((await vmStates(page)).map((one) => one.split(' ')[1]))).toEqual(new Set(['Stays']));
  });

  test('R2, R7: one migration fails and holds back no other; the reason is libvirt’s, and Continue ends it', async (context) => {
    const { expect } = context;
    const { openNode } = await start(context, fewOnW01);
    const page = await openNode('demo-w01');
    await letHappen(page, 'Fail its migration', { node: 'demo-w01', vm: 'metrics-103' });
    const { dialog, vms } = await plan(page);
    await confirm(page, dialog, 'OK');
    await untilSaid(page, /^It stopped at/u);
    await untilSaid(page, /job: unexpectedly failed/u);
    const states = vms.map((vm) => `${vm} ${vm === 'metrics-103' ? 'Failed' : 'Moved'}`);
    expect(await vmStates(page)).toEqual(states.toSorted());
    await page.getByRole('button', { name: 'Continue' }).click();
    await untilSaid(page, 'Zürich-Ost 1 went into maintenance.');
  });

  test('R5, R7: two nodes that move only what can, one after the other, where one more may be out: both are done, and Active', async (context) => {
    const { expect } = context;
    const { open } = await start(context);
    const page = await open('#/regions');
    await page.getByRole('button', { name: /^Limits of Demo region/ }).click();
    await page.getByLabel('Nodes out of service').fill('6');
    await page.getByRole('button', { name: 'Save in the cluster' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Nodes' }).click();
    for (const name of ['GPU Kraków', 'GPU Łódź']) {
      await page.getByRole('searchbox').fill(name);
      const box = page.getByRole('checkbox', { name: `Select ${name}` });
      await box.check();
    }
    await page.getByRole('button', { name: 'Maintenance…' }).click();
    const dialog = await shownDialog(page);
    await dialog
      .getByRole('list', { name: 'Nodes' })
      .getByText(/blocker/u)
      .nth(1)
      .waitFor();
    await dialog.getByRole('checkbox', { name: 'Move what can move now' }).check();
    await dialog.getByLabel('Reason').fill('Lüfter 2');
    await dialog.getByText('what can move moves, and each node ends Active').waitFor();
    await confirm(page, dialog, 'OK');
    await untilSaid(page, 'What could move has left GPU Kraków; it went back to Active.');
    await page.getByRole('link', { name: 'Operations', exact: true }).click();
    const second = page.locator('tr', { hasText: 'GPU Łódź' }).getByRole('link', { name: 'Maintenance' });
    await second.first().click();
    await untilSaid(page, 'What could move has left GPU Łódź; it went back to Active.');
    expect((await vmStates(page)).filter((one) => one.startsWith('gpu-'))).toEqual(['gpu-01 Stays', 'gpu-02 Stays']);
  });

  test('R6: Cancel in the middle leaves each VM where it runs, and the node Active', async (context) => {
    const { expect } = context;
    const { openNode } = await start(context, { ...fewOnW01, moves: 2 });
    const page = await openNode('demo-w01');
    const { dialog } = await plan(page);
    await confirm(page, dialog, 'OK');
    await page.locator('[data-vm] .rk-vs', { hasText: 'Moved' }).first().waitFor();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const asked = await shownDialog(page);
    await asked.getByText('goes back to Active, or says why it could not').waitFor();
    await asked.getByRole('button', { name: 'Cancel and return to Active' }).click();
    await untilSaid(page, 'Maintenance on Zürich-Ost 1 was cancelled.');
    const states = (await vmStates(page)).map((one) => one.split(' ')[1]);
    expect(new Set(states)).toEqual(new Set(['Moved', 'Stays']));
    await page.getByRole('link', { name: 'Zürich-Ost 1' }).click();
    await untilStatus(page, 'Active');
  });

  test('R20: another operator takes the lock in the middle: this laptop stops and says who drives; once nobody does, it is rolled back', async (context) => {
    const { openNode } = await start(context, { ...fewOnW01, moves: 2 });
    const page = await openNode('demo-w01');
    const { dialog } = await plan(page);
    await confirm(page, dialog, 'OK');
    await page.locator('[data-vm]', { hasText: 'Moving' }).first().waitFor();
    await letHappen(page, 'Take its lease, as another operator', { node: 'demo-w01' });
    await untilSaid(page, /^yuki on laptop-17 drives it$/u);
    await page.getByText('Whoever drives it can cancel it, or hand it over.').waitFor();
    context.expect(await page.getByRole('button', { name: 'Cancel…' }).count()).toBe(0);
    // What took it renews nothing, and after a minute of that nobody holds it.
    await untilSaid(page, /^Nobody drives it since/u);
    await rollBack(page, 'Zürich-Ost 1');
  });
});

/** Rolls back the operation whose page this is; its node is Active then. */
async function rollBack(page: Page, node: string): Promise<void> {
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const dialog = await shownDialog(page);
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
  await untilSaid(page, `Maintenance on ${node} was rolled back.`);
  await page.getByRole('link', { name: node }).click();
  await untilStatus(page, 'Active');
}
