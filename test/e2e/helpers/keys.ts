import type { Locator, Page } from 'playwright-core';
import { hasFocus, tabTo } from './maintenance-pages.ts';

/** Tabs on to it, and presses it. */
export async function press(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** The same once it is there to be pressed. */
export async function pressReady(page: Page, dialog: Locator, verb: string): Promise<void> {
  await dialog.locator('button:not([aria-disabled="true"])', { hasText: new RegExp(`^${verb}$`, 'u') }).waitFor();
  await press(page, dialog.getByRole('button', { name: verb, exact: true }));
}

/** Tabs on to a field, and types in the place of what is there. */
export async function enter(page: Page, field: Locator, words: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
}

/** Down to it, in a list or a menu that has the focus. @throws where it is not reached */
export async function arrowTo(page: Page, wanted: Locator): Promise<void> {
  for (let count = 0; count < 20; count += 1) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error('The arrows do not reach it');
}
