import { expect, test } from 'vitest';
import { ended, failed, moveProblem, running, smooth, unattended } from './helpers/operations.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { announce, figures, onRegion, shownBy } from './helpers/operation-pages.ts';

describePages('what a person may do to an operation', ({ show }) => {
  const showOperation = shownBy(show);

  test('R6: Cancel asks first, names what happens to VMs, and is sent once', async () => {
    const now = Date.now();
    const page = await showOperation(running(now), {
      answers: {
        'operations.cancel': running(now, { updatedAt: now + 1000, state: { kind: 'cancelling', since: now } }),
      },
    });
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel operation' });
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
      'kafka-broker-5 and metrics-tsdb-2 stop moving within 15 s and run on where they are, without a restart.',
      'The 5 VMs that moved stay where they are.',
      'fra2-r04-n06 goes back to Active, or says why it could not; nothing enters again by itself.',
    ]);
    await dialog.getByRole('button', { name: 'Cancel and return to Active' }).dblclick();
    await page.getByText('It is being cancelled').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await callsOf(page, 'operations.cancel')).toEqual([onRegion]);
  });

  test('by keyboard alone: the focus opens on what changes nothing, Escape closes and nothing is cancelled', async () => {
    const page = await showOperation(running(Date.now()));
    await page.getByRole('button', { name: 'Cancel…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Let it run');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel…');
    expect(await callsOf(page, 'operations.cancel')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await callsOf(page, 'operations.cancel')).length).toBe(1);
  });

  test('a refusal of the core stays in the dialog, with its words', async () => {
    const page = await showOperation(running(Date.now()), {
      problems: {
        'operations.cancel': {
          code: 'lease-lost',
          message: 'fra2-r04-n06: the lock was taken over by j.meier on osprey-lt.',
          advice: 'Look at what is recorded now.',
        },
      },
    });
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel and return to Active' }).click();
    await page.getByRole('dialog').getByText('the lock was taken over').waitFor();
  });

  test('a dialog whose operation ended meanwhile has nothing to send any more', async () => {
    const now = Date.now();
    const page = await showOperation(running(now));
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await announce(page, ended(now, { updatedAt: now + 1000 }));
    const verb = page.getByRole('button', { name: 'Cancel and return to Active' });
    await expect.poll(() => verb.getAttribute('aria-disabled')).toBe('true');
    await verb.click({ force: true });
    expect(await callsOf(page, 'operations.cancel')).toEqual([]);
  });

  test('an action that is refused stays in its place, and says why on focus', async () => {
    const page = await showOperation(running(Date.now()));
    const handOver = page.getByRole('button', { name: 'Hand over' });
    expect(await handOver.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: 'Cancel…' }).focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('#rk-tip').textContent()).toContain('once they have arrived');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'operations.handOver')).toEqual([]);
  });

  test('R2: a failure says what happened, what to do, and its output is one click away', async () => {
    const now = Date.now();
    const page = await showOperation(failed(now), { answers: { 'operations.continue': smooth(now + 1000) } });
    await page.locator('.rk-need').getByText(moveProblem.message).waitFor();
    expect(await page.getByText('unsupported machine type').count()).toBe(0);
    await page.getByRole('button', { name: 'Show output' }).click();
    await page.getByText('unsupported machine type').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(async () => (await figures(page))[0]).toBe('Operation: Running');
    expect(await callsOf(page, 'operations.continue')).toEqual([onRegion]);
  });

  test('Continue that is refused says so on the page', async () => {
    const page = await showOperation(unattended(Date.now()), {
      problems: {
        'operations.continue': {
          code: 'node-locked',
          message: 'fra2-r04-n06 is locked by j.meier on osprey-lt since 13:50.',
          advice: 'Ask them to hand it over, or wait for the end of their lock.',
        },
      },
    });
    await page.getByText('Nobody drives it since').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('is locked by j.meier').waitFor();
  });

  test('Roll back asks first, and says what stays as it is', async () => {
    const now = Date.now();
    const page = await showOperation(failed(now), {
      answers: {
        'operations.rollBack': ended(now, {
          updatedAt: now + 1000,
          state: { kind: 'ended', at: now, outcome: 'rolled-back', left: [] },
        }),
      },
    });
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back operation' });
    await dialog.getByText('The 5 VMs that moved stay where they are.').waitFor();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.locator('.rk-need').getByText('Maintenance on fra2-r04-n06 was rolled back.').waitFor();
    expect(await callsOf(page, 'operations.rollBack')).toEqual([onRegion]);
  });
});
