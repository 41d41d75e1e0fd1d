import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSshd, freePort, makeKey } from '../helpers/sshd.ts';
import { byKey, connecting, daemon } from './helpers/connecting.ts';
import { describeProduct } from './helpers/product-pages.ts';

/** The built program, a real browser, and real SSH servers on loopback: what a person sees of each of their answers. */
describeProduct(
  'connecting to a region, in a real browser, over real SSH',
  (given) => {
    const { field, button, said, fillForm, connect } = connecting(given);

    test('what is missing is said at its field, the first of them has the focus, and nothing typed is lost', async () => {
      const { page } = given;
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
      const { page } = given;
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
      const { app, page } = given;
      const port = await freePort();
      const keyFile = makeKey(app.home, 'nobody');
      await connect({ address: `127.0.0.1:${String(port)}`, keyFile });
      await said(/refused the connection to port/).waitFor();
      await daemon({ port });
      await page.getByRole('dialog').getByRole('button', { name: 'Try now' }).click();
      await button('Trust this key').waitFor();
    });

    test('a machine without cluster software is said as that, and the region stays in the list', async () => {
      const { page } = given;
      const sshd = await daemon();
      await connect(byKey(sshd));
      await button('Trust this key').click();
      await said(/crm_mon/).waitFor();
      await button('Open the table').click();
      await page.getByText('Nothing of Test was ever read').waitFor();
      await page.getByRole('link', { name: 'Regions' }).click();
      await page.getByRole('cell', { name: /Never read/ }).waitFor();
    });

    test('~/.ssh/config fills in the form, and says from where', async () => {
      const { app } = given;
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
      const { app, page } = given;
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
      const { page } = given;
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
      await keyboard.press('2');
      await keyboard.type('Test');
      await tabTo('Control node 1');
      await keyboard.type(`127.0.0.1:${String(sshd.port)}`);
      await tabTo('Private key file');
      await keyboard.press('Space');
      await tabTo('Key file 1');
      await keyboard.type(sshd.keyFile);
      await tabTo('SSH agent');
      await keyboard.press('Space');
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
      await given.reopen();
      await given.page.getByRole('button', { name: 'Test', exact: false }).first().click();
      await given.page.getByRole('menuitem', { name: 'Add region…' }).click();
      await field('Name').fill('test');
      await field('Control node 1').fill('127.0.0.1');
      await button('Connect').click();
      await said(/There is already a region called test/).waitFor();
      await given.page.keyboard.press('Escape');
      // The question of the first region is not lost: it is found again in the top bar.
      await button('1 question').click();
      await button('Trust this key').waitFor();
    });
  },
  { needs: findSshd() !== undefined },
);
