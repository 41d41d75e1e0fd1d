import { afterAll, beforeAll, describe, test } from 'vitest';
import { expectNoFindings } from './helpers/axe.ts';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';
import { operationStates } from './helpers/operation-states.ts';

describe.skipIf(chromiumPath() === null)('axe finds nothing on the pages of operations', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const state of operationStates) {
    test.concurrent(`${state.name}, in both themes`, async () => {
      // The table of nodes behind them has tests of its own.
      await expectNoFindings(browser, state, { height: 720, exclude: '[role=grid]' });
    });
  }
});
