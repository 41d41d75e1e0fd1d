import { expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { blocked, blockedNode, ready, readyNode, restarting, started } from './helpers/maintenance.ts';
import { isUnavailable, liveWith, openByPointer } from './helpers/maintenance-pages.ts';
import { callsOf, describePages } from './helpers/pages.ts';

interface Start {
  readonly operationId: string;
  readonly digest: string;
}

describePages('what a maintenance is started with', ({ showTable }) => {
  test('R7: what can move now moves without what cannot, and it is said that the node then ends Active', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': blocked(now) }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByText('1 blocker', { exact: true }).waitFor();
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('maintenance.prepare', answer);
      },
      { ...blocked(now), isReady: true, heldUpBy: '' },
    );
    await dialog.getByRole('checkbox', { name: 'Move what can move now' }).check();
    await dialog.getByText('After OK: what can move moves; the rest stays, and the node ends Active.').waitFor();
    expect((await callsOf(page, 'maintenance.prepare')).at(-1)).toMatchObject({ choices: { movesOnlyWhatCan: true } });
  });

  test('what moves only what can ends Active, and its services go on: they are not offered to be stopped, and a tick there goes', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': blocked(now) }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByText('render-gpu-04').first().waitFor();
    const stops = dialog.getByRole('checkbox', { name: /^Stop the cluster services/ });
    await stops.check();
    await dialog.getByRole('checkbox', { name: 'Move what can move now' }).check();
    await dialog.getByText('The node ends Active: its services go on.').waitFor();
    expect([await stops.isChecked(), await isUnavailable(stops)]).toEqual([false, true]);
    await expect
      .poll(async () => (await callsOf(page, 'maintenance.prepare')).at(-1), { timeout: 10_000 })
      .toMatchObject({ choices: { movesOnlyWhatCan: true, stopsServices: false } });
  });

  test('R3: a click that is repeated, and one after a lost answer, are the same operation', async () => {
    const now = Date.now();
    const lost = {
      code: 'connection-lost' as const,
      message: 'The connection broke before the answer came.',
      advice: 'Press OK again: it is the same operation.',
    };
    const page = await showTable(
      liveWith(now, { 'maintenance.prepare': ready(now) }, { problems: { 'maintenance.start': lost } }),
    );
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByLabel('Reason').fill('Fan');
    await dialog.getByText('Ready. No VM').waitFor();
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    await ok.evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await dialog.getByText('The connection broke').waitFor();
    expect(await callsOf(page, 'maintenance.start')).toHaveLength(1);
    await ok.click();
    await expect.poll(async () => (await callsOf(page, 'maintenance.start')).length, { timeout: 10_000 }).toBe(2);
    const [first, second] = (await callsOf(page, 'maintenance.start')) as readonly Start[];
    expect(second).toEqual(first);
  });

  test('a plan that changed comes back into the dialog with what is new marked, nothing is started, and OK then confirms the new one', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(
        now,
        { 'maintenance.prepare': ready(now, blockedNode) },
        {
          problems: {
            'maintenance.start': {
              code: 'plan-changed',
              message: 'fra2-r03-n11 left Active a moment ago.',
              advice: 'Look at the plan again.',
            },
          },
        },
      ),
    );
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    await dialog.getByText('Ready. No VM').waitFor();
    const next = ready(now, blockedNode);
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('maintenance.prepare', answer);
      },
      {
        ...next,
        digest: 'ready-2',
        vms: next.vms.map((vm) => (vm.resource === 'api-gateway-2' ? { ...vm, target: 'fra2-r09-n03' } : vm)),
      },
    );
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    await ok.click();
    await dialog.getByText('The plan is not what you confirmed. Nothing was started.').waitFor();
    await dialog.locator('tr', { hasText: 'api-gateway-2' }).getByText('changed').waitFor();
    expect(await dialog.locator('tbody .rk-pf__new').count()).toBe(1);
    const said = await dialog.getByText('The plan is not what you confirmed.').boundingBox();
    expect(said?.y).toBeGreaterThan((await dialog.locator('.rk-dlg__body').boundingBox())?.y ?? Infinity);
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Replace DIMM B3');
    await page.evaluate(
      (operation) => {
        window.testBridge.setProblem('maintenance.start', null);
        window.testBridge.setAnswer('maintenance.start', operation);
      },
      started('maintenance', blockedNode, now),
    );
    await ok.click();
    await page.waitForURL(/#\/operations\//);
    const [first, second] = (await callsOf(page, 'maintenance.start')) as readonly Start[];
    expect([first?.digest, second?.digest]).toEqual([`ready-${blockedNode}`, 'ready-2']);
    expect(second?.operationId).not.toBe(first?.operationId);
  });

  test('Escape closes and loses nothing typed or chosen; a tick is made anew', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': restarting(now, false) }));
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    const tick = dialog.getByRole('checkbox', { name: 'Allow license-server to restart' });
    await tick.check();
    await dialog.getByLabel('Reason').fill('Replace DIMM B3, ticket DC-4417');
    await dialog
      .getByRole('checkbox', { name: 'Stop the cluster services at the end, so that powering off fences nobody' })
      .check();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `Actions of ${blockedNode}` }).click();
    await page.getByRole('menuitem', { name: 'Maintenance…' }).click();
    await tick.waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Replace DIMM B3, ticket DC-4417');
    expect(await dialog.getByRole('checkbox', { name: /^Stop the cluster services/ }).isChecked()).toBe(true);
    expect(await tick.isChecked()).toBe(false);
    expect((await callsOf(page, 'maintenance.prepare')).at(-1)).toMatchObject({
      choices: { ...noChoices, stopsServices: true },
    });
  });

  test('a refusal stands inside the dialog with what to do, and its output is one click away', async () => {
    const now = Date.now();
    const problem = {
      code: 'node-locked' as const,
      message: 'm.vogel on osprey-lt works on fra2-r01-n08 since 13:58.',
      advice: 'Wait until that has ended, or ask m.vogel.',
      evidence: { kind: 'output' as const, command: 'cibadmin --create', stdout: '', stderr: 'rackside-lease exists' },
    };
    const page = await showTable(
      liveWith(now, { 'maintenance.prepare': ready(now) }, { problems: { 'maintenance.start': problem } }),
    );
    const dialog = await openByPointer(page, readyNode, 'Maintenance…');
    await dialog.getByLabel('Reason').fill('Fan');
    await dialog.getByRole('button', { name: 'OK', exact: true }).click();
    await dialog.getByText(problem.message).waitFor();
    expect(await dialog.textContent()).toContain(problem.advice);
    await dialog.getByRole('button', { name: 'Show output' }).click();
    expect(await dialog.locator('.rk-problem pre').textContent()).toContain('rackside-lease exists');
  });
});
