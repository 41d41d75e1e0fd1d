import type { Locator, Page } from 'playwright-core';
import { test } from 'vitest';
import { describeDemo, untilSaid, untilStatus } from '../helpers/demo-flows.ts';
import { arrowTo, enter, press, pressReady } from '../helpers/keys.ts';
import { hasFocus, tabTo } from '../helpers/maintenance-pages.ts';

const dialogOf = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name });

/** Flows by Tab, Enter, Space, arrows and typing alone, one after the other in one region. */
describeDemo('by keyboard alone', (start) => {
  test('limits are set; what a colleague has left unattended is found and rolled back to Active; nodes are selected and taken out of service together; a VM with a GPU, which holds its node up by name, is shut down from there by its own typed name', async (context) => {
    const { expect } = context;
    const { open, openNode } = await start(context);
    const page = await open('#/regions');

    await press(page, page.getByRole('button', { name: /^Limits of Demo region/u }));
    const limits = dialogOf(page, /Limits/u);
    await enter(page, limits.getByLabel('VM moves at once'), '5');
    await pressReady(page, limits, 'Save in the cluster');
    await limits.waitFor({ state: 'detached' });
    expect(await hasFocus(page.getByRole('button', { name: /^Limits of Demo region/u }))).toBe(true);

    await page.keyboard.press('g');
    await page.keyboard.press('o');
    const left = page.locator('[data-operation]', { hasText: 'demo-w06' }).getByRole('link', { name: 'Maintenance' });
    await left.waitFor();
    await tabTo(page, page.locator('[data-operation]').first().getByRole('link').first());
    await arrowTo(page, left);
    await page.keyboard.press('Enter');
    await untilSaid(page, /^Nobody drives it since/u);
    await press(page, page.getByRole('button', { name: 'Roll back…' }));
    const asked = page.getByRole('dialog');
    await asked.waitFor();
    await pressReady(page, asked, 'Roll back');
    await untilSaid(page, 'Maintenance on demo-w06 was rolled back.');

    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.keyboard.press('/');
    await page.keyboard.type('demo-w0');
    await page.locator('[data-row]', { hasText: 'demo-w06' }).filter({ hasText: 'Active' }).waitFor();
    await tabTo(page, page.locator('[role=grid]'));
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowUp');
    await page.locator('.rk-act', { hasText: '2 selected' }).waitFor();
    await press(page, page.locator('.rk-act').getByRole('button', { name: 'Maintenance…' }));
    const many = dialogOf(page, 'Node Maintenance');
    await enter(page, many.getByLabel('Reason'), 'Lüfter');
    // One VM of the first of them cannot move live.
    await many.getByText('1 tick missing').waitFor();
    await tabTo(page, many.getByRole('checkbox', { name: /^Allow .* to restart$/u }));
    await page.keyboard.press('Space');
    await pressReady(page, many, 'OK');
    await untilSaid(page, '機架七 went into maintenance.');
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    for (const name of ['機架七', 'Zürich-Ost 1'])
      await page
        .locator('[data-row]', { hasText: name })
        .filter({ hasText: 'In maintenance' })
        .waitFor({ timeout: 150_000 });

    const node = await openNode('demo-w13');
    await untilStatus(node, 'Active');
    await press(node, node.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Actions' }));
    const action = node.getByRole('menuitem', { name: 'Maintenance…' });
    await action.waitFor();
    await arrowTo(node, action);
    await node.keyboard.press('Enter');
    const heldUp = dialogOf(node, 'Node Maintenance');
    await heldUp
      .getByText(/gpu-03: it holds .* of this machine, which cannot move with it/u)
      .first()
      .waitFor();
    expect(await heldUp.getByRole('button', { name: 'OK', exact: true }).getAttribute('aria-disabled')).toBe('true');
    const shutDown = heldUp.getByRole('button', { name: 'Shut down gpu-03…' });
    await press(node, shutDown);
    const own = dialogOf(node, 'Shut down gpu-03');
    await own.waitFor();
    await node.keyboard.press('Escape');
    await own.waitFor({ state: 'detached' });
    expect(await hasFocus(shutDown)).toBe(true);
    await node.keyboard.press('Enter');
    await own.waitFor();
    await node.keyboard.type('gpu-03');
    await pressReady(node, own, 'Shut down');
    await untilSaid(node, 'The VM on GPU Kraków was shut down, and stays down.');
  });
});
