import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { findSshd, startSshd } from '../helpers/sshd.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { describeProduct } from './helpers/product-pages.ts';
import { notice } from './helpers/questions.ts';
import { info } from './helpers/region.ts';
import { live } from './helpers/scenarios.ts';

describeProduct('the settings of the built program, in a real browser', (given) => {
  const field = (name: string) => given.page.getByRole('textbox', { name, exact: true });
  const openSettings = async (): Promise<void> => {
    await given.page.getByRole('link', { name: 'Settings' }).click();
    await given.page.getByRole('heading', { name: 'This laptop' }).waitFor();
  };
  beforeEach(openSettings);

  test('they are kept by the program: another page has what this one set', async () => {
    await given.page.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await field('Load, every').fill('15');
    await field('Load, every').press('Enter');
    await field('At least').fill('8');
    await field('At least').blur();
    await given.page.getByRole('checkbox', { name: /Single keys/ }).uncheck();
    await expect.poll(() => given.page.getByText('Kept.').count()).toBe(2);
    await given.reopen();
    await openSettings();
    expect(await given.page.locator('html').getAttribute('class')).toContain('pf-v6-theme-dark');
    expect([await field('Load, every').inputValue(), await field('At least').inputValue()]).toEqual(['15', '8']);
    await given.page.keyboard.press('?');
    expect(await given.page.getByRole('dialog').count()).toBe(0);
  });

  test('a tab that a link was opened in is told that it was not let in, and not that Rackside was started anew', async () => {
    const opening = given.page.context().waitForEvent('page');
    await given.page.getByRole('link', { name: 'Settings' }).click({ modifiers: ['ControlOrMeta'] });
    const tab = await opening;
    await tab.getByText('This tab has not been let in').waitFor();
    expect(await tab.getByText('started anew').count()).toBe(0);
    await tab.close();
  });

  test('a value that is refused is said at its field, and what was typed stays to be corrected', async () => {
    for (const wrong of ['0', 'soon', '', '601']) {
      await field('Load, every').fill(wrong);
      await field('Load, every').press('Enter');
      await given.page.getByText('Enter 1 to 600 seconds.').waitFor();
      expect(await field('Load, every').inputValue()).toBe(wrong);
    }
    await field('Load, every').fill('60');
    await field('Load, every').press('Enter');
    await given.page.getByText('Kept.').waitFor();
    expect(await given.page.getByText('Enter 1 to 600 seconds.').count()).toBe(0);
  });

  test('they name the data folder and the log file, and why no secret is remembered', async () => {
    await given.page.getByText(given.app.dataFolder, { exact: true }).waitFor();
    await given.page.getByText(join(given.app.dataFolder, 'logs', 'rackside.log'), { exact: true }).waitFor();
    await given.page.getByText(/Kept for this session only, never on disk\. Rackside runs in a browser here/).waitFor();
  });

  test.skipIf(findSshd() === undefined)('a trusted host key is listed, and forgotten after it was asked', async () => {
    const sshd = await startSshd();
    onTestFinished(() => sshd.close());
    const host = `[127.0.0.1]:${String(sshd.port)}`;
    await given.page.goto(`${given.page.url().split('#')[0] ?? ''}#/nodes`);
    await given.page.getByRole('button', { name: 'Connect to a region' }).click();
    await field('Name').fill('Test');
    await field('Control node 1').fill(`127.0.0.1:${String(sshd.port)}`);
    await given.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await given.page.getByRole('button', { name: 'Trust this key' }).click();
    await given.page.getByText('Given. Trying again').waitFor();
    await given.page.getByRole('button', { name: 'Open the table' }).click();
    await given.page.getByRole('link', { name: 'Settings' }).click();
    await given.page.getByRole('rowheader', { name: host }).waitFor();
    await given.page.getByRole('button', { name: `Forget the keys of ${host}…` }).click();
    expect(
      await given.page.getByRole('button', { name: 'Cancel' }).evaluate((cancel) => cancel === document.activeElement),
    ).toBe(true);
    await given.page.getByRole('button', { name: 'Forget', exact: true }).click();
    await given.page.getByText('None yet. They are shown to you').waitFor();
  });
});

describePages('notices', ({ show }) => {
  test('a notice stands above every page until it is dismissed', async () => {
    const now = Date.now();
    const page = await show({ ...live(now), info: { ...info, notices: [notice(now)] } });
    const words = page.getByText(notice(now).message);
    await words.waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => words.count()).toBe(0);
    expect(await callsOf(page, 'app.dismissNotice')).toEqual([{ id: 'journal-lost' }]);
  });
});
