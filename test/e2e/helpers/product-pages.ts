import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { chromiumPath } from '../../helpers/shells/chromium.ts';
import { startProduct } from './product.ts';
import type { Product, ProductPage } from './product.ts';
import { sharedBrowser } from './shared-browser.ts';

/** The program and the page of the test that runs. */
export interface ProductTest {
  readonly app: Product;
  readonly page: Page;
  /** Closes the page and opens another one of the same program. */
  readonly reopen: () => Promise<void>;
  /** Another window of the same program, beside the first. */
  readonly another: () => Promise<Page>;
}

/**
 * Tests of the built program with nothing scripted, in a real browser: each test has a program of its own with an empty home and
 * data folder, and fails where its page reported an error. `given.page` and `given.app` are read inside a test.
 */
export function describeProduct(
  subject: string,
  tests: (given: ProductTest) => void,
  { needs = true }: { readonly needs?: boolean } = {},
): void {
  describe.skipIf(chromiumPath === undefined || !needs)(subject, () => {
    let browser: Browser;
    let app: Product;
    let opened: ProductPage;
    let others: ProductPage[] = [];
    beforeAll(async () => {
      browser = await sharedBrowser();
    });
    beforeEach(async () => {
      app = await startProduct();
      opened = await app.open(browser);
    });
    afterEach(async () => {
      const all = [opened, ...others];
      others = [];
      for (const one of all) await one.close();
      await app.close();
      expect(all.flatMap(({ errors }) => errors)).toEqual([]);
    });
    tests({
      get app() {
        return app;
      },
      get page() {
        return opened.page;
      },
      reopen: async () => {
        const { errors } = opened;
        await opened.close();
        expect(errors).toEqual([]);
        opened = await app.open(browser);
      },
      another: async () => {
        const one = await app.open(browser);
        others.push(one);
        return one.page;
      },
    });
  });
}
