import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { known } from '#shared/model/reading.ts';
import { nodeStatuses, statusLabels } from '#shared/lifecycle/statuses.ts';
import type { Scenario } from './helpers/bridge.ts';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { PageOptions, TestBrowser, TestPage } from './helpers/browser.ts';
import { frankfurt, liveView, snapshot } from './helpers/region.ts';
import { row } from './helpers/rows.ts';
import { awkward, empty, failing, live, loading, offline, reading, refused, withDetails } from './helpers/scenarios.ts';
import { shownNames, sortedColumn, watch } from './helpers/table.ts';

describe.skipIf(chromiumPath() === null)('the nodes page in a real browser', () => {
  let browser: TestBrowser;
  let open: TestPage | null = null;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    const errors = open?.errors ?? [];
    await open?.close();
    open = null;
    expect(errors).toEqual([]);
  });

  async function show(scenario: Scenario, options: PageOptions = {}): Promise<Page> {
    open = await browser.open(scenario, options);
    return open.page;
  }
  async function showTable(scenario = live(Date.now()), options: PageOptions = {}): Promise<Page> {
    const page = await show(scenario, options);
    await page.locator('[data-row]').first().waitFor();
    return page;
  }
  const emitRow = (page: Page, name: string, cpu: number): Promise<void> =>
    page.evaluate(
      ([view, changed]) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [changed], removed: [] });
      },
      [liveView(frankfurt, Date.now()), row({ name, cpu, address: '10.42.1.3' }, Date.now())] as const,
    );

  test('shows every status by its word, in attention order', async () => {
    const page = await showTable();
    const words = await page.locator('[data-row] .rk-st__word').allTextContents();
    const order = [...new Set(words)];
    expect(order).toEqual(nodeStatuses.map((status) => statusLabels[status]));
  });

  test('has the 14 columns of the specification, Name and Status first', async () => {
    const page = await showTable();
    expect(await page.locator('thead button > span').allTextContents()).toEqual([
      'Name',
      'Status',
      'Candidate',
      'IP',
      'CPU',
      'vCPUs',
      'Memory',
      'VM Memory',
      'VM Memory',
      'Network Rx',
      'Network Tx',
      'Storage',
      'Uptime',
      'Tags',
    ]);
  });

  test('rows are 28 px high and the head 38, whatever is in them', async () => {
    const page = await showTable(awkward(Date.now()));
    const heights = await page
      .locator('[data-row]')
      .evaluateAll((rows) => rows.map((one) => one.getBoundingClientRect().height));
    expect(new Set(heights)).toEqual(new Set([28]));
    expect(await page.locator('thead').evaluate((head) => head.getBoundingClientRect().height)).toBe(38);
  });

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

  test('selection by keyboard: Space, Shift and arrow, Ctrl A, Escape', async () => {
    const page = await showTable();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Space');
    await page.getByText('1 selected').first().waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.locator('.rk-act', { hasText: '3 selected' }).waitFor();
    await page.keyboard.press('Control+a');
    await page.locator('.rk-act', { hasText: '189 selected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Nothing selected').waitFor();
  });

  test('selection by pointer: a checkbox, and Shift for the range', async () => {
    const page = await showTable();
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    await page.getByRole('checkbox', { name: 'Select fra2-r06-n01' }).click({ modifiers: ['Shift'] });
    await page.locator('.rk-act', { hasText: '4 selected' }).waitFor();
    expect(await page.locator('[aria-selected=true]').count()).toBe(4);
  });

  test('selecting a row does not move the table', async () => {
    const page = await showTable();
    const top = () =>
      page
        .locator('[data-row]')
        .first()
        .evaluate((one) => one.getBoundingClientRect().top);
    const before = await top();
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    await page.locator('.rk-act', { hasText: '1 selected' }).waitFor();
    expect(await top()).toBe(before);
  });

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

  test('a node opens by Enter and by its name; back finds scroll, selection and the row again', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    const scroller = page.locator('.rk-tw');
    await scroller.evaluate((element) => {
      element.scrollTop = 448;
    });
    // While rows run past beneath it, the pointer means none of them.
    await page.locator('.rk-tw--scrolling').waitFor({ state: 'detached' });
    await page.waitForTimeout(200);
    await page.getByRole('link', { name: 'fra2-r01-n06' }).click();
    await page.getByRole('heading', { name: 'fra2-r01-n06' }).waitFor();
    await page.goBack();
    await page.locator('.rk-act', { hasText: '1 selected' }).waitFor();
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(448);
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'fra2-r01-n06' }).waitFor();
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
    expect(
      await page.evaluate(() => window.testBridge.calls.filter(({ name }) => name === 'regions.snapshot').length),
    ).toBe(1);
  });

  test('a stale value steps back, its age stands in the sparkline’s place, and the cause is on hover', async () => {
    const page = await showTable();
    const cell = page.locator('[data-row]', { hasText: 'fra2-r07-n12' }).locator('td').nth(5);
    expect(await cell.textContent()).toBe('14 m old12');
    expect(await cell.locator('svg').count()).toBe(0);
    await cell.hover();
    const tip = page.locator('#rk-tip');
    await tip.waitFor();
    expect(await tip.textContent()).toMatch(
      /CPU, used, % is old.*Read \d\d:\d\d:\d\d CET, 14 m ago.*3 probes timed out\./s,
    );
  });

  test('the keyboard tells the same as hovering', async () => {
    const page = await showTable();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowRight');
    const tip = page.locator('#rk-tip');
    await tip.waitFor();
    expect(await tip.textContent()).toContain('libvirtd is silent');
  });

  test('a value grows old on screen without any event', async () => {
    const now = Date.now();
    const aging = { ...row({ name: 'n1' }, now), cpuPercent: known(7, now - 9000, 5000) };
    const page = await showTable({
      ...live(now),
      snapshots: { fra2: snapshot(liveView(frankfurt, now), [aging], now) },
    });
    const cell = page.locator('[data-row] td').nth(5);
    expect(await cell.textContent()).toBe('7');
    await expect.poll(() => cell.textContent(), { timeout: 5000 }).toMatch(/^1\d s old7$/);
  });

  test('switching the region shows the other one, with its colour, and keeps nothing of the first', async () => {
    const page = await showTable();
    await page.getByRole('checkbox', { name: 'Select fra2-r05-n09' }).click();
    await page.getByRole('button', { name: /^Region Frankfurt 2/ }).click();
    await page.getByRole('menuitemradio', { name: 'Zürich 1' }).click();
    await page.getByText('30 shown of 30').waitFor();
    await page.getByText('Nothing selected').waitFor();
    expect(await page.locator('.rk-top .rk-regbar--teal').count()).toBe(1);
  });

  test('the theme follows the system until one is chosen', async () => {
    const page = await showTable(live(Date.now()), { theme: 'dark' });
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'));
    expect(await isDark()).toBe(true);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(isDark).toBe(false);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await expect.poll(isDark).toBe(true);
    expect(
      await page.evaluate(() => window.testBridge.calls.findLast(({ name }) => name === 'settings.set')?.input),
    ).toEqual({ theme: 'dark' });
  });

  test('? shows the shortcuts, Escape closes them and keeps the search', async () => {
    const page = await showTable();
    await page.keyboard.press('/');
    await page.keyboard.type('fra2-r01');
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByRole('searchbox').inputValue()).toBe('fra2-r01');
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

  test('offline: the banner suspects the laptop’s network, values step back, Try now asks again', async () => {
    const page = await showTable(offline(Date.now()));
    const suspect = page.getByText('No node of Frankfurt 2 answers, so this laptop’s network is the first suspect.');
    await suspect.waitFor();
    expect(await suspect.count()).toBe(1);
    expect(await page.locator('.rk-fresh').textContent()).toMatch(/^As of .*3 h ago$/);
    expect(await page.locator('.rk-tw--stale').count()).toBe(1);
    await page.getByRole('button', { name: 'Try now' }).click();
    await expect
      .poll(() => page.evaluate(() => window.testBridge.calls.some(({ name }) => name === 'regions.retry')))
      .toBe(true);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Show output' }).click();
    await page.getByText('timed out after 10 s').waitFor();
  });

  test('a refused login is said in its own words, and the network is not suspected', async () => {
    const page = await showTable(refused(Date.now()));
    await page.getByText('10.42.0.11 refused rackadm').waitFor();
    expect(await page.getByText('first suspect').count()).toBe(0);
  });

  test('loading: skeleton rows and what is read; no spinner', async () => {
    const page = await show(loading());
    await page.getByText(/^Reading Frankfurt 2, \d+ s$/).waitFor();
    expect(await page.locator('.rk-skeleton').count()).toBe(10);
  });

  test('an opened region tells how many of its nodes have been read', async () => {
    const page = await showTable(reading(Date.now()));
    await page.getByText('reading 3 of 189').waitFor();
  });

  test('empty: says that the region has no node', async () => {
    const page = await show(empty(Date.now()));
    await page.getByText('No node in Frankfurt 2').waitFor();
  });

  test('a region that cannot be opened says what, where, why and what to do; the output is one click away', async () => {
    const page = await show(failing());
    await page.getByText('fra2-ctl-1: sudo asks rackadm for a password.').waitFor();
    await page.getByRole('button', { name: 'Show output' }).click();
    await page.getByText('sudo: a password is required').waitFor();
  });

  test('below 1366 px the table scrolls sideways and the checkbox, Name and Status stay', async () => {
    const page = await showTable(live(Date.now()), { width: 1280, height: 720 });
    const first = page.locator('[data-row]').first().locator('td');
    const lefts = () =>
      first.evaluateAll((cells) => cells.slice(0, 4).map((cell) => cell.getBoundingClientRect().left));
    const before = await lefts();
    await page.locator('.rk-tw').evaluate((element) => {
      element.scrollLeft = 500;
    });
    await page.waitForTimeout(50);
    const after = await lefts();
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(after[3]).toBeLessThan(before[3]!);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
  });

  test('at 1440 × 900 all 14 columns are seen without scrolling sideways', async () => {
    const page = await showTable();
    expect(await page.locator('.rk-tw').evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  test('no name, address or number is cut', async () => {
    for (const scenario of [live(Date.now()), awkward(Date.now())]) {
      const page = await showTable(scenario);
      const cut = await page.locator('[data-row] td').evaluateAll((cells) =>
        cells
          .filter((cell) => !['1', '13'].includes(cell.getAttribute('data-column') ?? ''))
          .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
          .map((cell) => cell.textContent),
      );
      expect(cut).toEqual([]);
      await open?.close();
    }
  });

  test('pages that are not built are nowhere', async () => {
    const page = await showTable();
    expect(await page.getByText(/Heatmap|Alarms|Events|Operations|Add Candidate/).count()).toBe(0);
  });

  test('nothing is asked of any other origin', async () => {
    const page = await show(live(Date.now()));
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('http://127.0.0.1')) foreign.push(request.url());
    });
    await page.reload();
    await watch(page);
    expect(foreign).toEqual([]);
  });
});
