import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { describePages } from './helpers/pages.ts';
import { withDetails } from './helpers/scenarios.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Go to node, run action' });
const field = (page: Page) => palette(page).getByRole('combobox');
const chosen = (page: Page) => palette(page).locator('[role=option][aria-selected=true]');

describePages('the palette, in a real browser', ({ showTable }) => {
  test('Ctrl K goes to a node by a part of its name, and leaves the focus where it was when it is closed', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Control+k');
    expect(await field(page).evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await palette(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('r06-n0');
    await expect.poll(() => chosen(page).textContent()).toMatch(/^fra2-r06-n01/u);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen(page).textContent()).toMatch(/^fra2-r06-n02/u);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'fra2-r06-n02' }).waitFor();
    await palette(page).waitFor({ state: 'detached' });
  });

  test('an action opens its own dialog; one that is not available says why, and Enter does nothing', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.getByRole('button', { name: 'Go to node, run action' }).click();
    await page.keyboard.type('acti r01-n08');
    const refused = palette(page).getByRole('option', { name: /^Activate/u });
    expect(await refused.getAttribute('aria-disabled')).toBe('true');
    expect(await refused.textContent()).toMatch(/Available|Only/u);
    await page.keyboard.press('Enter');
    await palette(page).waitFor();
    await field(page).fill('rename r01-n08');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Rename Node' }).waitFor();
    // Under a dialog it stays away.
    await page.keyboard.press('Control+k');
    expect(await palette(page).count()).toBe(0);
  });

  test('by pointer: a page; beside it closes; on a node’s page its actions are at hand', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.keyboard.press('Control+k');
    await palette(page)
      .getByRole('option', { name: /^Settings/u })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#/nodes/member%3Afra2-r01-n08';
    });
    await page.getByRole('heading', { level: 1, name: 'fra2-r01-n08' }).waitFor();
    await page.keyboard.press('Control+k');
    await palette(page)
      .getByRole('option', { name: /^Maintenance….*fra2-r01-n08/u })
      .waitFor();
    await page.mouse.click(10, 400);
    await palette(page).waitFor({ state: 'detached' });
  });

  test('what fits nothing says what would', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.keyboard.press('Control+k');
    await field(page).fill('xyzzy');
    await palette(page).getByText('Nothing here has that in its name.').waitFor();
  });
});
