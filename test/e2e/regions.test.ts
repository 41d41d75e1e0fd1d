import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath, launchChromium } from '../helpers/shells/chromium.ts';
import { findSshd, freePort, makeKey, startSshd } from '../helpers/sshd.ts';
import type { Sshd, SshdOptions } from '../helpers/sshd.ts';
import { makeTestUser, whyNoTestUser } from '../helpers/test-user.ts';
import { startProduct } from './helpers/product.ts';
import type { Product, ProductPage } from './helpers/product.ts';

const canRun = chromiumPath !== undefined && findSshd() !== undefined;

/** The built program, a real browser, and real SSH servers on loopback: what a person sees of each of their answers. */
describe.skipIf(!canRun)('connecting to a region, in a real browser, over real SSH', () => {
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
  beforeEach(async () => {
    app = await startProduct();
    opened = await app.open(browser);
    ({ page } = opened);
  });
  afterEach(async () => {
    const { errors } = opened;
    await opened.close();
    await app.close();
    expect(errors).toEqual([]);
  });

  async function daemon(options: SshdOptions = {}): Promise<Sshd> {
    const sshd = await startSshd(options);
    onTestFinished(() => sshd.close());
    return sshd;
  }
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const said = (words: string | RegExp) => page.getByRole('dialog').getByText(words).first();

  async function fillForm(form: {
    address: string;
    user?: string;
    keyFile?: string;
    password?: string;
  }): Promise<void> {
    await button('Connect to a region').click();
    await field('Name').fill('Test');
    await field('Control node 1').fill(form.address);
    if (form.user !== undefined) await field('User').fill(form.user);
    await page.getByRole('checkbox', { name: 'SSH agent' }).uncheck();
    if (form.keyFile !== undefined) {
      await page.getByRole('checkbox', { name: 'Private key file' }).check();
      await field('Key file 1').fill(form.keyFile);
    }
    if (form.password !== undefined) {
      await page.getByRole('checkbox', { name: 'Password' }).check();
      await field('Password').fill(form.password);
    }
  }
  async function connect(form: Parameters<typeof fillForm>[0]): Promise<void> {
    await fillForm(form);
    await button('Connect').click();
  }
  const byKey = (sshd: Sshd) => ({
    address: `127.0.0.1:${String(sshd.port)}`,
    user: sshd.user,
    keyFile: sshd.keyFile,
  });

  test('what is missing is said at its field, the first of them has the focus, and nothing typed is lost', async () => {
    await button('Connect to a region').click();
    await field('Control node 1').fill('10.0.0.1:99999');
    await button('Connect').click();
    await said('Give the region a name.').waitFor();
    await said('A port is 1 to 65535.').waitFor();
    expect(await field('Name').evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await field('Control node 1').inputValue()).toBe('10.0.0.1:99999');
    await field('Name').fill('T');
    expect(await said('Give the region a name.').count()).toBe(0);
    await page.keyboard.press('Escape');
    await button('Connect to a region').click();
    expect([await field('Name').inputValue(), await field('Control node 1').inputValue()]).toEqual([
      'T',
      '10.0.0.1:99999',
    ]);
  });

  test('Escape over a typed secret asks first, and keeps all but the secret', async () => {
    await fillForm({ address: '10.0.0.1', password: 'a secret' });
    await page.keyboard.press('Escape');
    await said('is not kept when this closes').waitFor();
    await button('Keep typing').click();
    expect(await field('Password').inputValue()).toBe('a secret');
    await page.keyboard.press('Escape');
    await button('Close without it').click();
    await button('Connect to a region').click();
    expect([await field('Control node 1').inputValue(), await field('Password').inputValue()]).toEqual([
      '10.0.0.1',
      '',
    ]);
  });

  test('Enter in a field sends nothing', async () => {
    await fillForm({ address: '10.0.0.1' });
    await field('Control node 1').press('Enter');
    await field('Name').press('Enter');
    expect(await button('Connect').count()).toBe(1);
  });

  test('a name without an address is said as that, and the way back to the form has everything still in it', async () => {
    await connect({ address: 'no-such-host.invalid', user: 'tech', password: 'x' });
    await said(/The name no-such-host\.invalid has no address/).waitFor();
    await said('Check the spelling').waitFor();
    await button('Edit region…').click();
    expect([await field('Control node 1').inputValue(), await field('User').inputValue()]).toEqual([
      'no-such-host.invalid',
      'tech',
    ]);
  });

  test('a refused port is said as that, and found again by trying', async () => {
    const port = await freePort();
    const keyFile = makeKey(app.home, 'nobody');
    await connect({ address: `127.0.0.1:${String(port)}`, keyFile });
    await said(/refused the connection to port/).waitFor();
    await daemon({ port });
    await page.getByRole('dialog').getByRole('button', { name: 'Try now' }).click();
    await button('Trust this key').waitFor();
  });

  test('an unknown host key is shown with the fingerprint that ssh-keygen shows, and nothing was sent before it was trusted', async () => {
    const sshd = await daemon();
    await connect(byKey(sshd));
    await button('Trust this key').waitFor();
    const file = join(sshd.folder, 'host_ed25519.pub');
    const shown = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
    expect(await page.getByRole('dialog').textContent()).toContain(shown);
    expect(sshd.log()).not.toMatch(/Accepted|Failed|Postponed/u);
    await button('Trust this key').click();
    await said(/crm_mon/).waitFor();
    expect(sshd.log()).toContain('Accepted publickey');
  });

  test('a machine without cluster software is said as that, and the region stays in the list', async () => {
    const sshd = await daemon();
    await connect(byKey(sshd));
    await button('Trust this key').click();
    await said(/crm_mon/).waitFor();
    await button('Open the table').click();
    await page.getByText('Nothing of Test was ever read').waitFor();
    await page.getByRole('link', { name: 'Regions' }).click();
    await page.getByRole('cell', { name: /Never read/ }).waitFor();
  });

  test('a key that the machine does not know is refused, with what was tried and what it offers', async () => {
    const sshd = await daemon();
    await connect({ ...byKey(sshd), keyFile: makeKey(app.home, 'stranger') });
    await button('Trust this key').click();
    await said(/does not let .* in\. Tried: private key .*stranger\. The server offers: publickey/).waitFor();
    await said('Nothing is tried again by itself.').waitFor();
  });

  test('R24: a changed key in the user’s known_hosts is refused, old beside new, and there is no button to trust it', async () => {
    const sshd = await daemon();
    const other = makeKey(app.home, 'other-host');
    const [, otherKey = ''] = readFileSync(`${other}.pub`, 'utf8').split(' ');
    const file = app.writeSsh('known_hosts', `[127.0.0.1]:${String(sshd.port)} ssh-ed25519 ${otherKey}\n`);
    await connect(byKey(sshd));
    await said(/showed another ssh-ed25519 key than the one known for it/).waitFor();
    const words = (await page.getByRole('dialog').textContent()) ?? '';
    for (const pub of [`${other}.pub`, join(sshd.folder, 'host_ed25519.pub')]) {
      expect(words).toContain(execFileSync('ssh-keygen', ['-lf', pub], { encoding: 'utf8' }).split(' ')[1]);
    }
    const command = `ssh-keygen -R '[127.0.0.1]:${String(sshd.port)}' -f '${file}'`;
    expect(words).toContain(command);
    expect(await page.getByRole('button', { name: /trust/i }).count()).toBe(0);
    execFileSync('sh', ['-c', command], { stdio: 'ignore' });
    await button('Try again').click();
    await button('Trust this key').waitFor();
  });

  test('R24: our own old key is forgotten only by the host’s typed name; the new one is then asked for like any other', async () => {
    const first = await startSshd();
    const { port } = first;
    await connect(byKey(first));
    await button('Trust this key').click();
    await said(/crm_mon/).waitFor();
    await first.close();
    const second = await daemon({ port });
    await page.getByRole('dialog').getByRole('button', { name: 'Try now' }).click();
    await said(/showed another ssh-ed25519 key/).waitFor({ timeout: 30_000 });
    const forget = button('Forget the old key');
    expect(await forget.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('textbox', { name: /To forget/ }).fill(`[127.0.0.1]:${String(port)}`);
    await forget.click();
    await button('Trust this key').waitFor();
    expect(await page.getByRole('dialog').textContent()).toContain(
      execFileSync('ssh-keygen', ['-lf', join(second.folder, 'host_ed25519.pub')], { encoding: 'utf8' }).split(' ')[1],
    );
  });

  test('a jump host’s key is asked for first, then the node’s behind it', async () => {
    const [jump, node] = [await daemon(), await daemon()];
    await fillForm(byKey(node));
    await button('Add a jump host').click();
    const hop = page.getByRole('group', { name: 'Jump host 1' });
    await hop.getByRole('textbox', { name: 'Address' }).fill(`127.0.0.1:${String(jump.port)}`);
    await hop.getByRole('textbox', { name: 'User' }).fill(jump.user);
    await hop.getByRole('checkbox', { name: 'Private key file' }).check();
    await hop.getByRole('textbox', { name: 'Key file 1' }).fill(jump.keyFile);
    await button('Connect').click();
    await page.getByRole('cell', { name: `[127.0.0.1]:${String(jump.port)}`, exact: true }).waitFor();
    await button('Trust this key').click();
    await page.getByRole('cell', { name: `[127.0.0.1]:${String(node.port)}`, exact: true }).waitFor();
    await page.waitForTimeout(2500);
    expect(await said(/still asked/).count()).toBe(0);
    await button('Trust this key').click();
    await said(/crm_mon/).waitFor();
  });

  test('~/.ssh/config fills in the form, and says from where', async () => {
    const sshd = await daemon();
    app.writeSsh(
      'config',
      `Host rack\n  HostName 127.0.0.1\n  Port ${String(sshd.port)}\n  IdentityFile ${sshd.keyFile}\n`,
    );
    await button('Connect to a region').click();
    await field('Import from ~/.ssh/config').fill('rack');
    await button('Import').click();
    await said(/Filled in from .*config:2/).waitFor();
    expect([
      await field('Name').inputValue(),
      await field('Control node 1').inputValue(),
      await field('Key file 1').inputValue(),
    ]).toEqual(['rack', `127.0.0.1:${String(sshd.port)}`, sshd.keyFile]);
    await button('Connect').click();
    await button('Trust this key').waitFor();
  });

  test('a region is removed from this laptop only, and the dialog says so', async () => {
    const sshd = await daemon();
    await connect(byKey(sshd));
    await button('Trust this key').waitFor();
    await button('Open the table').click();
    await page.getByRole('link', { name: 'Regions' }).click();
    await button('Remove Test…').click();
    await said('The cluster is not touched.').waitFor();
    expect(await button('Cancel').evaluate((cancel) => cancel === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await button('Remove Test…').click();
    await button('Remove').click();
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    expect(readdirSync(join(app.dataFolder, 'regions'))).toEqual([]);
  });

  test('everything by keyboard alone, from the first page to the table', async () => {
    const sshd = await daemon();
    const { keyboard } = page;
    const tabTo = async (name: string): Promise<void> => {
      for (let press = 0; press < 60; press += 1) {
        const has = await page.evaluate(() => {
          const element = document.activeElement;
          const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
          return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? '';
        });
        if (has.trim() === name) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab never reached ${name}`);
    };
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    await keyboard.press('1');
    await keyboard.type('Test');
    await tabTo('Control node 1');
    await keyboard.type(`127.0.0.1:${String(sshd.port)}`);
    await tabTo('SSH agent');
    await keyboard.press('Space');
    await tabTo('Private key file');
    await keyboard.press('Space');
    await tabTo('Key file 1');
    await keyboard.type(sshd.keyFile);
    await tabTo('Connect');
    await keyboard.press('Enter');
    await button('Trust this key').waitFor();
    await tabTo('Trust this key');
    await keyboard.press('Enter');
    await said(/crm_mon/).waitFor();
    await tabTo('Open the table');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nodes' }).waitFor();
    await keyboard.press('g');
    await keyboard.press('r');
    await page.getByRole('heading', { name: 'Regions' }).waitFor();
    await tabTo('Remove Test…');
    await keyboard.press('Enter');
    await tabTo('Remove');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
  });

  test('a region that was added is opened again by the next page, and the switcher adds another', async () => {
    const sshd = await daemon();
    await connect(byKey(sshd));
    await button('Trust this key').waitFor();
    await opened.close();
    opened = await app.open(browser);
    ({ page } = opened);
    await page.getByRole('button', { name: 'Test', exact: false }).first().click();
    await page.getByRole('menuitem', { name: 'Add region…' }).click();
    await field('Name').fill('test');
    await field('Control node 1').fill('127.0.0.1');
    await button('Connect').click();
    await said(/There is already a region called test/).waitFor();
    await page.keyboard.press('Escape');
    // The question of the first region is not lost: it is found again in the top bar.
    await button('1 question').click();
    await button('Trust this key').waitFor();
  });

  describe.skipIf(whyNoTestUser() !== undefined)('with a password', () => {
    test('a wrong one is asked for again, the right one is let in, and neither is on disk', async () => {
      const user = makeTestUser();
      onTestFinished(() => user.remove());
      const sshd = await daemon({ config: ['UsePAM yes', 'PasswordAuthentication yes'] });
      const wrong = 'wrong-secret-4711';
      await connect({ address: `127.0.0.1:${String(sshd.port)}`, user: user.name, password: wrong });
      await button('Trust this key').click();
      await said(/Check the user name and the password/).waitFor({ timeout: 20_000 });
      const password = field(`Password of ${user.name}`);
      await password.fill('wrong again');
      await button('Log in').click();
      await said(/and it is still asked/).waitFor({ timeout: 20_000 });
      await password.fill(user.password);
      await button('Log in').click();
      await said(/crm_mon/).waitFor({ timeout: 20_000 });
      expect(sshd.log()).toContain(`Accepted password for ${user.name}`);
      for (const entry of readdirSync(app.dataFolder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = readFileSync(join(entry.parentPath, entry.name)).toString('latin1');
        for (const secret of [wrong, 'wrong again', user.password]) expect(bytes).not.toContain(secret);
      }
    });
  });
});
