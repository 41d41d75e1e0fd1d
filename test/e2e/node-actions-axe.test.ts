import { afterAll, beforeAll, describe, test } from 'vitest';
import { actionStates } from './helpers/action-states.ts';
import { expectNoFindings } from './helpers/axe.ts';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';

describe.skipIf(chromiumPath() === null)('axe finds nothing where nodes are acted on', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const state of actionStates) {
    test.concurrent(`${state.name}, in both themes`, async () => {
      // The cells of the table have their own test; the rows' buttons are judged once.
      const exclude = state.name === 'actions-bar-mixed' ? {} : { exclude: '[role=grid]' };
      await expectNoFindings(browser, state, { height: 480, ...exclude });
    });
  }
});
