import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { armed, armedUnreachable } from './helpers/force.ts';
import { blocked, blockedNode, started } from './helpers/maintenance.ts';
import {
  forceAnswers,
  isUnavailable,
  liveWith,
  noteOf,
  openByPointer,
  openForce,
  tabTo,
} from './helpers/maintenance-pages.ts';
import type { Scenario } from './helpers/bridge.ts';
import { anOperationId } from './helpers/operation-id.ts';
import { callsOf, describePages } from './helpers/pages.ts';

const verb = 'Force maintenance';
const typeName = 'Type the node’s name to confirm';

const forcing = (now: number, force: unknown, more: Partial<Scenario> = {}): Scenario =>
  liveWith(
    now,
    { ...forceAnswers(blocked(now), force), 'force.start': started('force-maintenance', blockedNode, now) },
    more,
  );

/** Everything a person does by hand. */
async function doAll(page: Page): Promise<void> {
  for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.check();
  await page.getByLabel('Reason').fill('Replace DIMM B3');
  await page.getByLabel(typeName).fill(blockedNode);
}

const secondsLeft = async (page: Page): Promise<number> =>
  Number(await page.getByRole('timer').locator('b').textContent());

/** The last resort. The core has the timer; here nothing may make it look shorter, and nothing may be pressed before. */
describePages('forcing a node into maintenance', ({ showTable }) => {
  test('R10: the warning stands word for word, and exactly what is overridden, each stop with its own tick', async () => {
    const page = await showTable(forcing(Date.now(), armed(30_000)));
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    expect(await dialog.locator('.rk-alert').textContent()).toBe(
      'Severe warningForcing a node into maintenance mode prevents the system from completing some housekeeping actions and may result in full system failure and data loss.',
    );
    expect(await dialog.locator('.rk-ovr__one').allTextContents()).toEqual([
      'Stop render-gpu-04GPU passthrough: it cannot move. Its memory state is lost; GPU 0000:3b:00.0 is released.',
      'Stop license-server, start it elsewhereIts restart was not ticked in the plan. About 40 s without service.',
      'Moves that are stuck are not waited forAfter 120 s a VM that is still moving is stopped here and started on its target.',
      'Never overridden by a tickA node that is unreachable and not fenced, or a degraded data pool. Neither applies now; each would need its own typed statement.',
    ]);
    const boxes = dialog.getByRole('checkbox');
    expect(await boxes.count()).toBe(2);
    expect(await boxes.evaluateAll((all) => all.some((box) => (box as HTMLInputElement).checked))).toBe(false);
    expect(await dialog.getByRole('button', { name: 'Cancel' }).evaluate((one) => one === document.activeElement)).toBe(
      true,
    );
  });

  test('R10: the verb waits for every tick, the name, the reason and the timer, and says which is missing', async () => {
    const page = await showTable(forcing(Date.now(), armed(4000)));
    const dialog = await openForce(page);
    const button = dialog.getByRole('button', { name: verb, exact: true });
    await dialog.getByRole('timer').waitFor();
    expect(await noteOf(dialog)).toContain('Missing: 2 ticks, the typed name and a reason.');
    await doAll(page);
    await dialog.getByRole('checkbox', { name: 'Stop render-gpu-04' }).uncheck();
    await expect.poll(() => secondsLeft(page), { timeout: 10_000 }).toBe(0);
    expect(await noteOf(dialog)).toBe('Missing: 1 tick.');
    await dialog.getByRole('checkbox', { name: 'Stop render-gpu-04' }).check();
    await dialog.getByLabel(typeName).fill('fra2-r01-n07');
    expect(await isUnavailable(button)).toBe(true);
    await dialog.getByLabel(typeName).fill(blockedNode);
    await dialog.getByLabel('Reason').fill('  ');
    expect(await isUnavailable(button)).toBe(true);
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    await dialog.getByLabel('Reason').press('Enter');
    expect(await callsOf(page, 'force.start')).toEqual([]);
    await button.click();
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'force.start')).toEqual([
      {
        regionId: 'fra2',
        nodeId: `member:${blockedNode}`,
        operationId: anOperationId,
        token: 'token-1',
        typedName: blockedNode,
        ticked: ['restart license-server', 'stop render-gpu-04'],
        statements: {},
        reason: 'Replace DIMM B3',
      },
    ]);
    expect(await callsOf(page, 'force.disarm')).toEqual([]);
  });

  test('while it is judged once more nothing is being deactivated yet, and nothing says so', async () => {
    const page = await showTable(forcing(Date.now(), armed(0), { silent: ['force.start'] }));
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await expect.poll(() => noteOf(dialog)).toBe('It is judged once more by a fresh read, then it begins…');
  });

  test('R10: neither keys, nor focus, nor another clock, nor pressing the verb shorten the timer', async () => {
    const page = await showTable(forcing(Date.now(), armed(30_000)), { height: 720 });
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    // What is typed stands beside the timer, below the list: neither hides the warning.
    expect(await dialog.locator('.rk-dlg__body').evaluate((body) => body.scrollTop)).toBe(0);
    const button = dialog.getByRole('button', { name: verb, exact: true });
    const before = await secondsLeft(page);
    const began = Date.now();
    await page.evaluate(() => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + 3_600_000;
      window.dispatchEvent(new Event('blur'));
      window.dispatchEvent(new Event('focus'));
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await button.click({ force: true });
    await button.evaluate((one: HTMLButtonElement) => {
      one.click();
    });
    await button.focus();
    for (const key of ['Enter', 'Space', 'End', 'PageDown', 'Control+Enter']) await page.keyboard.press(key);
    const passed = (Date.now() - began) / 1000;
    expect(await secondsLeft(page)).toBeGreaterThanOrEqual(before - passed - 1);
    expect(await secondsLeft(page)).toBeGreaterThan(0);
    expect(await isUnavailable(button)).toBe(true);
    expect(await noteOf(dialog)).toBe('The timer runs to the end. Use it to check the list above.');
    expect(await callsOf(page, 'force.start')).toEqual([]);
  });

  test('R10: closing disarms, opening again arms anew with the whole time, and so does a reload; ticks are made anew', async () => {
    const page = await showTable(forcing(Date.now(), armed(30_000)));
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    await expect.poll(() => secondsLeft(page), { timeout: 10_000 }).toBeLessThan(29);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => callsOf(page, 'force.disarm'), { timeout: 10_000 })
      .toEqual([{ regionId: 'fra2', nodeId: `member:${blockedNode}`, token: 'token-1' }]);
    await openForce(page);
    await dialog.getByRole('timer').waitFor();
    expect(await secondsLeft(page)).toBeGreaterThanOrEqual(29);
    expect(await callsOf(page, 'force.arm')).toHaveLength(2);
    expect(await dialog.getByRole('checkbox', { name: 'Stop render-gpu-04' }).isChecked()).toBe(false);
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Replace DIMM B3');
    // What confirms is said anew: the name, and what was stated of the world then.
    for (const field of await dialog.locator('.rk-typed input').all()) expect(await field.inputValue()).toBe('');
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await openForce(page);
    await dialog.getByRole('timer').waitFor();
    expect(await secondsLeft(page)).toBeGreaterThanOrEqual(29);
  });

  test('R10: where the core says that its timer still runs, the display begins again', async () => {
    const page = await showTable(
      forcing(Date.now(), armed(2000), {
        problems: {
          'force.start': {
            code: 'timer-running',
            message: 'The safety timer of fra2-r01-n06 still runs.',
            advice: 'Wait until it is done.',
          },
        },
      }),
    );
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    const button = dialog.getByRole('button', { name: verb, exact: true });
    await expect.poll(() => isUnavailable(button), { timeout: 10_000 }).toBe(false);
    await button.click();
    await dialog.getByText('The safety timer of fra2-r01-n06 still runs.').waitFor();
    expect(await isUnavailable(button)).toBe(true);
    expect(await callsOf(page, 'force.arm')).toHaveLength(1);
    await page.evaluate(() => {
      window.testBridge.setProblem('force.start', null);
    });
    await button.click();
    await page.waitForURL(/#\/operations\//);
  });

  test('R10: a token that was used is armed anew from the refusal, with the whole time again', async () => {
    const page = await showTable(
      forcing(Date.now(), armed(1000), {
        problems: {
          'force.start': { code: 'token-used', message: 'This confirmation was used before.', advice: 'Arm it again.' },
        },
      }),
    );
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await dialog.getByText('This confirmation was used before.').waitFor();
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('force.arm', answer);
      },
      armed(30_000, { token: 'token-2' }),
    );
    expect(await noteOf(dialog)).toBe('What you confirmed holds no more: arm the timer again.');
    expect(await isUnavailable(dialog.getByRole('button', { name: verb, exact: true }))).toBe(true);
    await dialog.getByRole('button', { name: 'Arm again' }).click();
    await expect.poll(() => secondsLeft(page), { timeout: 10_000 }).toBeGreaterThan(25);
    expect(await callsOf(page, 'force.arm')).toHaveLength(2);
    expect(await dialog.getByText('This confirmation was used before.').count()).toBe(0);
    expect(await dialog.getByRole('checkbox', { name: 'Stop render-gpu-04' }).isChecked()).toBe(false);
  });

  test('R11: an unreachable node and a degraded pool each want their own typed statement beside the tick', async () => {
    const page = await showTable(forcing(Date.now(), armedUnreachable(0)));
    const dialog = await openForce(page);
    await dialog.getByText('it is fenced first').waitFor();
    await doAll(page);
    expect(await noteOf(dialog)).toBe('Missing: 2 typed statements.');
    await dialog
      .getByLabel('A tick is not enough. Type: fra2-r01-n06 is powered off')
      .fill('fra2-r01-n06 is powered off');
    expect(await noteOf(dialog)).toBe('Missing: 1 typed statement.');
    await dialog.getByLabel('A tick is not enough. Type: data-2 may be lost').fill('data-2 may be lost');
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'force.start')).toEqual([
      expect.objectContaining({
        ticked: ['unreachable', 'pool data-2'],
        statements: { unreachable: 'fra2-r01-n06 is powered off', 'pool data-2': 'data-2 may be lost' },
      }),
    ]);
  });

  test('a name that is typed with combining characters is the same name', async () => {
    const page = await showTable(forcing(Date.now(), armed(0, { nodeName: 'Zürich'.normalize('NFC') })));
    const dialog = await openForce(page);
    await dialog.getByRole('timer').waitFor();
    await doAll(page);
    await dialog.getByLabel(typeName).fill('Zürich'.normalize('NFD'));
    expect(await isUnavailable(dialog.getByRole('button', { name: verb, exact: true }))).toBe(false);
  });

  test('the countdown is spoken at 10 and at 0, and the number is told as a timer', async () => {
    const page = await showTable(forcing(Date.now(), armed(11_500)));
    const dialog = await openForce(page);
    const spoken = dialog.locator('.rk-ring [role=status]');
    await spoken.waitFor({ state: 'attached' });
    expect(await dialog.getByRole('timer').getAttribute('aria-label')).toMatch(/^Safety timer: 1\d seconds left$/);
    await expect.poll(() => spoken.textContent(), { timeout: 10_000, interval: 50 }).toBe('10 seconds left.');
    await expect.poll(() => spoken.textContent(), { timeout: 20_000 }).toBe('The safety timer is done.');
  });

  test('with nothing to override it says so, and there is neither timer nor verb', async () => {
    const refused = 'Every check passes by now: put it into maintenance the normal way.';
    const page = await showTable(forcing(Date.now(), armed(30_000, { overrides: [], refused })));
    const dialog = await openForce(page);
    await dialog.getByText('Nothing to force').waitFor();
    expect(await dialog.getByRole('timer').count()).toBe(0);
    expect(await isUnavailable(dialog.getByRole('button', { name: verb, exact: true }))).toBe(true);
    expect(await noteOf(dialog)).toBe(refused);
  });

  test('by keyboard alone: each tick, the reason, the name and the verb, with Enter in a field doing nothing', async () => {
    const page = await showTable(forcing(Date.now(), armed(1000)));
    const maintenance = await openByPointer(page, blockedNode, 'Maintenance…');
    await maintenance.getByText('1 blocker', { exact: true }).waitFor();
    await tabTo(page, maintenance.getByRole('button', { name: 'Force Maintenance…' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('timer').waitFor();
    for (const box of await dialog.getByRole('checkbox').all()) {
      await tabTo(page, box);
      await page.keyboard.press('Space');
    }
    await tabTo(page, dialog.getByLabel('Reason'));
    await page.keyboard.type('Replace DIMM B3');
    await tabTo(page, dialog.getByLabel(typeName));
    await page.keyboard.type(blockedNode);
    await expect.poll(() => noteOf(dialog), { timeout: 10_000 }).toBe('What is ticked above happens at once.');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'force.start')).toEqual([]);
    await tabTo(page, dialog.getByRole('button', { name: verb, exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'force.start')).toHaveLength(1);
  });
});
