import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Problem } from '#shared/problems.ts';
import { renamedByAnother } from './helpers/action-states.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { frankfurt, liveView } from './helpers/region.ts';
import { row } from './helpers/rows.ts';
import { offline, withDetails } from './helpers/scenarios.ts';

const hash = `#/nodes/${encodeURIComponent('member:fra2-r01-n05')}`;
const setProblem = (page: Page, name: string, problem: Problem | null): Promise<void> =>
  page.evaluate(
    ([call, given]) => {
      window.testBridge.setProblem(call, given);
    },
    [name, problem] as const,
  );
const focusedText = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.textContent);

const changedMeanwhile: Problem = {
  code: 'changed-meanwhile',
  message: 'fra2-r07-n12 was not renamed: somebody else has changed its name meanwhile.',
  advice: 'Look at both names and choose.',
};

describePages('Rename', ({ showTable, show }) => {
  /** The dialog of the first row, by keyboard. */
  async function opened(): Promise<Page> {
    const page = await showTable();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('F2');
    await page.getByRole('dialog', { name: 'Rename Node' }).waitFor();
    return page;
  }
  const name = (page: Page) => page.getByRole('textbox', { name: 'Name' });

  test('F2, a name, a description, Enter: sent once, with what the person saw', async () => {
    const page = await opened();
    expect(await name(page).inputValue()).toBe('fra2-r07-n12');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Gehäuse 7 / 数据库');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Row B, left aisle');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'nodes.rename')).toEqual([
      {
        regionId: 'fra2',
        nodeId: 'member:fra2-r07-n12',
        name: 'Gehäuse 7 / 数据库',
        description: 'Row B, left aisle',
        expectedName: 'fra2-r07-n12',
        expectedDescription: '',
      },
    ]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  });

  test('a name is required, and unique in the region; Enter sends neither', async () => {
    const page = await opened();
    await name(page).fill('  ');
    await page.getByText('A name is required.').first().waitFor();
    await page.keyboard.press('Enter');
    await name(page).fill('fra2-ctl-1');
    await page.getByText('Another node of the region is called that: fra2-ctl-1.').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'OK' }).getAttribute('aria-disabled')).toBe('true');
    expect(await callsOf(page, 'nodes.rename')).toEqual([]);
  });

  test('Escape closes and loses nothing typed; a node’s text is no other node’s', async () => {
    const page = await opened();
    await name(page).fill('db-primary');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('F2');
    expect(await name(page).inputValue()).toBe('db-primary');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('F2');
    expect(await name(page).inputValue()).toBe('fra2-r05-n09');
  });

  test('two people at once: the other’s name stands beside mine, nothing is sent until one is chosen', async () => {
    const page = await opened();
    await name(page).fill('db-standby');
    await renamedByAnother(page, 'fra2-r07-n12', 'db-primary');
    await page.getByText('Changed by somebody else meanwhile, to db-primary').waitFor();
    expect(await name(page).inputValue()).toBe('db-standby');
    await name(page).press('Enter');
    expect(await callsOf(page, 'nodes.rename')).toEqual([]);
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'nodes.rename')).toMatchObject([{ name: 'db-standby', expectedName: 'db-primary' }]);
  });

  test('a change that is announced only by the refusal: the text stays, and the choice comes with the news', async () => {
    const page = await opened();
    await setProblem(page, 'nodes.rename', changedMeanwhile);
    await name(page).fill('db-standby');
    await page.keyboard.press('Enter');
    await page.getByText(changedMeanwhile.message).waitFor();
    expect(await name(page).inputValue()).toBe('db-standby');
    await renamedByAnother(page, 'fra2-r07-n12', 'db-primary');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    expect(await name(page).inputValue()).toBe('db-primary');
  });

  test('a field that I left alone follows the other’s, and is not written back over it', async () => {
    const page = await opened();
    await page.getByRole('textbox', { name: 'Description' }).fill('Row C');
    await renamedByAnother(page, 'fra2-r07-n12', 'db-primary');
    await expect.poll(() => name(page).inputValue()).toBe('db-primary');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'nodes.rename')).toMatchObject([{ name: 'db-primary', description: 'Row C' }]);
  });

  test('F2 on a node’s page, and its button', async () => {
    const page = await show(withDetails(Date.now()), { hash });
    await page.getByRole('heading', { name: 'fra2-r01-n05' }).waitFor();
    await page.getByRole('group', { name: 'Actions' }).waitFor();
    await page.keyboard.press('F2');
    await page.getByRole('dialog', { name: 'Rename Node' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rename…' }).click();
    await page.getByRole('dialog', { name: 'Rename Node' }).waitFor();
  });
});

describePages('tags', ({ show }) => {
  async function onPage(): Promise<Page> {
    const page = await show(withDetails(Date.now()), { hash });
    await page.getByRole('button', { name: 'Add tag' }).waitFor();
    return page;
  }
  const field = (page: Page) => page.getByRole('combobox', { name: 'Tag name' });

  test('Add tag by keyboard: typed, Enter, sent; the focus is on Add tag again, the tag is shown once it was read', async () => {
    const page = await onPage();
    await page.getByRole('button', { name: 'Add tag' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Reihe Süd');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => callsOf(page, 'nodes.changeTags'))
      .toEqual([{ regionId: 'fra2', nodeId: 'member:fra2-r01-n05', add: ['Reihe Süd'], remove: [] }]);
    await expect.poll(() => focusedText(page)).toContain('Add tag');
    expect(await page.getByRole('button', { name: 'Remove tag Reihe Süd' }).count()).toBe(0);
    const changed = row({ name: 'fra2-r01-n05', tags: ['gen3', 'nvme', 'Reihe Süd'] }, Date.now());
    await page.evaluate(
      ([view, next]) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [next], removed: [] });
      },
      [liveView(frankfurt, Date.now()), changed] as const,
    );
    await page.getByRole('button', { name: 'Remove tag Reihe Süd' }).waitFor();
  });

  test('tags of other nodes are suggested, the most used first; arrows choose, the pointer too', async () => {
    const page = await onPage();
    await page.getByRole('button', { name: 'Add tag' }).click();
    expect(await page.getByRole('option').first().textContent()).toMatch(/^gpu-a40 \d+ nodes$/);
    await page.keyboard.type('gen');
    await expect.poll(() => page.getByRole('option').allTextContents()).toHaveLength(3);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.getByRole('option', { name: /^rma/ }).click();
    await expect.poll(() => callsOf(page, 'nodes.changeTags')).toMatchObject([{ add: ['gen5'] }, { add: ['rma'] }]);
  });

  test('Escape gives up and stays on the page; a tag the node has, or with a comma, is not sent', async () => {
    const page = await onPage();
    await page.getByRole('button', { name: 'Add tag' }).click();
    await field(page).fill('gen3');
    await page.getByText('The node has this tag.').waitFor();
    await page.keyboard.press('Enter');
    await field(page).fill('a,b');
    await page.getByText('A tag has no commas.').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedText(page)).toContain('Add tag');
    expect(await callsOf(page, 'nodes.changeTags')).toEqual([]);
    expect(page.url()).toContain('fra2-r01-n05');
  });

  test('a tag is removed by its own button, and the focus is not lost with it', async () => {
    const page = await onPage();
    await page.getByRole('button', { name: 'Remove tag nvme' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => callsOf(page, 'nodes.changeTags'))
      .toEqual([{ regionId: 'fra2', nodeId: 'member:fra2-r01-n05', add: [], remove: ['nvme'] }]);
    await expect.poll(() => focusedText(page)).toContain('Add tag');
  });

  test('a tag that was refused is said with its reason, and can be sent again', async () => {
    const page = await onPage();
    await setProblem(page, 'nodes.changeTags', {
      code: 'no-quorum',
      message: 'Frankfurt 2 has no quorum: 1 of 3 votes.',
      advice: 'Bring a control node back.',
    });
    await page.getByRole('button', { name: 'Add tag' }).click();
    await field(page).fill('rma');
    await page.keyboard.press('Enter');
    await page.getByText('Tag rma was not added to fra2-r01-n05').waitFor();
    await setProblem(page, 'nodes.changeTags', null);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Tag rma was not added').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'nodes.changeTags')).toHaveLength(2);
  });

  test('without an answering cluster tags cannot be changed, and say why', async () => {
    const page = await show(offline(Date.now()), { hash });
    const add = page.getByRole('button', { name: 'Add tag' });
    await add.waitFor();
    expect(await add.getAttribute('aria-disabled')).toBe('true');
    await add.focus();
    await page.locator('.rk-tip', { hasText: 'Frankfurt 2 does not answer' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await field(page).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Remove tag gen3' }).getAttribute('aria-disabled')).toBe('true');
  });
});
