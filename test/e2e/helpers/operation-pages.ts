import type { Page } from 'playwright-core';
import type { Operation } from '#shared/model/operation.ts';
import type { Scenario } from './bridge.ts';
import { operationHash } from './operation-states.ts';
import { withOperations } from './operation-scenario.ts';
import { runningId } from './operations.ts';
import type { Pages } from './pages.ts';

/** The page of one operation, in a region that has no other. */
export const shownBy =
  (show: Pages['show']) =>
  async (one: Operation, more: Partial<Scenario> = {}, width = 1440): Promise<Page> => {
    const page = await show(withOperations(Date.now(), [one], more), { hash: operationHash(), width, height: 900 });
    await page.locator('.rk-oh h1').waitFor();
    return page;
  };

/** The core tells of a change. */
export const announce = (page: Page, next: Operation): Promise<void> =>
  page.evaluate((given) => {
    window.testBridge.emit('operation.changed', given);
  }, next);

/** The figures under the title, `VMs moved: 5 of 8`. */
export const figures = (page: Page): Promise<readonly string[]> =>
  page
    .locator('.rk-fig > div')
    .evaluateAll((all) => all.map((one) => [...one.children].map((part) => part.textContent).join(': ')));

/** What a call about the running operation names. */
export const onRegion = { regionId: 'fra2', operationId: runningId };
