import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath, launchChromium } from '../helpers/shells/chromium.ts';
import { findSshd, startSshd } from '../helpers/sshd.ts';
import { launchBrowser } from './helpers/browser.ts';
import { startProduct } from './helpers/product.ts';
import type { Product, ProductPage } from './helpers/product.ts';
import { notice } from './helpers/questions.ts';
import { info } from './helpers/region.ts';
import { live } from './helpers/scenarios.ts';

describe.skipIf(chromiumPath === undefined)('the settings of the built program, in a real browser', () => {
  let browser: Browser;
  let app: Product;
  let opened: ProductPage;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  const openPage = async (): Promise<void> => {
    opened = await app.open(browser);
    ({ page } = opened);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'This laptop' }).waitFor();
  };
  beforeEach(async () => {
    app = await startProduct();
    await openPage();
  });
  afterEach(async () => {
    const { errors } = opened;
    await opened.close();
    await app.close();
    expect(errors).toEqual([]);
  });
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });

  test('they are kept by the program: another page has what this one set', async () => {
    await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await field('Load, every').fill('15');
    await field('Load, every').press('Enter');
    await field('At least').fill('8');
    await field('At least').blur();
    await page.getByRole('checkbox', { name: /Single keys/ }).uncheck();
    await expect.poll(() => page.getByText('Kept.').count()).toBe(2);
    await opened.close();
    await openPage();
    expect(await page.locator('html').getAttribute('class')).toContain('pf-v6-theme-dark');
    expect([await field('Load, every').inputValue(), await field('At least').inputValue()]).toEqual(['15', '8']);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a value that is refused is said at its field, and what was typed stays to be corrected', async () => {
    for (const wrong of ['0', 'soon', '', '601']) {
      await field('Load, every').fill(wrong);
      await field('Load, every').press('Enter');
      await page.getByText('Enter 1 to 600 seconds.').waitFor();
      expect(await field('Load, every').inputValue()).toBe(wrong);
    }
    await field('Load, every').fill('60');
    await field('Load, every').press('Enter');
    await page.getByText('Kept.').waitFor();
    expect(await page.getByText('Enter 1 to 600 seconds.').count()).toBe(0);
  });

  test('they name the data folder and the log file, and why no secret is remembered', async () => {
    await page.getByText(app.dataFolder, { exact: true }).waitFor();
    await page.getByText(join(app.dataFolder, 'logs', 'rackside.log'), { exact: true }).waitFor();
    await page.getByText(/Kept for this session only, never on disk\. Rackside runs in a browser here/).waitFor();
  });

  test.skipIf(findSshd() === undefined)('a trusted host key is listed, and forgotten after it was asked', async () => {
    const sshd = await startSshd();
    onTestFinished(() => sshd.close());
    const host = `[127.0.0.1]:${String(sshd.port)}`;
    await page.goto(`${page.url().split('#')[0] ?? ''}#/nodes`);
    await page.getByRole('button', { name: 'Connect to a region' }).click();
    await field('Name').fill('Test');
    await field('Control node 1').fill(`127.0.0.1:${String(sshd.port)}`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('button', { name: 'Trust this key' }).click();
    await page.getByText('Given. Trying again').waitFor();
    await page.getByRole('button', { name: 'Open the table' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('rowheader', { name: host }).waitFor();
    await page.getByRole('button', { name: `Forget the keys of ${host}…` }).click();
    expect(
      await page.getByRole('button', { name: 'Cancel' }).evaluate((cancel) => cancel === document.activeElement),
    ).toBe(true);
    await page.getByRole('button', { name: 'Forget', exact: true }).click();
    await page.getByText('None yet. They are shown to you').waitFor();
  });
});

test.skipIf(chromiumPath === undefined)('a notice stands above every page until it is dismissed', async () => {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const now = Date.now();
  const { page, errors } = await browser.open({ ...live(now), info: { ...info, notices: [notice(now)] } });
  const words = page.getByText(notice(now).message);
  await words.waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect.poll(() => words.count()).toBe(0);
  expect(
    await page.evaluate(() =>
      window.testBridge.calls.filter(({ name }) => name === 'app.dismissNotice').map(({ input }) => input),
    ),
  ).toEqual([{ id: 'journal-lost' }]);
  expect(errors).toEqual([]);
});
