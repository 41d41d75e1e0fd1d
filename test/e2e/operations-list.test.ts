import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { withOperations } from './helpers/operation-scenario.ts';
import { ended, everyState, running, smooth } from './helpers/operations.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { live } from './helpers/scenarios.ts';

describePages('the list of operations', ({ show, showTable }) => {
  const showList = async (operations = everyState(Date.now())): Promise<Page> => {
    const page = await show(withOperations(Date.now(), operations), { hash: '#/operations' });
    await page.locator('[data-operation]').first().waitFor();
    return page;
  };
  const column = (page: Page, index: number) =>
    page.locator(`[data-operation] td:nth-child(${String(index)})`).allTextContents();
  const states = async (page: Page): Promise<readonly string[]> =>
    (await page.locator('[data-operation] .rk-vs > span:nth-child(2)').allTextContents()).map((text) => text.trim());

  test('is reached by G O and from the rail, which counts what runs or needs a person', async () => {
    const page = await showTable(withOperations(Date.now(), everyState(Date.now())));
    const rail = page.getByRole('link', { name: 'Operations 4 open, 2 need a person' });
    await rail.waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
    expect(await rail.getAttribute('aria-current')).toBe('page');
  });

  test('what runs stands first, then what failed, is unattended or runs elsewhere, then what ended', async () => {
    const page = await showList();
    expect(await states(page)).toEqual([
      'Running',
      'Failed',
      'Unattended',
      'Runs elsewhere',
      'Done in part',
      'Done',
      'Done',
    ]);
    expect(await column(page, 3)).toEqual([
      'fra2-r04-n06',
      'fra2-r07-n03',
      'fra2-r05-n02',
      'fra2-r02-n11',
      'fra2-r01-n06',
      'fra2-r06-n02',
      'fra2-r03-n08',
    ]);
    expect((await column(page, 4))[0]).toBe('5 of 8VMs moved');
  });

  test('by keyboard alone: Tab enters it, arrows move, Enter opens, Escape leads back', async () => {
    const page = await showList();
    await page.getByRole('button', { name: /^Open/ }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Put fra2-r04-n06 into maintenance' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Operations', exact: true }).waitFor();
    expect(await callsOf(page, 'operations.cancel')).toEqual([]);
  });

  test('Open hides what ended; where nothing is open it offers all of them', async () => {
    const page = await showList();
    await page.getByRole('button', { name: 'Open 4' }).click();
    expect(await page.locator('[data-operation]').count()).toBe(4);
    const none = await show(withOperations(Date.now(), [ended(Date.now())]), { hash: '#/operations' });
    await none.getByRole('button', { name: 'Open 0' }).click();
    await none.getByRole('button', { name: 'Show all 1' }).click();
    expect(await none.locator('[data-operation]').count()).toBe(1);
  });

  test('no row moves under the pointer; the order is applied when it has left', async () => {
    const now = Date.now();
    const page = await showList([smooth(now), ...everyState(now).slice(0, 3)]);
    await page.locator('[data-operation]').nth(1).hover();
    await page.evaluate(
      (next) => {
        window.testBridge.emit('operation.changed', next);
      },
      ended(now, {
        updatedAt: now + 1000,
        state: { kind: 'ended', at: now - 100 * 60_000, outcome: 'cancelled', left: [] },
      }),
    );
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect((await states(page))[0]).toBe('Cancelled');
    await page.mouse.move(10, 500);
    await expect.poll(async () => (await states(page)).indexOf('Cancelled')).toBeGreaterThan(0);
  });

  test('what is announced appears without asking, and a gap asks for the list again', async () => {
    const now = Date.now();
    const page = await showList([ended(now)]);
    const [, , , , , , one] = everyState(now);
    await page.evaluate(
      (next) => {
        window.testBridge.setAnswer('operations.list', []);
        window.testBridge.emit('operation.changed', next);
      },
      { ...one!, id: everyState(now)[0]!.id },
    );
    await expect.poll(() => states(page)).toEqual(['Running', 'Done']);
    await page.evaluate(
      (next) => {
        window.testBridge.emit('operation.changed', next, 3);
      },
      { ...one!, id: everyState(now)[1]!.id },
    );
    // The list is empty now; what the gap's own event told is newer than it or in it.
    await expect.poll(() => callsOf(page, 'operations.list').then(({ length }) => length)).toBe(2);
    await expect.poll(async () => (await states(page)).includes('Done')).toBe(false);
  });

  test('nothing yet: one sentence, and where operations begin', async () => {
    const page = await show(live(Date.now()), { hash: '#/operations' });
    await page.getByText('No operation in Frankfurt 2 yet').waitFor();
    await page.getByRole('link', { name: 'Open the nodes' }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('a list that was not read says why, and is read again when asked', async () => {
    const page = await show(
      withOperations(Date.now(), [running(Date.now())], {
        problems: {
          'operations.list': {
            code: 'no-control-node-answers',
            message: 'No control node of Frankfurt 2 answers.',
            advice: 'Check the network.',
          },
        },
      }),
      { hash: '#/operations' },
    );
    await page.getByText('No control node of Frankfurt 2 answers.').waitFor();
    await page.evaluate(() => {
      window.testBridge.setProblem('operations.list', null);
    });
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.locator('[data-operation]').waitFor();
    expect(await page.getByText('No control node').count()).toBe(0);
  });

  test('at 1280 × 720 the page itself does not scroll, and no cell runs into the next', async () => {
    const page = await show(withOperations(Date.now(), everyState(Date.now())), {
      hash: '#/operations',
      width: 1280,
      height: 720,
    });
    await page.locator('[data-operation]').first().waitFor();
    const cells = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-operation] td')]
        .filter((cell) => cell.scrollWidth > cell.clientWidth && getComputedStyle(cell).overflow === 'visible')
        .map((cell) => cell.textContent),
    );
    expect(cells).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(720);
  });
});
