import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext } from 'vitest';
import { secretKey } from '#shared/contract/socket.ts';
import { chromiumPath } from '../../helpers/shells/chromium.ts';
import { startProduct } from './product.ts';
import { sharedBrowser } from './shared-browser.ts';

/** Longer than any single wait of a flow on a quiet machine, several times. */
const flowMs = 150_000;

/** The same for a step of one. */
const stepMs = 60_000;

/** VMs that move at once in a demo region that is as it was made. */
const movesAtFirst = 2;

/** How the demo region of a test is made. */
export interface DemoFlags {
  /** Members at the start; 24 have every status and every kind of node. */
  readonly nodes?: number;
  /** Which region it is: another one has other VMs on each node. */
  readonly seed?: number;
  /** How many times faster its time goes. */
  readonly speed?: number;
  /** VMs that move at once, at most; 2 as it is made. */
  readonly moves?: number;
}

/** Pages of a demo region, as its only operator sees them. */
export interface DemoPages {
  /** A tab of its own at this address, with what was read. */
  readonly open: (hash?: string) => Promise<Page>;
  /** The same at the page of a node, by its name in the cluster. */
  readonly openNode: (node: string) => Promise<Page>;
}

/** Starts the program with a demo region that is closed with the test, or with the file; it fails where a tab reported an error. */
export type StartDemo = (test: TestContext, flags?: DemoFlags) => Promise<DemoPages>;

/**
 * Flows in the demo region, with nothing scripted: the built program, its simulation and a real browser. Tests run beside each other, each in a
 * region of its own: what moves in one would change what another one is shown. A command that the simulation does not know fails its test.
 */
export function describeDemo(subject: string, flows: (start: StartDemo) => void): void {
  describe.skipIf(chromiumPath === undefined).concurrent(`${subject}, in the demo region, in a real browser`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await sharedBrowser();
    });
    flows(({ task, onTestFinished }, flags) =>
      startRegion(browser, flags, onTestFinished, () => task.result?.state === 'fail'),
    );
  });
}

/** The same where flows do not touch each other's nodes, and nothing moves: one region for all of them. */
export function describeSharedDemo(
  subject: string,
  flags: DemoFlags,
  flows: (pages: { readonly current: DemoPages }) => void,
): void {
  describe.skipIf(chromiumPath === undefined).concurrent(`${subject}, in the demo region, in a real browser`, () => {
    const endings: (() => Promise<void>)[] = [];
    const pages: { current: DemoPages } = { current: { open: notYet, openNode: notYet } };
    beforeAll(async () => {
      pages.current = await startRegion(
        await sharedBrowser(),
        flags,
        (ending) => endings.push(ending),
        () => false,
      );
    });
    afterAll(async () => {
      for (const ending of endings.toReversed()) await ending();
    });
    flows(pages);
  });
}

const notYet = (): Promise<Page> => Promise.reject(new Error('it is read in a test'));

async function startRegion(
  browser: Browser,
  { nodes = 24, seed = 1, speed = 20, moves = 6 }: DemoFlags = {},
  onEnd: (ending: () => Promise<void>) => void,
  hasFailed: () => boolean,
): Promise<DemoPages> {
  const flags = { nodes, seed, speed };
  const app = await startProduct(Object.entries(flags).flatMap(([name, value]) => [`--demo-${name}`, String(value)]));
  let tabs: BrowserContext | undefined;
  const errors: string[] = [];
  onEnd(async () => {
    // What a person would have seen says more than the line that waited for something else.
    if (hasFailed())
      for (const page of tabs?.pages() ?? [])
        console.error(`${page.url()}\n${(await page.innerText('body')).slice(0, 3000)}`);
    await tabs?.close();
    await app.close();
    expect(errors).toEqual([]);
    expect(app.complaints()).toBe('');
  });
  const first = await app.open(browser);
  const own = first.page.context();
  tabs = own;
  own.setDefaultTimeout(stepMs);
  await enterDemo(first.page, moves);
  // What a tab has that was opened by duplicating this one.
  const kept = await first.page.evaluate((key) => sessionStorage.getItem(key) ?? '', secretKey);
  await own.addInitScript(([key, secret]) => sessionStorage.setItem(key, secret), [secretKey, kept] as const);
  await first.page.close();
  expect(first.errors).toEqual([]);
  const open = async (hash = '#/nodes'): Promise<Page> => {
    const page = await own.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${app.address}${hash}`);
    await page.locator('.rk-fresh:not(.rk-fresh--reading)').waitFor();
    return page;
  };
  return { open, openNode: (node) => open(`#/nodes/${encodeURIComponent(`member:${node}`)}`) };
}

/** From the first page into the region, which is read more often than by default: a test waits no longer than it has to. */
async function enterDemo(page: Page, moves: number): Promise<void> {
  await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.rk-fresh--live').waitFor();
  await page.getByRole('button', { name: 'Skip the tour' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  const pace = page.getByRole('textbox', { name: 'The cluster, every' });
  await pace.fill('2');
  await pace.press('Enter');
  await page.getByText('Kept.').waitFor();
  if (moves === movesAtFirst) return;
  await page.getByRole('link', { name: 'Regions' }).click();
  await page.getByRole('button', { name: /^Limits of Demo region/ }).click();
  await page.getByLabel('VM moves at once').fill(String(moves));
  await page.getByRole('button', { name: 'Save in the cluster' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** The status in a node's header, once it is this. */
export const untilStatus = (page: Page, status: string): Promise<void> =>
  page.locator('.rk-nh__status', { hasText: status }).waitFor({ timeout: flowMs });

/** The page of an operation once it says these words of its end, or of why it waits. */
export async function untilSaid(page: Page, words: string | RegExp): Promise<void> {
  await page.waitForURL(/#\/operations\//u);
  await page.locator('.rk-op__needs').getByText(words).first().waitFor({ timeout: flowMs });
}

/** Presses the verb once, when it is there to be pressed, and waits for the operation's page. */
export async function confirm(page: Page, dialog: Locator, verb: string): Promise<void> {
  await dialog.locator(`button:not([aria-disabled="true"])`, { hasText: new RegExp(`^${verb}$`, 'u') }).click();
  await page.waitForURL(/#\/operations\//u).catch(async (error: unknown) => {
    throw new Error(`It was not begun: ${await dialog.innerText()}`, { cause: error });
  });
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

/** Lets something go wrong, by the panel behind the label. `choose` names what it happens to; a VM is one of those of its node. */
export async function letHappen(
  page: Page,
  verb: string,
  choose: { readonly node?: string; readonly vm?: string } = {},
): Promise<void> {
  await page.getByRole('button', { name: /^Demo\b/u }).click();
  const panel = page.getByRole('region', { name: 'Faults and reset of the demo region' });
  if (choose.node !== undefined) await panel.getByRole('combobox', { name: 'Node' }).selectOption(choose.node);
  if (choose.vm !== undefined)
    await panel.getByRole('combobox', { name: 'VM that runs there' }).selectOption(choose.vm);
  await panel.getByRole('button', { name: verb }).click();
  await panel.getByRole('status').filter({ hasText: ': done' }).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
}

/** The VMs' rows of an operation, as `name state`, sorted. */
export const vmStates = async (page: Page): Promise<readonly string[]> => {
  const rows = await page
    .locator('[data-vm]')
    .evaluateAll((all) =>
      all.map((row) => `${row.getAttribute('data-vm') ?? ''} ${row.querySelector('.rk-vs')?.textContent ?? ''}`),
    );
  return rows.toSorted();
};

/** The row of a node in the table, once it has this status. */
export async function untilRow(table: Page, name: string, status: string): Promise<void> {
  await table.getByRole('searchbox').fill(name);
  await table.locator('[data-row]', { hasText: name }).filter({ hasText: status }).waitFor({ timeout: flowMs });
}
