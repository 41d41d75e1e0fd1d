import type { Locator, Page } from 'playwright-core';
import type { Scenario } from './bridge.ts';
import { armed } from './force.ts';
import { blockedNode } from './maintenance.ts';
import { live } from './scenarios.ts';

/** The live region, whose core answers these calls. */
export const liveWith = (
  now: number,
  answers: Readonly<Record<string, unknown>>,
  more: Partial<Scenario> = {},
): Scenario => ({
  ...live(now),
  answers,
  ...more,
});

/** Opens an action of one node by the pointer: it is searched for, and its row's menu is opened. */
export async function openByPointer(page: Page, node: string, action: string): Promise<Locator> {
  await page.getByRole('searchbox').fill(node);
  await page.getByRole('button', { name: `Actions of ${node}` }).click();
  const item = page.getByRole('menuitem', { name: action });
  // A click that meets the table while it filters may open nothing: a person clicks again.
  await item.waitFor({ timeout: 5000 }).catch(() => page.getByRole('button', { name: `Actions of ${node}` }).click());
  await item.click();
  return shownDialog(page);
}

/** The same by keyboard alone: `/`, the name, into the table, M, and the action by its first letters. */
export async function openByKeyboard(page: Page, node: string, action: string): Promise<Locator> {
  await page.keyboard.press('/');
  await page.keyboard.type(node);
  await page.locator('[data-row]').nth(1).waitFor({ state: 'detached' });
  for (let count = 0; count < 40 && !(await hasFocus(page.locator('[role=grid]'))); count += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  const item = page.getByRole('menuitem', { name: action });
  await item.waitFor();
  for (let count = 0; count < 10 && !(await hasFocus(item)); count += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  return shownDialog(page);
}

/** Several nodes are ticked, and the action is taken from the bar above the table. */
export async function openForMany(page: Page, nodes: readonly string[], action: string): Promise<Locator> {
  for (const node of nodes) {
    const box = page.getByRole('checkbox', { name: `Select ${node}`, exact: true });
    await box.click();
    // While rows run past beneath the pointer it means none of them: a person who sees no tick clicks again.
    await page.waitForTimeout(300);
    if (!(await box.isChecked())) await box.click();
  }
  await page.getByRole('button', { name: action }).click();
  return shownDialog(page);
}

/** From the maintenance dialog of the blocked node into the force dialog, as the specification says. */
export async function openForce(page: Page): Promise<Locator> {
  await openByPointer(page, blockedNode, 'Maintenance…');
  await page.getByText('1 blocker', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Force Maintenance…' }).click();
  return shownDialog(page);
}

export const forceAnswers = (prepared: unknown, force: unknown = armed(30_000)): Readonly<Record<string, unknown>> => ({
  'maintenance.prepare': prepared,
  'force.arm': force,
});

async function shownDialog(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
}

export const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement || element.contains(document.activeElement));

/** Tabs on until the element has the focus; how many steps that took. @throws where it is not reached */
export async function tabTo(page: Page, locator: Locator): Promise<number> {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return steps;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not reach it');
}

/** What the sentence beside the buttons says. */
export const noteOf = (dialog: Locator): Promise<string | null> => dialog.locator('.rk-dlg__note').textContent();

/** A button that does nothing now says so to assistive technology, and stays focusable. */
export const isUnavailable = async (button: Locator): Promise<boolean> =>
  (await button.getAttribute('aria-disabled')) === 'true';
