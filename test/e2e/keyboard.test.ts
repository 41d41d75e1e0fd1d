import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { firstRunWithDemo } from './helpers/demo.ts';
import { blocked, blockedNode } from './helpers/maintenance.ts';
import { liveWith, openByKeyboard, tabTo } from './helpers/maintenance-pages.ts';
import { describePages } from './helpers/pages.ts';
import { withDetails } from './helpers/scenarios.ts';

describePages('pages by keyboard alone', ({ show, showTable }) => {
  /** The list with the keyboard in its grid, on the IP of the third row. */
  async function inTable(): Promise<Page> {
    const page = await showTable(withDetails(Date.now()));
    for (let tab = 0; tab < 40 && (await focused(page)) !== 'grid'; tab += 1) await page.keyboard.press('Tab');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key);
    return page;
  }
  /** The role of what has the focus, or its words where it is a title. */
  const focused = (page: Page): Promise<string | null> =>
    page.evaluate(() => {
      const has = document.activeElement;
      return has?.tagName === 'H1' ? `h1 ${has.textContent}` : (has?.getAttribute('role') ?? has?.tagName ?? null);
    });
  /** The words of the button that has the focus; `null`: it has been lost. */
  const focusedWords = (page: Page): Promise<string | null> =>
    page.evaluate(() =>
      document.activeElement === document.body ? null : (document.activeElement?.textContent ?? null),
    );
  /** The name of the row the keyboard is in, and the place of its column. */
  const cell = (page: Page): Promise<readonly (string | null | undefined)[]> =>
    page.evaluate(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant');
      const active = id ? document.querySelector(`#${CSS.escape(id)}`) : null;
      return [
        active?.closest('[data-row]')?.querySelector('td:nth-child(2)')?.textContent,
        active?.getAttribute('data-column'),
      ];
    });

  for (const way of ['Escape', 'Back']) {
    test(`Enter opens a node, ${way} leads back to its row and column, and the arrows work at once`, async () => {
      const page = await inTable();
      const left = await cell(page);
      expect(left[1]).toBe('3');
      await page.keyboard.press('Enter');
      await expect.poll(() => focused(page)).toBe(`h1 ${String(left[0])}`);
      if (way === 'Escape') await page.keyboard.press('Escape');
      else await page.goBack();
      await expect.poll(() => focused(page)).toBe('grid');
      expect(await cell(page)).toEqual(left);
      await page.keyboard.press('ArrowDown');
      const below = await cell(page);
      expect(below[0]).not.toBe(left[0]);
      expect(below[1]).toBe('3');
    });
  }

  test('after [ and ] the list is found at the node that was shown last, in view', async () => {
    const page = await inTable();
    await page.keyboard.press('Enter');
    let name = await focused(page);
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press(']');
      await expect.poll(() => focused(page)).not.toBe(name);
      name = await focused(page);
      expect(name).toMatch(/^h1 /);
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('grid');
    await expect.poll(async () => `h1 ${String((await cell(page))[0])}`).toBe(name);
  });

  test('G and a letter puts the focus on the page it leads to', async () => {
    const page = await inTable();
    const left = await cell(page);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await expect.poll(() => focused(page)).toBe('h1 Regions');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect.poll(() => focused(page)).toBe('h1 Settings');
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await expect.poll(() => focused(page)).toBe('grid');
    expect(await cell(page)).toEqual(left);
    await page.keyboard.press('ArrowUp');
    expect((await cell(page))[0]).not.toBe(left[0]);
  });

  test('Escape from Shut down VM leads back into the maintenance dialog, and from there to what opened that', async () => {
    const page = await showTable(liveWith(Date.now(), { 'maintenance.prepare': blocked(Date.now()) }));
    const dialog = await openByKeyboard(page, blockedNode, 'Maintenance…');
    await tabTo(page, dialog.getByRole('button', { name: 'Shut down render-gpu-04…' }));
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: 'Shut down render-gpu-04' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.getByRole('heading', { name: 'Node Maintenance' }).waitFor();
    await expect.poll(() => focusedWords(page)).toBe('Shut down render-gpu-04…');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('grid');
  });

  test('Enter that opens the demo region leads to its page, and the end of the tour back to it', async () => {
    const page = await show({ ...firstRunWithDemo(Date.now()), views: {} });
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-row]').first().waitFor();
    // The table was not there yet when the page came.
    await expect.poll(() => focused(page)).toBe('h1 Nodes');
    const next = page.getByRole('region', { name: /^Tour/ }).getByRole('button', { name: /^(?:Next|Done)$/ });
    await tabTo(page, next);
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('Enter');
    await next.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('grid');
    await tabTo(page, page.getByRole('button', { name: 'Demo', exact: true }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Take the tour' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedWords(page)).toBe('Demo');
  });

  test('Escape on a node’s page closes what lies above it first', async () => {
    const page = await inTable();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^h1 /);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toMatch(/^h1 /);
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('grid');
  });
});
