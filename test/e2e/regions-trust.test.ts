import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findSshd, makeKey, startSshd } from '../helpers/sshd.ts';
import { makeTestUser, whyNoTestUser } from '../helpers/test-user.ts';
import { byKey, connecting, daemon } from './helpers/connecting.ts';
import { describeProduct } from './helpers/product-pages.ts';

/** Real SSH servers on loopback that are known, unknown, exchanged or refuse: nothing is trusted or sent before a person said so. */
describeProduct(
  'being let in: host keys, keys and passwords, in a real browser, over real SSH',
  (given) => {
    const { field, button, said, fillForm, connect } = connecting(given);

    test('an unknown host key is shown with the fingerprint that ssh-keygen shows, and nothing was sent before it was trusted', async () => {
      const { page } = given;
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

    test('a key that the machine does not know is refused, with what was tried and what it offers', async () => {
      const { app } = given;
      const sshd = await daemon();
      await connect({ ...byKey(sshd), keyFile: makeKey(app.home, 'stranger') });
      await button('Trust this key').click();
      await said(/does not let .* in\. Tried: private key .*stranger\. The server offers: publickey/).waitFor();
      await said('Nothing is tried again by itself.').waitFor();
    });

    test('R24: a changed key in the user’s known_hosts is refused, old beside new, and there is no button to trust it', async () => {
      const { app, page } = given;
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
      const { page } = given;
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
        execFileSync('ssh-keygen', ['-lf', join(second.folder, 'host_ed25519.pub')], { encoding: 'utf8' }).split(
          ' ',
        )[1],
      );
    });

    test('a jump host’s key is asked for first, then the node’s behind it', async () => {
      const { page } = given;
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

    describe.skipIf(whyNoTestUser() !== undefined)('with a password', () => {
      test('a wrong one is asked for again, the right one is let in, and neither is on disk', async () => {
        const { app } = given;
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
  },
  { needs: findSshd() !== undefined },
);
