import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { describePages } from './helpers/pages.ts';
import { frankfurt, liveView } from './helpers/region.ts';
import { row } from './helpers/rows.ts';
import { live } from './helpers/scenarios.ts';
import { shownNames } from './helpers/table.ts';

/** The rows as they stand in the page, ticks included, and no row that is only there to spare. */
const rowsOf = (page: Page): Promise<readonly string[]> =>
  page
    .locator('[data-row]')
    .evaluateAll((rows) =>
      rows
        .slice(0, 16)
        .map((line) => `${String(line.querySelector<HTMLInputElement>('input')?.checked)} ${line.outerHTML}`),
    );

describePages('rows that are painted without React', ({ showTable }) => {
  test('a row looks the same whatever stood in its place before', async () => {
    const now = Date.now();
    const page = await showTable(live(now), { fixedTime: now });
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

  test('a tip goes when another row comes to stand beneath a pointer that rests', async () => {
    const page = await showTable();
    const before = (await shownNames(page))[0]!;
    await page.keyboard.press('/');
    await page.locator('[data-row] td[data-column="0"]').first().hover();
    const tip = page.locator('#rk-tip', { hasText: before });
    await tip.waitFor();
    await page.keyboard.type('fra2-r06');
    await expect.poll(async () => (await shownNames(page))[0]).toBe('fra2-r06-n01');
    expect(await tip.count()).toBe(0);
    // Nor does it come back.
    await page.waitForTimeout(400);
    expect(await tip.count()).toBe(0);
  });

  test('rows take clicks again though their number changed while they were scrolled', async () => {
    const page = await showTable();
    const isScrolling = await page.evaluate(async () => {
      const scroller = document.querySelector('.rk-tw')!;
      const grid = scroller.querySelector('[role=grid]')!;
      const count = grid.getAttribute('aria-rowcount');
      const filter = [...document.querySelectorAll('button')].find((one) => one.textContent === 'In maintenance 2')!;
      filter.click();
      while (grid.getAttribute('aria-rowcount') === count) {
        scroller.dispatchEvent(new Event('scroll'));
        await new Promise((resolve) => {
          setTimeout(resolve, 1);
        });
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 300);
      });
      return scroller.classList.contains('rk-tw--scrolling');
    });
    expect(isScrolling).toBe(false);
  });

  test('an update that cannot be painted is told as a broken page', async () => {
    const page = await showTable();
    const now = Date.now();
    await page.evaluate(
      ([region, changed]) => {
        // React tells what its error boundary caught; here it is meant to.
        console.error = () => undefined;
        window.testBridge.emit('region.changed', { regionId: region.id, region, changed: [changed], removed: [] });
      },
      [liveView(frankfurt, now), { ...row({ name: 'fra2-r05-n09' }, now), vcpus: null as never }] as const,
    );
    await page.getByText('This page broke').waitFor();
  });
});
