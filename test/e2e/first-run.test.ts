import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demoRegion, firstRunWithDemo } from './helpers/demo.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { notice } from './helpers/questions.ts';
import { info, settings } from './helpers/region.ts';
import { firstRun, live } from './helpers/scenarios.ts';

describePages('the first run', ({ show, closeAll }) => {
  const title = (page: Page) => page.getByRole('heading', { name: 'Where do you want to start?' });

  test('shows the doors that work and no other, and one primary button', async () => {
    const page = await show(firstRun());
    await title(page).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Explore the demo region',
      'Connect to a region',
    ]);
    expect(await page.locator('.pf-m-primary').count()).toBe(1);
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  test('Enter is the one key that opens the demo region', async () => {
    const page = await show(firstRunWithDemo(Date.now()));
    await title(page).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-row]').first().waitFor();
    expect(await callsOf(page, 'demo.add')).toEqual([{}]);
    expect(await callsOf(page, 'regions.open')).toEqual([{ regionId: 'demo-1' }]);
    await page.getByRole('button', { name: 'Demo', exact: true }).waitFor();
  });

  test('a region that another window has added is shown here too', async () => {
    const page = await show(firstRunWithDemo(Date.now()));
    await title(page).waitFor();
    await page.evaluate((profile) => {
      window.testBridge.emit('regions.changed', [profile]);
    }, demoRegion);
    await page.locator('[data-row]').first().waitFor();
    expect(await callsOf(page, 'regions.open')).toEqual([{ regionId: 'demo-1' }]);
    expect(await callsOf(page, 'demo.add')).toEqual([]);
  });

  test('how many nodes the demo has is said before it is opened', async () => {
    const demo = { nodes: 5000, seed: 1, speed: 1 };
    const page = await show({ ...firstRun(), info: { ...info, demo } });
    await page.getByText('5,000 simulated nodes').waitFor();
  });

  test('a door that stays shut says why, and can be tried again', async () => {
    const problem = {
      code: 'disk-full' as const,
      message: 'The disk of this laptop is full.',
      advice: 'Free some space.',
    };
    const page = await show({ ...firstRun(), problems: { 'demo.add': problem } });
    await title(page).waitFor();
    await page.keyboard.press('1');
    await page.getByRole('alert').getByText(problem.message).waitFor();
    await page.keyboard.press('1');
    await expect.poll(() => callsOf(page, 'demo.add')).toHaveLength(2);
  });

  test('a digit opens its door, and does not where single keys are switched off', async () => {
    const page = await show(firstRun());
    await title(page).waitFor();
    await page.keyboard.press('3');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('2');
    await page.getByRole('dialog', { name: 'Connect to a region' }).waitFor();
    await closeAll();
    const quiet = await show({ ...firstRun(), settings: { ...settings, singleKeyShortcuts: false } });
    await title(quiet).waitFor();
    await quiet.keyboard.press('2');
    expect(await quiet.getByRole('dialog').count()).toBe(0);
    expect(await quiet.getByText('choose a door').count()).toBe(0);
  });

  test('is shown whatever address the page was left at, but the settings can be reached before there is a region', async () => {
    const page = await show(firstRun(), { hash: '#/nodes/member%3Agone' });
    await title(page).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'This laptop' }).waitFor();
    await page.getByRole('link', { name: 'Nodes' }).click();
    await title(page).waitFor();
  });

  test('what happened to this laptop’s data is said here as well: it may be why there is no region', async () => {
    const page = await show({ ...firstRun(), info: { ...info, notices: [notice(Date.now())] } });
    await page.getByText(notice(0).message).waitFor();
    await title(page).waitFor();
  });

  test('never flickers by while the list of regions is not known yet', async () => {
    const page = await show(live(Date.now()));
    // Before the app of the next load: its first paint counts.
    const watching = await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        if (document.querySelector('.rk-doors')) seen.push('first run');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
    await watching.dispose();
  });
});
