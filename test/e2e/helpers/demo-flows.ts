import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext } from 'vitest';
import { secretKey } from '#shared/contract/socket.ts';
import { chromiumPath, launchChromium } from '../../helpers/shells/chromium.ts';
import { startProduct, type Product } from './product.ts';

/** Longer than any single wait of a flow on a quiet machine, several times. */
const flowMs = 150_000;

/** The same for a step of one. */
const stepMs = 60_000;

/** How the demo region of a file is made. */
export interface DemoFlags {
  /** Members at the start; 24 have every status and every kind of node. */
  readonly nodes?: number;
  /** How many times faster its time goes. */
  readonly speed?: number;
}

/** Pages of one demo region, for a test that runs beside others of its file. */
export interface DemoPages {
  /** A tab of its own at this address, with what was read; closed with the test, which fails where the tab reported an error. */
  readonly open: (test: TestContext, hash?: string) => Promise<Page>;
  /** The same at the page of a node, by its name in the cluster. */
  readonly openNode: (test: TestContext, node: string) => Promise<Page>;
}

/**
 * Flows in the demo region, with nothing scripted: the built program, its simulation and a real browser, one of each for a file. Its tests run
 * beside each other, on different nodes of the region, because they mostly wait for it. A command that the simulation does not know fails the file.
 */
export function describeDemo(subject: string, flags: DemoFlags, flows: (pages: DemoPages) => void): void {
  describe.skipIf(chromiumPath === undefined).concurrent(`${subject}, in the demo region, in a real browser`, () => {
    let browser: Browser;
    let app: Product;
    let tabs: BrowserContext;
    beforeAll(async () => {
      const { nodes = 24, speed = 20 } = flags;
      [browser, app] = await Promise.all([
        launchChromium(),
        startProduct(['--demo-nodes', String(nodes), '--demo-speed', String(speed)]),
      ]);
      const first = await app.open(browser);
      tabs = first.page.context();
      tabs.setDefaultTimeout(stepMs);
      await enterDemo(first.page);
      // What a tab has that was opened by duplicating this one.
      const kept = await first.page.evaluate((key) => sessionStorage.getItem(key) ?? '', secretKey);
      await tabs.addInitScript(([key, secret]) => sessionStorage.setItem(key, secret), [secretKey, kept] as const);
      await first.page.close();
      expect(first.errors).toEqual([]);
    });
    afterAll(async () => {
      await browser.close();
      await app.close();
      expect(app.complaints()).toBe('');
    });
    const open: DemoPages['open'] = async ({ task, onTestFinished }, hash = '#/nodes') => {
      const page = await tabs.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      onTestFinished(async () => {
        // What a person would have seen says more than the line that waited for something else.
        if (task.result?.state === 'fail')
          console.error(`${page.url()}\n${(await page.innerText('body')).slice(0, 3000)}`);
        await page.close();
        expect(errors).toEqual([]);
      });
      await page.goto(`${app.address}${hash}`);
      await page.locator('.rk-fresh:not(.rk-fresh--reading)').waitFor();
      return page;
    };
    flows({ open, openNode: (test, node) => open(test, nodeHash(node)) });
  });
}

export const nodeHash = (node: string): string => `#/nodes/${encodeURIComponent(`member:${node}`)}`;

/** From the first page into the region, with room for every flow of a file, and read more often than by default: a test waits no longer than it has to. */
async function enterDemo(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.rk-fresh--live').waitFor();
  await page.getByRole('button', { name: 'Skip the tour' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  const pace = page.getByRole('textbox', { name: 'The cluster, every' });
  await pace.fill('2');
  await pace.press('Enter');
  await page.getByText('Kept.').waitFor();
  await page.getByRole('link', { name: 'Regions' }).click();
  await page.getByRole('button', { name: /^Limits of Demo region/ }).click();
  await page.getByLabel('Nodes out of service at once').fill('12');
  await page.getByLabel('VM moves at once').fill('4');
  await page.getByRole('button', { name: 'Save in the cluster' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** The status in a node's header, once it is this. */
export const untilStatus = (page: Page, status: string): Promise<void> =>
  page.locator('.rk-nh__status', { hasText: status }).waitFor({ timeout: flowMs });

/** The page of an operation once it says these words of its end, or of why it waits. */
export async function untilSaid(page: Page, words: string | RegExp): Promise<void> {
  await page.waitForURL(/#\/operations\//u);
  await page.locator('.rk-op__needs').getByText(words).waitFor({ timeout: flowMs });
}

/**
 * Presses the verb until the operation's page is there. What the other flows do changes what this one confirms: then it is read again, and
 * confirmed as it stands, as a person would.
 */
export async function confirm(page: Page, dialog: Locator, verb: string): Promise<void> {
  const button = dialog.getByRole('button', { name: verb, exact: true });
  const isThere = (): boolean => page.url().includes('#/operations/');
  for (const deadline = Date.now() + flowMs; Date.now() < deadline; await page.waitForTimeout(250)) {
    if (isThere()) return;
    const note =
      (await dialog
        .locator('.rk-dlg__note')
        .textContent({ timeout: 1000 })
        .catch(() => '')) ?? '';
    // Until what is sent or read has an answer there is nothing to press.
    if (note.includes('being read')) continue;
    const isHeldUp = note.includes('becomes available');
    const next = isHeldUp ? dialog.getByRole('button', { name: 'Check again' }) : button;
    await next.click({ timeout: 10_000 }).catch(() => undefined);
  }
  throw new Error(`It was not begun: ${await dialog.innerText()}`);
}

/** Opens an action of the node whose page this is. */
export async function openAction(page: Page, action: string): Promise<Locator> {
  await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
  return shownDialog(page);
}

/** The dialog, which says that nothing in it is real. */
export async function shownDialog(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog');
  await dialog.locator('.rk-region__name', { hasText: /^ Demo regionDemo/u }).waitFor();
  return dialog;
}

/** Lets something go wrong, by the panel behind the label. `choose` names what it happens to. */
export async function letHappen(
  page: Page,
  verb: string,
  choose: { readonly node?: string; readonly vm?: string } = {},
): Promise<void> {
  await page.getByRole('button', { name: /^Demo\b/u }).click();
  const panel = page.getByRole('region', { name: 'Faults and reset of the demo region' });
  if (choose.node !== undefined) await panel.getByRole('combobox', { name: 'Node' }).selectOption(choose.node);
  if (choose.vm !== undefined) await panel.getByRole('textbox', { name: /VM/ }).fill(choose.vm);
  await panel.getByRole('button', { name: verb }).click();
  await panel.getByRole('status').filter({ hasText: ': done' }).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
}
