import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from './helpers/bridge.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import {
  asking,
  changedKey,
  conversation,
  differingKey,
  fingerprint,
  keychain,
  passphraseAsked,
  sudoPasswordAsked,
  passwordAsked,
  unknownKey,
} from './helpers/questions.ts';
import { frankfurt, liveView, zurich } from './helpers/region.ts';
import { live } from './helpers/scenarios.ts';

/** What one SSH server on loopback cannot make: many nodes at once, a keychain, a conversation, a node seen from inside. */
describePages('what a region asks', ({ show }) => {
  async function showQuestions(scenario: Scenario): Promise<Page> {
    const page = await show(scenario);
    await page.getByRole('button', { name: /question/ }).click();
    await page.getByRole('dialog').waitFor();
    return page;
  }
  const keyOf = (number: number) => ({
    host: `10.42.1.${String(number)}`,
    keyBase64: `AAAAC3NzaC1lZDI1NTE5AAAAI${String(number).padStart(4, '0')}`,
  });
  const four = () => [
    unknownKey('n5', 5, true),
    unknownKey('n6', 6, true),
    unknownKey('n7', 7, false),
    unknownKey('n8', 8, true),
  ];

  test('nothing opens by itself: a region’s questions wait in the top bar', async () => {
    const page = await show(asking(Date.now(), [unknownKey('n5', 5, true), passwordAsked('n6')]));
    await page.getByRole('button', { name: '2 questions' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('the keys of a region are one list, each with what the trusted control node sees, trusted all at once', async () => {
    const page = await showQuestions(asking(Date.now(), four()));
    const rows = page.locator('dialog tbody tr');
    expect(await rows.evaluateAll((all) => all.map((row) => row.lastElementChild?.textContent.trim()))).toEqual([
      'fra2-ctl-1 sees the same',
      'fra2-ctl-1 sees the same',
      'not asked',
      'fra2-ctl-1 sees the same',
    ]);
    expect(await rows.first().textContent()).toContain(fingerprint(5));
    expect(await page.getByRole('dialog').textContent()).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    await page.getByRole('button', { name: 'Trust all 4 keys' }).click();
    await page.getByText('Given. Trying again').waitFor();
    expect(await callsOf(page, 'knownHosts.trust')).toEqual([{ regionId: 'fra2', keys: [5, 6, 7, 8].map(keyOf) }]);
    expect(await callsOf(page, 'regions.retry')).toEqual([{ regionId: 'fra2' }]);
  });

  test('only the ticked keys are trusted where a person ticks some', async () => {
    const page = await showQuestions(asking(Date.now(), four()));
    const some = page.getByRole('button', { name: /ticked/ });
    await some.click({ force: true });
    expect(await callsOf(page, 'knownHosts.trust')).toEqual([]);
    await page.getByRole('checkbox', { name: 'Select 10.42.1.6' }).check();
    await page.getByRole('checkbox', { name: 'Select 10.42.1.8' }).check();
    await page.getByRole('button', { name: 'Trust 2 ticked keys' }).click();
    await page.getByText('Given. Trying again').waitFor();
    expect(await callsOf(page, 'knownHosts.trust')).toEqual([{ regionId: 'fra2', keys: [6, 8].map(keyOf) }]);
  });

  test('a question goes away when the region says so; where it was the last, the focus goes to Close', async () => {
    const page = await showQuestions(asking(Date.now(), [unknownKey('n5', 5, true)]));
    await page.getByRole('button', { name: 'Trust this key' }).click();
    await page.evaluate(
      (view) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [], removed: [] });
      },
      liveView(frankfurt, Date.now()),
    );
    await page.getByText('Nothing is asked any more.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Close');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('R24: a changed key shows old beside new and where the old stands; a node seen differently from inside is refused', async () => {
    const page = await showQuestions(
      asking(Date.now(), [changedKey('n5', 5, ['Rackside', '/home/tech/.ssh/known_hosts:12']), differingKey('n6', 6)]),
    );
    const tables = page.locator('dialog table');
    const lines = (index: number) =>
      tables
        .nth(index)
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => row.textContent.trim()));
    expect(await lines(0)).toEqual([
      `Knownssh-ed25519${fingerprint(30)}Rackside’s own keys`,
      `Knownssh-ed25519${fingerprint(31)}/home/tech/.ssh/known_hosts:12`,
      `Shown nowssh-ed25519${fingerprint(5)}by 10.42.1.5`,
    ]);
    expect(await lines(1)).toEqual([
      `Shown nowssh-ed25519${fingerprint(6)}by 10.42.1.6`,
      `Seen from insidessh-ed25519${fingerprint(20)}by fra2-ctl-1`,
    ]);
    expect(await page.getByRole('button', { name: /trust/i }).count()).toBe(0);
    await page.getByText("ssh-keygen -R '10.42.1.5' -f '/home/tech/.ssh/known_hosts'").waitFor();
    const forget = page.getByRole('button', { name: 'Forget the old key' });
    await page.getByRole('textbox', { name: /To forget/ }).fill('10.42.1.55');
    await forget.click({ force: true });
    expect(await callsOf(page, 'knownHosts.forget')).toEqual([]);
    await page.getByRole('textbox', { name: /To forget/ }).fill('10.42.1.5');
    await forget.click();
    await expect.poll(() => callsOf(page, 'knownHosts.forget')).toEqual([{ regionId: 'fra2', host: '10.42.1.5' }]);
  });

  test('a passphrase goes with its key file, a password with its scope; both are remembered only where that is ticked', async () => {
    const scenario = asking(Date.now(), [passphraseAsked, passwordAsked('n6', { scope: 'fra2/node/n6' })], {
      info: keychain,
    });
    const page = await showQuestions(scenario);
    const passphrase = page.getByRole('textbox', { name: 'Passphrase of /home/tech/.ssh/id_ed25519' });
    expect(await passphrase.evaluate((input) => input === document.activeElement)).toBe(true);
    await passphrase.fill('one');
    await page
      .getByRole('checkbox', { name: /Remember/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'Log in' }).first().click();
    await page.getByRole('textbox', { name: 'Password of rackadm' }).fill('two');
    await page.getByRole('button', { name: 'Log in' }).nth(1).click();
    await expect
      .poll(() => callsOf(page, 'secrets.supply'))
      .toEqual([
        {
          scope: 'fra2',
          kind: 'passphrase',
          user: 'rackadm',
          host: '10.42.0.11',
          keyFile: '/home/tech/.ssh/id_ed25519',
          value: 'one',
          remember: true,
        },
        { scope: 'fra2/node/n6', kind: 'password', user: 'rackadm', host: '10.42.1.6', value: 'two', remember: false },
      ]);
    expect(await passphrase.inputValue()).toBe('');
  });

  for (const { asked, name } of [
    { asked: passwordAsked('n6'), name: 'Password of rackadm' },
    { asked: passphraseAsked, name: 'Passphrase of /home/tech/.ssh/id_ed25519' },
    { asked: sudoPasswordAsked('n6'), name: 'Password of rackadm for sudo' },
  ]) {
    test(`Enter sends what was typed: ${name}; an empty field sends nothing`, async () => {
      const page = await showQuestions(asking(Date.now(), [asked]));
      const field = page.getByRole('textbox', { name, exact: true });
      await field.press('Enter');
      expect(await callsOf(page, 'secrets.supply')).toEqual([]);
      await field.fill('typed');
      await field.press('Enter');
      await expect
        .poll(() => callsOf(page, 'secrets.supply'))
        .toEqual([expect.objectContaining({ value: 'typed', remember: false })]);
      await expect.poll(() => callsOf(page, 'regions.retry')).toEqual([{ regionId: 'fra2' }]);
    });
  }

  test('R25: without a keychain nothing offers to remember, and the reason is said', async () => {
    const page = await showQuestions(asking(Date.now(), [passwordAsked('n6')]));
    await page.getByText('Secrets are kept for this session only: this machine has no keychain.').waitFor();
    expect(await page.getByRole('checkbox', { name: /Remember/ }).count()).toBe(0);
  });

  test('a secret that was not taken stays typed, with the reason beside it', async () => {
    const problem = {
      code: 'keychain-unavailable',
      message: 'The secret cannot be remembered: the keychain is locked.',
      advice: 'Use it for this session only.',
    } as const;
    const page = await showQuestions(
      asking(Date.now(), [passwordAsked('n6')], { info: keychain, problems: { 'secrets.supply': problem } }),
    );
    const password = page.getByRole('textbox', { name: 'Password of rackadm' });
    await password.fill('typed');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText(problem.message).waitFor();
    expect(await password.inputValue()).toBe('typed');
    expect(await callsOf(page, 'regions.retry')).toEqual([]);
  });

  test('a typed secret is asked about before the form takes its place', async () => {
    const page = await showQuestions(asking(Date.now(), [passwordAsked('n6')]));
    const password = page.getByRole('textbox', { name: 'Password of rackadm' });
    await password.fill('typed');
    await page.getByRole('button', { name: 'Edit region…' }).click();
    await page.getByRole('button', { name: 'Keep typing' }).click();
    expect(await password.inputValue()).toBe('typed');
    await page.getByRole('button', { name: 'Edit region…' }).click();
    await page.getByRole('button', { name: 'Close without it' }).click();
    await page.getByRole('dialog', { name: 'Edit region' }).waitFor();
  });

  test('a conversation is answered in its own words before its time is over', async () => {
    const page = await showQuestions(asking(Date.now(), [conversation(Date.now() + 48_000)]));
    await page.getByText('Two wrong ones lock the account.').waitFor();
    expect(await page.getByRole('timer').textContent()).toMatch(/^The machine waits [34]\d s more\.$/);
    const [token, pin] = [
      page.getByRole('textbox', { name: 'Token number:' }),
      page.getByRole('textbox', { name: 'PIN:' }),
    ];
    expect([await token.getAttribute('type'), await pin.getAttribute('type')]).toEqual(['text', 'password']);
    await token.fill('123456');
    await token.press('Enter');
    expect(await callsOf(page, 'secrets.answer')).toEqual([]);
    await pin.fill('0000');
    await pin.press('Enter');
    await expect
      .poll(() => callsOf(page, 'secrets.answer'))
      .toEqual([{ conversationId: 'talk-1', answers: ['123456', '0000'] }]);
  });

  test('a conversation whose time is over says so, and asks again when told to', async () => {
    const page = await showQuestions(asking(Date.now(), [conversation(Date.now() + 2000)]));
    await page.getByText('The machine does not wait any more.').waitFor();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(() => callsOf(page, 'regions.retry')).toEqual([{ regionId: 'fra2' }]);
    expect(await callsOf(page, 'secrets.answer')).toEqual([]);
  });

  test('editing gives a new secret before the region is connected anew, and keeps what is not typed', async () => {
    const page = await show({ ...live(Date.now()), answers: { 'regions.update': frankfurt } }, { hash: '#/regions' });
    await page.getByRole('button', { name: 'Edit Frankfurt 2…' }).click();
    await page.getByRole('textbox', { name: 'Password for sudo' }).fill('root please');
    await page.getByRole('button', { name: 'Save and connect' }).click();
    await page.getByRole('button', { name: 'Open the table' }).waitFor();
    const names = await page.evaluate(() => window.testBridge.calls.map(({ name }) => name));
    expect(names.indexOf('secrets.supply')).toBeLessThan(names.indexOf('regions.update'));
    const { id: _id, demoLabel: _demoLabel, ...unchanged } = frankfurt;
    expect(await callsOf(page, 'regions.update')).toEqual([{ regionId: 'fra2', region: unchanged }]);
  });

  test('another region is opened from the list, and it is the one that is shown from then on', async () => {
    const page = await show(live(Date.now()), { hash: '#/regions' });
    await page.getByRole('button', { name: 'Open Zürich 1' }).click();
    await page.getByRole('heading', { name: 'Nodes' }).waitFor();
    await expect.poll(() => callsOf(page, 'regions.open')).toEqual([{ regionId: 'fra2' }, { regionId: zurich.id }]);
    await page.reload();
    await expect.poll(() => callsOf(page, 'regions.open')).toEqual([{ regionId: zurich.id }]);
  });
});
