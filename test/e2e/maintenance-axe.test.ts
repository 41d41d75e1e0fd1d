import { afterAll, beforeAll, describe, test } from 'vitest';
import { expectNoFindings } from './helpers/axe.ts';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';
import { maintenanceStates } from './helpers/maintenance-states.ts';

describe.skipIf(chromiumPath() === null)('axe finds nothing in the dialogs that act on nodes', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const state of maintenanceStates) {
    test.concurrent(`${state.name}, in both themes`, async () => {
      // The table of nodes beneath a dialog has its own test.
      await expectNoFindings(browser, state, { width: 1280, height: 720, exclude: '[role=grid]' });
    });
  }
});
