import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { describeSharedDemo, letHappen, untilStatus } from '../helpers/demo-flows.ts';

/** Every status that the node's header shows from now on, in order. */
async function watchStatus(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = (): void => {
      const word = document.querySelector('.rk-nh__status .rk-st__word')?.textContent ?? '';
      if (word !== '' && word !== seen.at(-1)) seen.push(word);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => [...(window as unknown as { readonly seen: readonly string[] }).seen]);
}

const said = (page: Page, words: RegExp): Promise<void> => page.getByText(words).first().waitFor();
const silent = /^silent for/u;

/** In real time, so that each state is seen. */
describeSharedDemo('each fault of a node leads to its screen', { speed: 1 }, (region) => {
  for (const [verb, node] of [
    ['Kill the node', 'demo-w19'],
    ['Freeze the node', 'demo-w20'],
  ] as const)
    test(`${verb}: it is fenced, and comes back through its health gate`, async (context) => {
      const { expect } = context;
      const page = await region.current.openNode(node);
      await untilStatus(page, 'Active');
      const statuses = await watchStatus(page);
      await letHappen(page, verb, { node });
      await untilStatus(page, 'Fenced');
      await untilStatus(page, 'Unfencing');
      await untilStatus(page, 'Active');
      // It is Failed first where its fencing takes longer than a status needs to be believed.
      const seen = (await statuses()).filter((status) => status !== 'Failed');
      expect(seen).toEqual(['Active', 'Fenced', 'Unfencing', 'Active']);
    });

  test('Cut its network: it is fenced as one that is gone, and stays silent until it is mended', async () => {
    const page = await region.current.openNode('demo-w21');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Cut its network', { node: 'demo-w21' });
    await untilStatus(page, 'Fenced');
    await said(page, silent);
  });

  test('Break its fencing: a node that dies then stays Failed, and how often its fencing failed is said', async () => {
    const page = await region.current.openNode('demo-w14');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Break its fencing', { node: 'demo-w14' });
    await letHappen(page, 'Kill the node', { node: 'demo-w14' });
    await untilStatus(page, 'Failed');
    await said(page, /fencing failed 2 times/u);
    await said(page, silent);
  });

  test('Slow its network: it stays Active and reachable', async (context) => {
    const { expect } = context;
    const page = await region.current.openNode('demo-w15');
    await untilStatus(page, 'Active');
    const statuses = await watchStatus(page);
    await letHappen(page, 'Slow its network', { node: 'demo-w15' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await said(page, /^reading demo-w15, [1-9]/u);
    await said(page, /^live, /u);
    expect(await statuses()).toEqual(['Active']);
  });

  test('Break a disk: the pool is degraded; with the second one it has failed, and so has the node', async () => {
    const page = await region.current.openNode('demo-w16');
    await untilStatus(page, 'Active');
    await letHappen(page, 'Break a disk', { node: 'demo-w16' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await said(page, /Pool md0 is degraded/u);
    await letHappen(page, 'Break a disk', { node: 'demo-w16' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await said(page, /Pool md0 is failed/u);
    await untilStatus(page, 'Failed');
  });
});
