import { expect, test } from 'vitest';
import { nodeStatuses, statusLabels } from '#shared/lifecycle/statuses.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { awkward, live, offline, withDetails, withoutQuorum } from './helpers/scenarios.ts';
import { watch } from './helpers/table.ts';

describePages('the nodes page', ({ show, showTable, closeAll }) => {
  test('shows every status by its word, in attention order', async () => {
    const page = await showTable();
    const order = async (): Promise<readonly string[]> => [
      ...new Set(await page.locator('[data-row] .rk-st__word').allTextContents()),
    ];
    // Statuses below the view are painted once the first frame, which holds only the rows in view, has been shown.
    await expect.poll(order).toEqual(nodeStatuses.map((status) => statusLabels[status]));
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
    // What an action would act on is told also where the filter hides it.
    await page.getByRole('searchbox').fill('fra2-r06');
    await page.locator('.rk-act', { hasText: '4 selected3 not shown by the filter' }).waitFor();
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

  test('a stale value steps back, its age stands in the sparkline’s place, and the cause is on hover', async () => {
    const page = await showTable();
    const cell = page.locator('[data-row]', { hasText: 'fra2-r07-n12' }).locator('td').nth(5);
    expect(await cell.textContent()).toBe('14 m old12');
    expect(await cell.locator('svg').count()).toBe(0);
    await cell.hover();
    const tip = page.locator('#rk-tip');
    await tip.waitFor();
    expect(await tip.textContent()).toMatch(
      /CPU, used, % is old.*Read (?:\d+ \w+ \d+, )?\d\d:\d\d:\d\d CET, 14 m ago.*3 probes timed out\./s,
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
    expect(await callsOf(page, 'settings.set')).toEqual([{ theme: 'dark' }]);
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
      await closeAll();
    }
  });

  test('no status is cut, however old it is: what gives way is its reason', async () => {
    const now = Date.now();
    for (const scenario of [offline(now), withoutQuorum(now), awkward(now)]) {
      for (const width of [1280, 1920]) {
        const page = await showTable(scenario, { width, height: 900 });
        const cut = await page.locator('[data-row] .rk-st').evaluateAll((statuses) =>
          statuses.flatMap((status) => {
            const cell = status.closest('td')?.getBoundingClientRect();
            const parts = [...status.querySelectorAll('.rk-st__word, .rk-age')].filter(
              (part) => part.getBoundingClientRect().width > 0,
            );
            return parts
              .filter(
                (part) =>
                  part.scrollWidth > part.clientWidth + 1 || part.getBoundingClientRect().right > (cell?.right ?? 0),
              )
              .map((part) => part.textContent);
          }),
        );
        expect(cut).toEqual([]);
        await closeAll();
      }
    }
  });

  test('R29: without quorum what is still read looks fresh and what is not looks old, in the same table', async () => {
    const page = await showTable(withoutQuorum(Date.now()));
    const uptime = (row: number) =>
      page
        .locator('[data-row]')
        .nth(row)
        .locator('td')
        .nth(13)
        .locator('.rk-v')
        .evaluate((value) => {
          const { color, textDecorationLine } = getComputedStyle(value);
          return { color, line: textDecorationLine };
        });
    // Two neighbours: one of them is not reached any more.
    const [one, other] = [await uptime(15), await uptime(16)];
    expect(one.color).not.toBe(other.color);
    expect([one.line, other.line].toSorted()).toEqual(['none', 'underline']);
  });

  test('pages that are not built are nowhere', async () => {
    const page = await showTable();
    expect(await page.getByText(/Heatmap|Alarms|Events|Add Candidate/).count()).toBe(0);
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
