import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../../helpers/shells/chromium.ts';
import { pagesBrowser } from './browser.ts';
import type { PageOptions, TestBrowser } from './browser.ts';
import type { PageState } from './states.ts';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

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
      browser = await pagesBrowser();
    });
    for (const state of states)
      test.concurrent(`${state.name}, in both themes`, async ({ onTestFinished }) => {
        const { exclude, ...more } = optionsOf(state);
        const opened = await browser.open(state.scenario(Date.now()), {
          ...more,
          ...(state.widestPx === undefined ? {} : { width: state.widestPx }),
          theme: 'light',
          hash: state.hash ?? '#/nodes',
        });
        onTestFinished(() => opened.close());
        await state.prepare(opened.page);
        await expectNoFindings(opened.page, exclude);
        expect(opened.errors).toEqual([]);
      });
  });
}

const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * axe on one state in both themes, in one page: everything in the light one; in the dark one, where roles and names are the same
 * ones, the contrast of every text. Nothing moves meanwhile, so nothing has to be waited for.
 */
async function expectNoFindings(page: Page, exclude: string | undefined): Promise<void> {
  // Once for both; in this page alone, for ours have no frames.
  await page.evaluate(axe.source);
  expect(await findings(page, all, exclude)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.pf-v6-theme-dark').waitFor();
  expect(await findings(page, ['color-contrast'], exclude)).toEqual([]);
}

/** What is wrong by rules of these names or tags; selectors are made only for that. */
async function findings(page: Page, rules: string[], exclude: string | undefined): Promise<readonly string[]> {
  const { violations }: AxeResults = await page.evaluate(
    ([runOnly, left]) => window.axe.run({ exclude: left }, { runOnly, resultTypes: ['violations'] }),
    [rules, exclude === undefined ? [] : [exclude]] as const,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
  );
}
