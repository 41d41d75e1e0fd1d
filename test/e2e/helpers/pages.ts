import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect } from 'vitest';
import { chromiumPath } from '../../helpers/shells/chromium.ts';
import type { Scenario } from './bridge.ts';
import { pagesBrowser } from './browser.ts';
import type { PageOptions, TestBrowser, TestPage } from './browser.ts';
import { live } from './scenarios.ts';

/** What the tests of a page are given. Pages are closed after each test, which fails where one of them reported an error. */
export interface Pages {
  /** A page of its own, with the scenario for its core; nothing is waited for. */
  readonly show: (scenario: Scenario, options?: PageOptions) => Promise<Page>;
  /** The same, once the table has its first row; the live region where no other is named. */
  readonly showTable: (scenario?: Scenario, options?: PageOptions) => Promise<Page>;
  /** Closes what is open, for a test that shows one page after another. */
  readonly closeAll: () => Promise<void>;
}

/**
 * Tests in a real browser, of the built renderer with a scripted core: skipped in plain sight where there is no Chromium.
 * A new file needs nothing but this, and what its tests say:
 *
 * ```ts
 * describePages('taking a node out of service', ({ showTable }) => {
 *   test('asks first', async () => {
 *     const page = await showTable({ ...live(Date.now()), answers: { 'maintenance.enter': { … } } });
 *     await page.getByRole('button', { name: 'Enter maintenance' }).click();
 *     await page.evaluate((changed) => window.testBridge.emit('region.changed', changed), { … });
 *     expect(await callsOf(page, 'maintenance.enter')).toEqual([{ … }]);
 *   });
 * });
 * ```
 *
 * A `Scenario` (`bridge.ts`) is what the core knows when the page is loaded, and what each call answers or fails with; `scenarios.ts`
 * has one for each state of a region, `rows.ts`, `region.ts` and `detail.ts` the parts to make others of. Afterwards the test
 * plays the core through `window.testBridge`: `emit` announces an event, `setSnapshot`, `setDetail`, `setProblem` and `setAnswer` change what
 * is answered next, `calls` are the calls of the page. A new call of the contract needs no change there, but an entry in `answers`.
 */
export function describePages(subject: string, tests: (pages: Pages) => void): void {
  describe.skipIf(chromiumPath === undefined)(`${subject}, in a real browser`, () => {
    let browser: TestBrowser;
    let opened: TestPage[] = [];
    beforeAll(async () => {
      browser = await pagesBrowser();
    });
    const closeAll = async (): Promise<void> => {
      const closing = opened;
      opened = [];
      for (const page of closing) await page.close();
      expect(closing.flatMap(({ errors }) => errors)).toEqual([]);
    };
    afterEach(closeAll);

    const show: Pages['show'] = async (scenario, options) => {
      const one = await browser.open(scenario, options);
      opened.push(one);
      return one.page;
    };
    tests({
      show,
      async showTable(scenario = live(Date.now()), options = {}) {
        const page = await show(scenario, options);
        await page.locator('[data-row]').first().waitFor();
        return page;
      },
      closeAll,
    });
  });
}

/** The inputs of the page's calls of this name, in their order. */
export function callsOf(page: Page, name: string): Promise<readonly unknown[]> {
  return page.evaluate(
    (wanted) => window.testBridge.calls.filter((call) => call.name === wanted).map(({ input }) => input),
    name,
  );
}
