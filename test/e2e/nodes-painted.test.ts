import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { describePages } from './helpers/pages.ts';

/** The rows as they stand in the page, ticks included, and no row that is only there to spare. */
const rowsOf = (page: Page): Promise<readonly string[]> =>
  page
    .locator('[data-row]')
    .evaluateAll((rows) =>
      rows
        .slice(0, 16)
        .map((row) => `${String(row.querySelector<HTMLInputElement>('input')?.checked)} ${row.outerHTML}`),
    );

describePages('rows that are painted without React', ({ showTable }) => {
  test('a row looks the same whatever stood in its place before', async () => {
    const page = await showTable();
    await page.clock.setFixedTime(Date.now());
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    await page.mouse.move(0, 0);
    const before = await rowsOf(page);
    for (const column of ['CPU', 'Uptime', 'Tags', 'Name']) {
      await page.locator('thead button', { hasText: column }).first().click();
      await expect.poll(() => rowsOf(page)).not.toEqual(before);
    }
    await page.locator('thead button', { hasText: 'Status' }).first().click();
    await expect.poll(() => rowsOf(page)).toEqual(before);
  });

  test('a tick tells what is selected, also where a click left the selection as it was', async () => {
    const page = await showTable();
    const ticks = page.locator('[data-row] input');
    await ticks.nth(2).click();
    await ticks.nth(4).click({ modifiers: ['Shift'] });
    await ticks.nth(3).click({ modifiers: ['Shift'] });
    await page.locator('.rk-act', { hasText: '3 selected' }).waitFor();
    const state = () => ticks.evaluateAll((all) => all.slice(0, 6).map((one) => (one as HTMLInputElement).checked));
    expect(await state()).toEqual([false, false, true, true, true, false]);
    await ticks.nth(3).click();
    await expect.poll(state).toEqual([false, false, true, false, true, false]);
  });
});
