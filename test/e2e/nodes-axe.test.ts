import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
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

  async function violations(page: Page): Promise<readonly string[]> {
    const { violations: found } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`),
    );
  }

  // Roles and names do not change with the theme; where they were judged once, the other theme is judged on its contrast.
  const inDark = new Set([
    'nodes',
    'nodes-selected',
    'nodes-columns-menu',
    'nodes-offline',
    'nodes-error',
    'shortcuts',
    'node',
    'node-poor',
  ]);
  for (const theme of ['light', 'dark'] as const) {
    for (const state of states.filter(({ name }) => theme === 'light' || inDark.has(name))) {
      test(`${state.name}, ${theme}`, async () => {
        const now = Date.now();
        const opened = await browser.open(state.scenario(now), {
          theme,
          hash: state.hash ?? '#/nodes',
          // A dozen rows have every kind of cell; forty would only take longer.
          height: 480,
        });
        await state.prepare(opened.page);
        // A layer that is still appearing has not its full contrast yet.
        await opened.page.waitForTimeout(200);
        expect(await violations(opened.page)).toEqual([]);
        expect(opened.errors).toEqual([]);
        await opened.close();
      });
    }
  }
});
