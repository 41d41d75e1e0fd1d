import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describePages } from './helpers/pages.ts';
import { withDetails } from './helpers/scenarios.ts';

// The other tests of pages run with reduced motion, so that what opens is there at once.
describePages('motion', ({ showTable }) => {
  const moving = (page: Page): Promise<number> => page.evaluate(() => document.getAnimations().length);
  const openKeys = async (page: Page): Promise<string> => {
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    return dialog.evaluate((element) => {
      const { animationName, animationDuration, animationIterationCount } = getComputedStyle(element);
      return [animationName, animationDuration, animationIterationCount].join(' ');
    });
  };

  test('what opens appears once, in 140 ms; then, and before, nothing moves; and it closes and takes keys as without motion', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await expect.poll(() => moving(page)).toBe(0);
    expect(await openKeys(page)).toBe('rk-appear 0.14s 1');
    await expect.poll(() => moving(page)).toBe(0);
    const dialog = page.getByRole('dialog');
    expect(await dialog.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // Rows do not slide, numbers do not roll.
    await page.getByRole('columnheader', { name: /^CPU/u }).click();
    expect(await moving(page)).toBe(0);
  });

  test('with reduced motion nothing moves', async () => {
    const page = await showTable(withDetails(Date.now()));
    expect(await openKeys(page)).toBe('none 0s 1');
    expect(await moving(page)).toBe(0);
  });
});
