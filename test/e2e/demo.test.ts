import type { Page } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { demoOpen, demoRegion } from './helpers/demo.ts';
import { detailOf } from './helpers/detail.ts';
import { frankfurtNodes } from './helpers/frankfurt.ts';
import { ready, readyNode } from './helpers/maintenance.ts';
import { openByPointer } from './helpers/maintenance-pages.ts';
import { callsOf, describePages } from './helpers/pages.ts';

const label = (page: Page) => page.getByRole('button', { name: 'Demo', exact: true });
const panel = (page: Page) => page.getByRole('region', { name: 'Faults and reset of the demo region' });
const status = (page: Page) => panel(page).getByRole('status').textContent();

describePages('the demo region', ({ showTable }) => {
  const showDemo = (changes: Partial<typeof demoRegion> = {}): Promise<Page> =>
    showTable(demoOpen(Date.now(), changes));

  test('its label stands in the top bar, in the list of regions, and in each dialog that names it', async () => {
    const page = await showDemo();
    await label(page).waitFor();
    await page.getByRole('button', { name: /^Region/ }).click();
    expect(await page.getByRole('menuitemradio').allTextContents()).toEqual([' Demo regionDemo', ' Frankfurt 2']);
    await page.keyboard.press('Escape');
    for (const name of [/^Limits of Demo region/, /^Remove Demo region/]) {
      await page.getByRole('link', { name: 'Regions' }).click();
      await page.getByRole('button', { name }).click();
      expect(await page.getByRole('dialog').locator('.rk-region__name').textContent()).toBe(' Demo regionDemo');
      await page.keyboard.press('Escape');
    }
    await page.getByRole('link', { name: 'Nodes' }).click();
    await page.locator('[role=grid]').focus();
    for (const key of ['F2', '?', 'ControlOrMeta+k']) {
      await page.keyboard.press(key);
      expect(await page.getByRole('dialog').locator('.rk-region__name').textContent()).toBe(' Demo regionDemo');
      await page.keyboard.press('Escape');
    }
  });

  test('a real region has no label, and no faults', async () => {
    const page = await showDemo();
    await page.getByRole('button', { name: /^Region/ }).click();
    await page.getByRole('menuitemradio', { name: 'Frankfurt 2' }).click();
    await label(page).waitFor({ state: 'detached' });
    expect(await page.getByText('Demo').count()).toBe(0);
  });

  test('a clock that runs faster is said beside the label', async () => {
    const page = await showDemo({ demoLabel: 'Demo, clock × 60' });
    await page.getByRole('button', { name: 'Demo, clock × 60' }).waitFor();
  });

  test('an export says in its first line that it is a demo’s', async () => {
    const page = await showDemo();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /Export/ }).click();
    const text = await readFile((await (await downloading).path()) ?? '', 'utf8');
    expect(text.split('\r\n')[0]).toBe('\uFEFFDemo region (Demo: simulated data)');
  });

  test('its faults are reached by keyboard, are verbs, and name the node; the answer is said where they were asked for', async () => {
    const node = frankfurtNodes(Date.now(), 48).find(({ hostname }) => hostname === 'fra2-r01-n05');
    if (node === undefined) throw new Error('Frankfurt has it');
    const page = await showTable({ ...demoOpen(Date.now()), details: { [node.id]: detailOf(node, Date.now()) } });
    await label(page).focus();
    await page.keyboard.press('Enter');
    // A node of which no VM is known: there is none to choose, and the reason is said.
    const fails = panel(page).getByRole('button', { name: 'Fail its migration' });
    await expect.poll(() => fails.getAttribute('aria-disabled')).toBe('true');
    await panel(page).getByRole('combobox', { name: 'Node' }).selectOption('fra2-r01-n05');
    const standing = [
      { kind: 'network-cut', node: 'fra2-r01-n05' },
      { kind: 'migration-fails', vm: 'vm-7' },
      { kind: 'quorum-lost' },
    ];
    const setFaults = (faults: unknown) =>
      page.evaluate((given) => window.testBridge.setAnswer('demo.faults', given), faults);
    await setFaults(standing);
    await panel(page).getByRole('button', { name: 'Cut its network' }).click();
    await expect.poll(() => status(page)).toMatch(/^Cut its network, fra2-r01-n05: done/u);
    await panel(page).getByRole('combobox', { name: 'VM that runs there' }).selectOption('vm-7');
    await fails.click();
    await expect.poll(() => status(page)).toMatch(/^Fail its migration, vm-7: done/u);
    await panel(page).getByRole('button', { name: 'Let this laptop sleep 30 s' }).click();
    await expect.poll(() => status(page)).toMatch(/^Let this laptop sleep 30 s: done/u);
    const inForce = panel(page).getByRole('list', { name: 'Faults since the last heal' });
    // It is the core's list: another page may have asked for what is in it.
    const words = ['Cut its network, fra2-r01-n05', 'Fail its migration, vm-7', 'Lose the quorum'];
    expect(await inForce.getByRole('listitem').allTextContents()).toEqual(words);
    await page.keyboard.press('Escape');
    await label(page).click();
    await expect.poll(() => inForce.getByRole('listitem').allTextContents()).toEqual(words);
    await setFaults([]);
    await panel(page).getByRole('button', { name: 'Heal all faults' }).click();
    await expect.poll(() => status(page)).toMatch(/^Heal all faults: done/u);
    await expect.poll(() => inForce.count()).toBe(0);
    expect(await callsOf(page, 'demo.inject')).toEqual([
      { regionId: 'demo-1', fault: { kind: 'network-cut', node: 'fra2-r01-n05' } },
      { regionId: 'demo-1', fault: { kind: 'migration-fails', vm: 'vm-7' } },
      { regionId: 'demo-1', fault: { kind: 'laptop-sleeps', seconds: 30 } },
      { regionId: 'demo-1', fault: { kind: 'heal' } },
    ]);
    const problem = { code: 'demo-fault-refused' as const, message: 'It was not done.', advice: 'Try another.' };
    await page.evaluate((given) => window.testBridge.setProblem('demo.inject', given), problem);
    await panel(page).getByRole('button', { name: 'Lose the quorum' }).click();
    await expect.poll(() => status(page)).toBe('It was not done. Try another.');
    await page.keyboard.press('Escape');
    expect(await panel(page).count()).toBe(0);
    expect(await label(page).evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test('Escape on a node’s page closes its faults and stays on the page', async () => {
    const page = await showDemo();
    await page.evaluate(() => {
      location.hash = '#/nodes/member%3Afra2-r01-n05';
    });
    await page.getByRole('heading', { level: 1, name: 'fra2-r01-n05' }).waitFor();
    await label(page).click();
    await panel(page).getByRole('button', { name: 'Heal all faults' }).focus();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('#/nodes/member%3Afra2-r01-n05');
  });

  test('what would run says in its first line that it is a demo’s, once it is copied', async () => {
    const now = Date.now();
    const page = await showTable({ ...demoOpen(now), answers: { 'maintenance.prepare': ready(now) } });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByRole('button', { name: 'What would run' }).click();
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
    expect(lines[0]).toBe('# Demo region (Demo: simulated data)');
    expect(lines[1]).toMatch(/^# /u);
  });

  test('a problem says in its first line that it is a demo’s, once it is copied', async () => {
    const now = Date.now();
    const page = await showTable({ ...demoOpen(now), answers: { 'maintenance.prepare': ready(now) } });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const problem = { code: 'address-unreachable' as const, message: 'No control node answers.', advice: 'Try again.' };
    await page.evaluate((given) => window.testBridge.setProblem('maintenance.prepare', given), problem);
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    const alert = dialog.getByRole('alert').filter({ hasText: problem.message });
    await alert.getByRole('button', { name: 'Copy', exact: true }).click();
    await alert.getByRole('button', { name: 'Copied' }).waitFor();
    expect((await page.evaluate(() => navigator.clipboard.readText())).split('\n')).toEqual([
      'Demo region (Demo: simulated data)',
      'address-unreachable: No control node answers.',
      'Try again.',
    ]);
  });

  test('one click resets it; what is shown next is the new one, and never a real region', async () => {
    const now = Date.now();
    const { snapshots, ...base } = demoOpen(now);
    const next = { ...demoRegion, id: 'demo-2' as typeof demoRegion.id };
    const shown = snapshots['demo-1']!;
    const page = await showTable({
      ...base,
      snapshots: { ...snapshots, 'demo-2': { ...shown, region: { ...shown.region, id: next.id } } },
      answers: { 'demo.reset': next },
      profilesAfter: { call: 'demo.reset', profiles: [base.profiles[1]!, next] },
    });
    await label(page).click();
    await panel(page).getByRole('button', { name: 'Reset the demo region' }).click();
    await expect.poll(() => callsOf(page, 'regions.open')).toHaveLength(2);
    expect(await callsOf(page, 'regions.open')).toEqual([{ regionId: 'demo-1' }, { regionId: 'demo-2' }]);
    await label(page).waitFor();
    // What was pressed has gone with the region.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Nodes');
  });

  test('one that has ended says so, and offers the reset', async () => {
    const now = Date.now();
    const base = demoOpen(now);
    const shown = base.snapshots['demo-1']!;
    const problem = { code: 'demo-ended' as const, message: 'The simulation has ended.', advice: 'Reset it.' };
    const connection = { kind: 'offline' as const, since: now, lastReadAt: now, problem, nextTryAt: null };
    const page = await showTable({
      ...base,
      snapshots: { ...base.snapshots, 'demo-1': { ...shown, region: { ...shown.region, connection } } },
      answers: { 'demo.reset': demoRegion },
    });
    await page.getByText(problem.message).waitFor();
    await page.getByRole('button', { name: 'Reset the demo region' }).click();
    await expect.poll(() => callsOf(page, 'demo.reset')).toEqual([{}]);
  });

  test('the tour has five steps beside what they are about, takes nothing from the page, and is shown once', async () => {
    const page = await showTable({ ...demoOpen(Date.now()), views: {} });
    const tour = page.getByRole('region', { name: /^Tour/ });
    await page.getByRole('region', { name: 'Tour, step 1 of 5' }).waitFor();
    // The page beneath works on, by keyboard and by mouse.
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    for (const step of [2, 3, 4, 5]) {
      await tour.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('region', { name: `Tour, step ${String(step)} of 5` }).waitFor();
      const box = (await tour.boundingBox())!;
      expect([box.x >= 0, box.y >= 0, box.x + box.width <= 1280, box.y + box.height <= 720]).not.toContain(false);
    }
    await tour.getByRole('button', { name: 'Done' }).click();
    await tour.waitFor({ state: 'detached' });
    await page.reload();
    await label(page).waitFor();
    await page.locator('[data-row]').first().waitFor();
    expect(await tour.count()).toBe(0);
    await label(page).click();
    await panel(page).getByRole('button', { name: 'Take the tour' }).click();
    await tour.getByRole('button', { name: 'Skip the tour' }).click();
    await tour.waitFor({ state: 'detached' });
  });

  test('the tour is reached first by Tab, moves aside for the panel, waits where its subject is not, and is left by Escape', async () => {
    const page = await showTable({ ...demoOpen(Date.now()), views: {} });
    const step = (number: number) => page.getByRole('region', { name: `Tour, step ${String(number)} of 5` });
    const next = (number: number) => step(number).getByRole('button', { name: 'Next' });
    await step(1).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await next(1).evaluate((button) => button === document.activeElement)).toBe(true);
    await label(page).click();
    await panel(page).waitFor();
    // Waits until nothing lies above it.
    await next(1).click({ trial: true, timeout: 5000 });
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      location.hash = '#/nodes/member%3Afra2-r01-n05';
    });
    await page.locator('.rk-nh').waitFor();
    const isClear = async (): Promise<boolean> => {
      const [head, box] = [await page.locator('.rk-nh').boundingBox(), await step(1).boundingBox()];
      return head !== null && box !== null && box.y >= head.y + head.height;
    };
    await expect.poll(isClear).toBe(true);
    await page.getByRole('link', { name: 'Settings' }).click();
    await next(1).click();
    await step(2).waitFor();
    await next(2).click();
    await step(3).waitFor();
    expect(new URL(page.url()).hash).toBe('#/nodes');
    await page.getByRole('link', { name: 'Settings' }).click();
    await step(3).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Nodes' }).click();
    await next(3).focus();
    await page.keyboard.press('Escape');
    await step(3).waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.role)).toBe('grid');
  });
});
