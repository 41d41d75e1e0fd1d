import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { known } from '#shared/model/reading.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { frankfurt, liveView, snapshot } from './helpers/region.ts';
import { row } from './helpers/rows.ts';
import { live } from './helpers/scenarios.ts';
import { shownNames } from './helpers/table.ts';

describePages('the nodes page while updates come', ({ showTable }) => {
  const emitRow = (page: Page, name: string, cpu: number): Promise<void> =>
    page.evaluate(
      ([view, changed]) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [changed], removed: [] });
      },
      [liveView(frankfurt, Date.now()), row({ name, cpu, address: '10.42.1.3' }, Date.now())] as const,
    );

  test('no row moves under the pointer while updates come; leaving applies the order', async () => {
    const page = await showTable();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.mouse.move(0, 0);
    const before = await shownNames(page);
    await page.locator('[data-row]').nth(5).hover();
    const target = before.at(8)!;
    await emitRow(page, target, 1);
    await page.getByRole('button', { name: 'Re-sort (1 moved)' }).waitFor();
    expect(await shownNames(page)).toEqual(before);
    expect(await page.locator('[data-row]').nth(8).locator('td').nth(5).textContent()).toBe('1');
    await page.mouse.move(0, 0);
    await expect.poll(async () => (await shownNames(page)).at(8), { timeout: 5000 }).not.toBe(target);
    expect(await page.getByRole('button', { name: /^Re-sort/ }).count()).toBe(0);
  });

  test('no row moves while the keyboard is in the table; Re-sort applies the order', async () => {
    const page = await showTable();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.locator('[role=grid]').focus();
    await page.mouse.move(0, 0);
    const before = await shownNames(page);
    const target = before.at(3)!;
    await emitRow(page, target, 2);
    const button = page.getByRole('button', { name: 'Re-sort (1 moved)' });
    await button.waitFor();
    expect(await shownNames(page)).toEqual(before);
    await button.click();
    await expect.poll(async () => (await shownNames(page)).includes(target), { timeout: 5000 }).toBe(false);
  });

  test('no row moves while a menu is open', async () => {
    const page = await showTable();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.locator('thead button', { hasText: 'CPU' }).first().click();
    await page.getByRole('button', { name: 'Columns' }).click();
    const before = await shownNames(page);
    await emitRow(page, before.at(3)!, 2);
    await page.getByRole('button', { name: 'Re-sort (1 moved)' }).waitFor();
    expect(await shownNames(page)).toEqual(before);
  });

  test('scroll and selection stay while updates come', async () => {
    const page = await showTable();
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    const scroller = page.locator('.rk-tw');
    await scroller.evaluate((element) => {
      element.scrollTop = 1400;
    });
    await page.waitForTimeout(100);
    for (let cpu = 40; cpu < 60; cpu += 1) await emitRow(page, 'fra2-r01-n03', cpu);
    await page.waitForTimeout(700);
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(1400);
    await page.locator('.rk-act', { hasText: '1 selected' }).waitFor();
  });

  test('a gap in the events asks for a snapshot, and what was missed is there', async () => {
    const page = await showTable();
    const now = Date.now();
    const view = liveView(frankfurt, now);
    await page.evaluate(
      ([next, region]) => {
        window.testBridge.setSnapshot(next);
        window.testBridge.emit('region.changed', { regionId: region.id, region, changed: [], removed: [] }, 3);
      },
      [snapshot(view, [row({ name: 'came-in-the-gap' }, now)], now), view] as const,
    );
    await page.getByText('1 shown of 1').waitFor();
    expect(await shownNames(page)).toEqual(['came-in-the-gap']);
    expect(await callsOf(page, 'regions.snapshot')).toHaveLength(1);
  });

  test('a value grows old on screen without any event', async () => {
    const now = Date.now();
    const aging = { ...row({ name: 'n1' }, now), cpuPercent: known(7, now, 5000) };
    const page = await showTable({
      ...live(now),
      snapshots: { fra2: snapshot(liveView(frankfurt, now), [aging], now) },
    });
    const cell = page.locator('[data-row] td').nth(5);
    expect(await cell.textContent()).toBe('7');
    await expect.poll(() => cell.textContent(), { timeout: 20_000 }).toMatch(/^\d\d s old7$/);
  });
});
