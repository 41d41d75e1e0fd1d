import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RegionView } from '#shared/model/region.ts';
import type { Scenario } from './helpers/bridge.ts';
import { activation } from './helpers/coming-back.ts';
import { off } from './helpers/maintenance.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { frankfurt, liveView, snapshot } from './helpers/region.ts';
import { row } from './helpers/rows.ts';
import { live, offline, scenario, withDetails } from './helpers/scenarios.ts';

const focusedRole = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('role') ?? null);

/** The words of the menu's items: label, then what stands beneath it. */
const items = (page: Page): Promise<readonly string[]> => page.getByRole('menuitem').allTextContents();

/** The live region with answers for the dialogs that are opened here. */
function answering(now: number): Scenario {
  const base = withDetails(now);
  return {
    ...base,
    answers: {
      'maintenance.prepare': off(now, 'fra2-r07-n12'),
      'activate.prepare': activation(now, 'fra2-r06-n01'),
    },
  };
}

/** A small region that stands as `change` says. */
function small(now: number, change: Partial<RegionView>): Scenario {
  const nodes = ['a', 'b', 'c'].map((name) => row({ name }, now));
  return scenario([snapshot({ ...liveView(frankfurt, now), ...change }, nodes, now)]);
}

describePages('acting on nodes from the list', ({ showTable, show }) => {
  test('the button of a row opens its menu: always the same actions in the same places, each refusal with its reason', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Actions of fra2-r06-n01' }).click();
    await page.getByRole('menu', { name: 'Actions of fra2-r06-n01' }).waitFor();
    expect(await items(page)).toEqual([
      'Maintenance…fra2-r06-n01 is already In maintenance. Available while it is Active, Failed or Fenced.',
      'Activate…',
      'Stop Cluster Services…',
      'Remove…',
      'Rename…F2',
    ]);
    expect(await page.getByRole('menuitem', { name: /^Maintenance/ }).getAttribute('aria-disabled')).toBe('true');
    // Forced: what says that it is disabled is pressed all the same.
    await page.getByRole('menuitem', { name: /^Maintenance/ }).click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Actions of fra2-r06-n01' }).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('a press that began on a row’s button opens its menu, though the table scrolls a little before it ends', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Actions of fra2-r06-n01' }).hover();
    await page.mouse.down();
    // The scroll is told in the next frame.
    await page.locator('.rk-tw').evaluate(
      (scroller) =>
        new Promise((told) => {
          scroller.addEventListener('scroll', told, { once: true });
          scroller.scrollTop += 1;
        }),
    );
    await page.mouse.up();
    await page.getByRole('menu', { name: 'Actions of fra2-r06-n01' }).waitFor();
  });

  test('a tooltip under the pointer goes when a menu opens over it, and none comes until it is closed', async () => {
    const page = await showTable();
    const tip = page.locator('#rk-tip');
    const cell = page.locator('[data-row]', { hasText: 'fra2-r07-n12' }).locator('td').nth(5);
    await cell.hover();
    await tip.waitFor();
    await cell.click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    expect(await tip.count()).toBe(0);
    // Longer than any tooltip waits.
    await page.waitForTimeout(500);
    expect(await tip.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.mouse.move(2, 2);
    await cell.hover();
    await tip.waitFor();
  });

  test('what is not built is in no menu and no toolbar', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Actions of 10.42.8.16' }).click();
    const words = (await page.locator('.rk-menu, .rk-act').allTextContents()).join(' ');
    for (const label of [
      'Accept',
      'Reject',
      'Join',
      'Modify Candidate',
      'Delete Candidate',
      'Configure',
      'Create Alarm',
    ])
      expect(words).not.toContain(label);
    expect(words).not.toContain('Force Maintenance');
  });

  test('one reason for all actions is said once: a candidate is no member', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Actions of 10.42.8.16' }).click();
    await page
      .getByText('10.42.8.16 is Candidate, and not a member of the cluster. Available once it is a member.')
      .first()
      .waitFor();
    expect(await page.getByRole('menuitem').count()).toBe(5);
    expect(await page.locator('.rk-menu small:not(.rk-sr)').count()).toBe(0);
  });

  for (const key of ['m', 'Shift+F10', 'ContextMenu']) {
    test(`${key} opens the menu of the row the keyboard is in, Escape gives the keyboard back to the table`, async () => {
      const page = await showTable();
      await page.locator('[role=grid]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(key);
      await page.getByRole('menu', { name: 'Actions of fra2-r05-n09' }).waitFor();
      expect(await focusedRole(page)).toBe('menuitem');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await focusedRole(page)).toBe('grid');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(key);
      await page.getByRole('menu', { name: 'Actions of fra2-r02-n11' }).waitFor();
    });
  }

  test('the arrows reach the menu’s own cell, and Enter opens it there', async () => {
    const page = await showTable();
    await page.locator('[role=grid]').focus();
    for (let step = 0; step < 16; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('menu', { name: 'Actions of fra2-r07-n12' }).waitFor();
  });

  test('M is one of the single keys that can be switched off; Shift+F10 stays', async () => {
    const base = live(Date.now());
    const page = await showTable({ ...base, settings: { ...base.settings, singleKeyShortcuts: false } });
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('m');
    await page.waitForTimeout(100);
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
  });

  test('the pointer’s other button opens the menu where it is, and selects nothing', async () => {
    const page = await showTable();
    await page.locator('[data-row]', { hasText: 'fra2-r05-n09' }).locator('td').nth(4).click({ button: 'right' });
    await page.getByRole('menu', { name: 'Actions of fra2-r05-n09' }).waitFor();
    expect(await page.locator('.rk-selected').count()).toBe(0);
    await page.locator('[data-row]', { hasText: 'fra2-ctl-1' }).locator('td').nth(4).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });

  test('no row moves under an open menu', async () => {
    const page = await showTable();
    await page.getByRole('button', { name: 'Actions of fra2-r07-n12' }).click();
    await page.evaluate(
      ([view, changed]) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [changed], removed: [] });
      },
      [liveView(frankfurt, Date.now()), row({ name: 'fra2-r07-n12', status: 'active' }, Date.now())] as const,
    );
    // The open menu is true to the row: what was available for a Failed node is for an Active one.
    await page.locator('[data-row]', { hasText: 'fra2-r07-n12' }).getByText('Active').waitFor();
    await page.waitForTimeout(800);
    expect(await page.locator('[data-row]').first().textContent()).toContain('fra2-r07-n12');
    await page.keyboard.press('Escape');
  });

  test('by keyboard alone: a node’s dialog opens from its menu, and closing it leads back to the table', async () => {
    const page = await showTable(answering(Date.now()));
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('m');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Node Maintenance' }).waitFor();
    await expect.poll(() => callsOf(page, 'maintenance.prepare')).toHaveLength(1);
    expect((await callsOf(page, 'maintenance.prepare'))[0]).toMatchObject({ nodeId: 'member:fra2-r07-n12' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focusedRole(page)).toBe('grid');
    expect(await callsOf(page, 'maintenance.start')).toEqual([]);
  });

  test('the bar is there before anything is selected, says so, and does not move the table', async () => {
    const page = await showTable();
    const top = async (): Promise<number> => (await page.locator('[role=grid]').boundingBox())?.y ?? 0;
    const before = await top();
    const maintenance = page.getByRole('button', { name: 'Maintenance…' });
    expect(await maintenance.getAttribute('aria-disabled')).toBe('true');
    await maintenance.hover();
    await page.getByText('Nothing is selected. Available when a node is selected.').last().waitFor();
    await page.getByRole('checkbox', { name: 'Select fra2-r07-n12' }).click();
    await page.getByText('1 selected').first().waitFor();
    expect(await maintenance.getAttribute('aria-disabled')).toBe(null);
    expect(await top()).toBe(before);
  });

  test('a refused action of the bar tells its reason on focus, and does nothing', async () => {
    const page = await showTable();
    await page.getByRole('checkbox', { name: 'Select fra2-ctl-1' }).click();
    const remove = page.getByRole('button', { name: 'Remove…' });
    await page.getByRole('button', { name: 'Activate…' }).focus();
    await page.keyboard.press('Tab');
    const words = 'fra2-ctl-1 is Active. Available while it is In maintenance. Put it into maintenance first.';
    await page.locator('.rk-tip', { hasText: words }).waitFor();
    await page.keyboard.press('Enter');
    expect(await remove.getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('several nodes: the bar says for which of them it is, and which it leaves out', async () => {
    const page = await showTable(answering(Date.now()));
    for (const name of ['fra2-r07-n12', 'fra2-r06-n01', 'fra2-r08-n03'])
      await page.getByRole('checkbox', { name: `Select ${name}` }).click();
    await page
      .getByText('Maintenance: 2 of 3 cannot: fra2-r06-n01 is already In maintenance. fra2-r08-n03 is Activating.')
      .waitFor();
    await page.getByRole('button', { name: 'Remove…' }).hover();
    await page.getByText('Remove is for one node at a time; 3 are selected.').last().waitFor();
    await page.getByRole('button', { name: 'Activate… 1 of 3' }).click();
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => callsOf(page, 'activate.prepare')).toHaveLength(1);
    expect((await callsOf(page, 'activate.prepare'))[0]).toMatchObject({ nodeId: 'member:fra2-r06-n01' });
  });

  test('a region that does not answer: every action is in its place, and one sentence says why', async () => {
    const page = await showTable(offline(Date.now()));
    await page.getByRole('button', { name: 'Actions of fra2-ctl-1' }).click();
    const reason = 'Frankfurt 2 does not answer; it went offline 3 h ago. Available when the cluster answers again.';
    await page.locator('.rk-menu__title', { hasText: reason }).waitFor();
    for (const item of await page.getByRole('menuitem').all()) {
      expect(await item.getAttribute('aria-disabled')).toBe('true');
      // Whoever steps through the items hears the reason at each.
      expect(await item.textContent()).toContain(reason);
    }
  });

  test('R14: under the brake the destructive actions are off and say what would lift it; Rename stays', async () => {
    const now = Date.now();
    const brake = { since: now, nodes: ['a', 'b'], words: '2 nodes left Active within 60 s: a, b', liftedUntil: null };
    const page = await showTable(small(now, { brake }));
    await page.getByRole('button', { name: 'Actions of c' }).click();
    const [maintenance, , , , rename] = await items(page);
    expect(maintenance).toContain('2 nodes left Active within 60 s: a, b. Available when all of them have been Active');
    expect(rename).toBe('Rename…F2');
  });

  test('a region of untested versions: nothing is available, and the versions are why', async () => {
    const now = Date.now();
    const page = await showTable(small(now, { readOnlyBecause: 'Pacemaker 1.1.24 has not been tested' }));
    await page.getByRole('button', { name: 'Actions of c' }).click();
    await page
      .locator('.rk-menu__title', { hasText: 'open for reading only: Pacemaker 1.1.24 has not been tested' })
      .waitFor();
  });

  test('R12: on a node that another machine answers for, nothing can be done, not even Rename', async () => {
    const now = Date.now();
    const frozenBecause = 'another machine answers under this name: its machine-id is 8f21, not 3a41';
    const nodes = [row({ name: 'a' }, now), { ...row({ name: 'b' }, now), frozenBecause }];
    const page = await showTable(scenario([snapshot(liveView(frankfurt, now), nodes, now)]));
    await page.getByRole('button', { name: 'Actions of b' }).click();
    expect(await items(page)).toSatisfy(
      (all: readonly string[]) =>
        all.filter((words) => words.includes('b is frozen: another machine answers')).length >= 2,
    );
    await page.keyboard.press('Escape');
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('F2');
    await page.locator('.rk-tip', { hasText: 'b is frozen' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('on a node’s page: its actions beside its name, all of them in the menu', async () => {
    const page = await show(answering(Date.now()), { hash: `#/nodes/${encodeURIComponent('member:fra2-r06-n01')}` });
    const group = page.getByRole('group', { name: 'Actions' });
    await group.waitFor();
    expect(await group.getByRole('button').allTextContents()).toEqual([
      'Maintenance…',
      'Activate…',
      'Rename…',
      'Actions',
    ]);
    expect(await group.getByRole('button', { name: 'Maintenance…' }).getAttribute('aria-disabled')).toBe('true');
    await group.getByRole('button', { name: 'Actions' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('menu').waitFor();
    expect(await page.getByRole('menuitem').count()).toBe(5);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => callsOf(page, 'activate.prepare')).toHaveLength(1);
  });
});
