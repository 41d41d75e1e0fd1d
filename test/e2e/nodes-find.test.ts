import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describePages } from './helpers/pages.ts';
import { shownNames, sortedColumn } from './helpers/table.ts';

describePages('finding, sorting and exporting nodes', ({ showTable }) => {
  test('every column sorts by pointer, both ways, and the status bar names the sort', async () => {
    const page = await showTable();
    const heads = page.locator('thead button');
    const count = await heads.count();
    for (let index = 0; index < count; index += 1) {
      await heads.nth(index).click();
      const first = await sortedColumn(page);
      await heads.nth(index).click();
      const second = await sortedColumn(page);
      expect([first.index, second.index]).toEqual([index, index]);
      expect(new Set([first.direction, second.direction])).toEqual(new Set(['ascending', 'descending']));
      expect(await page.locator('.rk-foot').textContent()).toContain('Sorted by');
    }
  });

  test('sorting by CPU puts the highest first and what is not known last', async () => {
    const page = await showTable();
    const head = page.locator('thead button', { hasText: 'CPU' }).first();
    await head.click();
    await head.click();
    expect((await shownNames(page))[0]).toBe('fra2-r01-n05');
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('End');
    await page.locator('[data-row]', { hasText: 'fra2-r01-n02' }).waitFor();
  });

  test('the keyboard sorts: up into the head, along it, Enter', async () => {
    const page = await showTable();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowUp');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await sortedColumn(page)).toEqual({ index: 4, direction: 'ascending' });
  });

  test('the built-in filters count and filter, by pointer', async () => {
    const page = await showTable();
    const filters = page.getByRole('group', { name: 'Built-in filters' });
    expect(await filters.getByRole('button').allTextContents()).toEqual([
      'All 189',
      'Active 174',
      'Candidate 6',
      'Inadequate 1',
      'In maintenance 2',
    ]);
    await filters.getByRole('button', { name: 'In maintenance' }).click();
    expect(await shownNames(page)).toEqual(['fra2-r06-n01', 'fra2-r06-n02']);
    await filters.getByRole('button', { name: 'All' }).click();
    await page.getByText('189 shown of 189').waitFor();
  });

  test('search finds by MAC and serial; / reaches it, Escape clears it, arrow down leads into the table', async () => {
    const page = await showTable();
    await page.keyboard.press('/');
    await page.keyboard.type('B4:96:91:A4');
    await page.getByText('1 shown of 189').waitFor();
    expect(await shownNames(page)).toEqual(['fra2-r06-n01']);
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    await page.keyboard.press('Escape');
    await page.getByText('189 shown of 189').waitFor();
  });

  test('the status filter chooses several by keyboard, and Escape closes the menu and nothing else', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Status Any' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: /^Failed/ }).waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Status 2 chosen' }).waitFor();
    expect(await shownNames(page)).toEqual(['fra2-r07-n12', 'fra2-r05-n09']);
    expect(await page.getByRole('menu').count()).toBe(0);
  });

  test('a filter that hides all is named, and the part to drop is offered', async () => {
    const page = await showTable();
    await page.getByRole('group', { name: 'Built-in filters' }).getByRole('button', { name: 'Inadequate' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('gpu-a40');
    await page.getByText('No node matches').waitFor();
    await page.getByText('Inadequate and search “gpu-a40”: 0 of 189.').waitFor();
    await page.getByRole('button', { name: /^Remove Inadequate: \d+ nodes$/ }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('columns that were put away stay away after a reload, and the sort and filter stay too', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Uptime' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Storage' }).click();
    await page.keyboard.press('Escape');
    await page.locator('thead button', { hasText: 'Name' }).click();
    await page.getByRole('group', { name: 'Built-in filters' }).getByRole('button', { name: 'Active' }).click();
    await page.waitForFunction(() => sessionStorage.getItem('view:nodes/fra2')?.includes('active') === true);
    await page.reload();
    await page.getByText('174 shown of 189').waitFor();
    const heads = await page.locator('thead button > span').allTextContents();
    expect(heads).not.toContain('Uptime');
    expect(heads).not.toContain('Storage');
    expect((await sortedColumn(page)).index).toBe(0);
  });

  test('Name and Status cannot be put away, and the menu says so', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Columns' }).click();
    const name = page.getByRole('menuitemcheckbox', { name: /^Name/ });
    expect(await name.getAttribute('aria-disabled')).toBe('true');
    expect(await name.textContent()).toContain('Always shown.');
  });

  test('what is exported is what is shown', async () => {
    const page = await showTable();
    await page.getByRole('group', { name: 'Built-in filters' }).getByRole('button', { name: 'In maintenance' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(download.suggestedFilename()).toMatch(/^rackside-frankfurt-2-nodes-\d{4}-\d\d-\d\d\.csv$/);
    expect(
      text
        .split('\r\n')
        .slice(1, 3)
        .map((line) => line.split(',')[0]),
    ).toEqual(['fra2-r06-n01', 'fra2-r06-n02']);
  });
});
