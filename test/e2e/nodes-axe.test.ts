import { afterAll, beforeAll, describe, test } from 'vitest';
import { expectNoFindings } from './helpers/axe.ts';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';
import { states } from './helpers/states.ts';

describe.skipIf(chromiumPath() === null)('axe finds nothing', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  // Beneath a menu or a dialog the table is the one that was judged by itself: live, selected, by keyboard, awkward and offline.
  const hasJudgedTable = new Set([
    'nodes-columns-menu',
    'nodes-region-menu',
    'nodes-reading',
    'nodes-refused',
    'shortcuts',
    'problem-dialog',
  ]);
  for (const state of states) {
    test.concurrent(`${state.name}, in both themes`, async () => {
      // A dozen rows have every kind of cell; forty would only take longer.
      const exclude = hasJudgedTable.has(state.name) ? { exclude: '[role=grid]' } : {};
      await expectNoFindings(browser, state, { height: 480, ...exclude });
    });
  }
});
