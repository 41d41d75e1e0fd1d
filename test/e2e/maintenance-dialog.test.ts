import { expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { renamedByAnother } from './helpers/action-states.ts';
import { blocked, blockedNode, ready, readyNode, restarting, started, targetsOf } from './helpers/maintenance.ts';
import {
  hasFocus,
  isUnavailable,
  liveWith,
  noteOf,
  openByKeyboard,
  openByPointer,
  tabTo,
} from './helpers/maintenance-pages.ts';
import { anOperationId } from './helpers/operation-id.ts';
import { callsOf, describePages } from './helpers/pages.ts';

const nodeOf = (name: string): string => `member:${name}`;

/** The specification's dialog: ID and Name, OK, Force Maintenance; and around it what is known before anything moves. */
describePages('taking a node out of service', ({ showTable }) => {
  test('what is read is named from the first moments on, and nothing can be confirmed before it is there', async () => {
    const page = await showTable(liveWith(Date.now(), {}, { silent: ['maintenance.prepare'] }));
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByText(`reading ${readyNode}`).waitFor();
    expect(await dialog.textContent()).toContain(`What runs on ${readyNode}, where it would fit`);
    expect(await hasFocus(dialog.getByLabel('Reason'))).toBe(true);
    await dialog.getByLabel('Reason').fill('DIMM');
    expect(await isUnavailable(dialog.getByRole('button', { name: 'OK', exact: true }))).toBe(true);
    expect(await noteOf(dialog)).toBe('The preflight is being read.');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await callsOf(page, 'maintenance.start')).toEqual([]);
  });

  test('it shows Name and the ID’s first 12 digits, blockers first with name, cause and fix, then warnings, then passes as one line', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, { 'maintenance.prepare': { ...blocked(now), machineId: '8d1f04c2e7a94b5c8a6b0d1e2f3a4b5c' } }),
    );
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByText('1 blocker', { exact: true }).waitFor();
    const about = await dialog.locator('.rk-dlg__about').textContent();
    expect(about).toBe(`Name ${blockedNode}ID 8d1f04c2e7a9Active Frankfurt 2`);
    const checks = await dialog.getByRole('list', { name: 'Checks' }).getByRole('listitem').allTextContents();
    expect(checks.map((text) => text.split(':')[0])).toEqual([
      'Blocker',
      'Warning',
      ...Array<string>(7).fill('Passed'),
    ]);
    expect(checks[0]).toBe(
      'Blocker: GPU passthrough1 blockerrender-gpu-04 holds GPU 0000:3b:00.0 (A40). A VM with a passthrough device cannot move.Shut it down, or wait until it is done.Shut down render-gpu-04…',
    );
    expect(checks[2]).toBe('Passed: More than one node174 Active');
    // Checks, commands and what has to be typed name it as the cluster does.
    await renamedByAnother(page, blockedNode, 'Zürich 1');
    await dialog.getByText(`Name Zürich 1 hostname ${blockedNode}`).waitFor();
  });

  test('R9: each VM has a row with its effect; a tick stands only where it would restart, unticked, and never at a passthrough VM', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': blocked(now) }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByText('10 VMs, 328 GiB: 8 live-migrate, 1 restarts elsewhere, 1 cannot move').waitFor();
    const rows = dialog.getByRole('table', { name: 'Plan' }).locator('tbody tr');
    expect(await rows.count()).toBe(10);
    expect(await dialog.getByRole('table', { name: 'Plan' }).getByRole('checkbox').count()).toBe(1);
    expect(await dialog.getByRole('checkbox', { name: 'Allow license-server to restart' }).isChecked()).toBe(false);
    expect(await rows.nth(0).textContent()).toBe('render-gpu-0496Cannot moveNo other node has a free A40');
    expect(await rows.nth(8).textContent()).toContain('85 → 91 %');
  });

  test('OK that is not available starts nothing however it is pressed, and says what is missing', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': blocked(now) }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByText('1 blocker', { exact: true }).waitFor();
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    await ok.click({ force: true });
    await ok.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await noteOf(dialog)).toBe('OK becomes available when 1 blocker is resolved and 1 restart is ticked.');
    expect(await callsOf(page, 'maintenance.start')).toEqual([]);
  });

  test('by keyboard alone: opened, a reason typed in which Enter does nothing, OK pressed, and the operation’s page follows', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, {
        'maintenance.prepare': ready(now),
        'maintenance.start': started('maintenance', readyNode, now),
      }),
    );
    const dialog = await openByKeyboard(page, readyNode, 'Maintenance…');
    expect(await hasFocus(dialog.getByLabel('Reason'))).toBe(true);
    await page.keyboard.type('Replace fan module 2');
    await dialog.getByText('Ready. No VM will be stopped or restarted.').waitFor();
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'maintenance.start')).toEqual([]);
    expect(await noteOf(dialog)).toBe('After OK: Entering maintenance, then In maintenance when the last VM has left.');
    await tabTo(page, dialog.getByRole('button', { name: 'OK', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/operations\/00000000-0000-4000-8000-000000000001$/);
    await dialog.waitFor({ state: 'detached' });
    expect(await callsOf(page, 'maintenance.start')).toEqual([
      {
        regionId: 'fra2',
        nodeId: nodeOf(readyNode),
        operationId: anOperationId,
        choices: { ...noChoices, targets: targetsOf(ready(now)) },
        digest: `ready-${readyNode}`,
        reason: 'Replace fan module 2',
      },
    ]);
  });

  test('Force Maintenance… comes last by keyboard, and where nothing is to be overridden it says so and opens nothing', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': ready(now) }));
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByText('Ready. No VM').waitFor();
    await tabTo(page, dialog.getByRole('button', { name: 'OK', exact: true }));
    await page.keyboard.press('Tab');
    const force = dialog.getByRole('button', { name: 'Force Maintenance…' });
    expect(await force.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await force.getAttribute('data-tip')).toBe(
      'There is nothing to override: every check allows the normal way.',
    );
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).textContent()).toBe('Node Maintenance');
    expect(await callsOf(page, 'force.arm')).toEqual([]);
  });

  test('a tick and another target ask again for what is chosen; focus and scroll stay where they are', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, {
        'maintenance.prepare': restarting(now, false),
        'maintenance.start': started('maintenance', blockedNode, now),
      }),
      { width: 1280, height: 480 },
    );
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    const tick = dialog.getByRole('checkbox', { name: 'Allow license-server to restart' });
    await tick.waitFor();
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    const body = dialog.locator('.rk-dlg__body');
    await body.evaluate((element) => {
      element.scrollTop = 20;
    });
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('maintenance.prepare', answer);
      },
      restarting(now, true),
    );
    await tick.focus();
    const scrolled = await body.evaluate((element) => element.scrollTop);
    await page.keyboard.press('Space');
    await dialog.getByText('Ready. 1 VM restarts, as you ticked.').waitFor();
    expect(await tick.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await body.evaluate((element) => element.scrollTop)).toBe(scrolled);
    await dialog.getByRole('combobox', { name: 'Target of mail-relay-1' }).selectOption('fra2-r09-n04');
    await expect.poll(async () => (await callsOf(page, 'maintenance.prepare')).length, { timeout: 10_000 }).toBe(3);
    await dialog.getByText('Ready. 1 VM restarts').waitFor();
    await dialog.getByRole('button', { name: 'OK', exact: true }).click();
    await page.waitForURL(/#\/operations\//);
    const choices = {
      ...noChoices,
      ticked: [{ resource: 'license-server', effect: 'restart-elsewhere' }],
      targets: { 'mail-relay-1': 'fra2-r09-n04' },
    };
    expect(await callsOf(page, 'maintenance.prepare')).toEqual([
      { regionId: 'fra2', nodeId: nodeOf(blockedNode), choices: noChoices },
      {
        regionId: 'fra2',
        nodeId: nodeOf(blockedNode),
        choices: { ...noChoices, ticked: [{ resource: 'license-server', effect: 'restart-elsewhere' }] },
      },
      { regionId: 'fra2', nodeId: nodeOf(blockedNode), choices },
    ]);
    expect(await callsOf(page, 'maintenance.start')).toEqual([
      expect.objectContaining({
        choices: { ...choices, targets: { ...targetsOf(restarting(now, true)), ...choices.targets } },
        digest: 'restarting-ticked',
      }),
    ]);
  });

  test('R9: a row that was ticked to restart and reads as a stop now is not ticked', async () => {
    const now = Date.now();
    const restarts = restarting(now, true);
    const stops = {
      ...restarting(now, false),
      vms: restarts.vms.map((vm) =>
        vm.resource === 'license-server' ? { ...vm, effect: 'stop' as const, target: null } : vm,
      ),
    };
    const page = await showTable(liveWith(now, { 'maintenance.prepare': restarts }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByRole('checkbox', { name: 'Allow license-server to restart' }).check();
    await page.evaluate((answer) => {
      window.testBridge.setAnswer('maintenance.prepare', answer);
    }, stops);
    await dialog.getByRole('combobox', { name: 'Target of mail-relay-1' }).selectOption('fra2-r09-n04');
    const tick = dialog.getByRole('checkbox', { name: 'Allow license-server to stop' });
    await tick.waitFor();
    expect(await tick.isChecked()).toBe(false);
  });

  test('what would run is one click away, with its hosts', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': ready(now) }));
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByRole('button', { name: 'What would run' }).click();
    const text = await dialog.getByRole('region', { name: 'What would run' }).textContent();
    expect(text).toContain('# Standby\nfra2-ctl-1$ cibadmin --modify (nvpair standby=on, guarded)');
  });

  test('it is never taller than 688 at 1280 × 720 and scrolls by itself; at 3840 it keeps its width', async () => {
    const now = Date.now();
    const many = blocked(now);
    const scenario = liveWith(now, {
      'maintenance.prepare': {
        ...many,
        vms: Array.from({ length: 40 }, (_, index) => ({ ...many.vms[2]!, resource: `vm-${String(index)}` })),
      },
    });
    for (const [width, height] of [
      [1280, 720],
      [3840, 2160],
    ] as const) {
      const page = await showTable(scenario, { width, height });
      const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
      await dialog.getByText('vm-39').waitFor();
      // It opens by a transform, during which a box is measured in fractions.
      await expect.poll(async () => Math.round((await dialog.boundingBox())?.width ?? 0)).toBe(1180);
      const box = await dialog.boundingBox();
      expect(box?.height).toBeLessThanOrEqual(height - 32);
      expect(await dialog.getByLabel('Reason').isVisible()).toBe(true);
      const scrolls = await dialog
        .locator('.rk-dlg__body')
        .evaluate(
          (element) => element.scrollHeight > element.clientHeight && element.scrollWidth <= element.clientWidth,
        );
      expect(scrolls).toBe(height === 720);
    }
  });
});
