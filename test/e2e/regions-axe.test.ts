import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchBrowser } from './helpers/browser.ts';
import type { TestBrowser } from './helpers/browser.ts';
import { regionStates } from './helpers/region-states.ts';

describe.skipIf(chromiumPath() === null)('axe finds nothing in the first run, the regions and the settings', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  // Roles and names do not change with the theme: the other one is judged where there is a colour that means something.
  const inDark = new Set([
    'first-run',
    'region-form-wrong',
    'region-form-asks',
    'regions',
    'region-remove',
    'region-connect-failed',
    'questions-keys',
    'questions-refused',
    'settings',
  ]);
  for (const theme of ['light', 'dark'] as const) {
    for (const state of regionStates.filter(({ name }) => theme === 'light' || inDark.has(name))) {
      test(`${state.name}, ${theme}`, async () => {
        const opened = await browser.open(state.scenario(Date.now()), {
          theme,
          hash: state.hash ?? '#/nodes',
          width: 1280,
          height: 720,
        });
        await state.prepare(opened.page);
        // A layer that is still appearing has not its full contrast yet.
        await opened.page.waitForTimeout(200);
        const { violations } = await new AxeBuilder({ page: opened.page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          // The table of nodes beneath a dialog has its own test, and is a thousand cells.
          .exclude('[role=grid]')
          .analyze();
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
        );
        expect(found).toEqual([]);
        expect(opened.errors).toEqual([]);
        await opened.close();
      });
    }
  }
});
