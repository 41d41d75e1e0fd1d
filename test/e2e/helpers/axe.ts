import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../../helpers/shells/chromium.ts';
import { launchBrowser } from './browser.ts';
import type { PageOptions, TestBrowser } from './browser.ts';
import type { PageState } from './states.ts';

/** What axe is not to look at beside the page's own options: what has a test of its own and is a thousand cells. */
type AxeOptions = PageOptions & { readonly exclude?: string };

/** axe on each of these states, beside each other. */
export function describeAxe(
  subject: string,
  states: readonly PageState[],
  optionsOf: (state: PageState) => AxeOptions,
): void {
  describe.skipIf(chromiumPath === undefined)(subject, () => {
    let browser: TestBrowser;
    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser.close();
    });
    for (const state of states)
      test.concurrent(`${state.name}, in both themes`, () => expectNoFindings(browser, state, optionsOf(state)));
  });
}

/**
 * axe on one state in both themes, in one page: everything in the light one; in the dark one, where roles and names are the same
 * ones, the contrast of every text. Nothing moves meanwhile, so nothing has to be waited for.
 */
async function expectNoFindings(
  browser: TestBrowser,
  state: PageState,
  { exclude, ...more }: AxeOptions,
): Promise<void> {
  const opened = await browser.open(state.scenario(Date.now()), {
    ...more,
    theme: 'light',
    isStill: true,
    hash: state.hash ?? '#/nodes',
  });
  const { page } = opened;
  await state.prepare(page);
  const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  expect(await findings(axeOn(page).withTags(all), exclude)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.pf-v6-theme-dark').waitFor();
  expect(await findings(axeOn(page).withRules(['color-contrast']), exclude)).toEqual([]);
  expect(opened.errors).toEqual([]);
  await opened.close();
}

/**
 * Selectors are made only for what is wrong, and all is done in this page: ours have no frames, for which the builder would open a
 * second one. Options come first: they would take the chosen rules back.
 */
const axeOn = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();

async function findings(axe: AxeBuilder, exclude: string | undefined): Promise<readonly string[]> {
  const { violations } = await (exclude === undefined ? axe : axe.exclude(exclude)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
  );
}
