import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import { expect, test } from 'vitest';
import { activation, fenceLoop } from './helpers/coming-back.ts';
import { blocked, blockedNode, doubtful, off, ready, started } from './helpers/maintenance.ts';
import { isUnavailable, liveWith, noteOf, openByPointer, openForMany } from './helpers/maintenance-pages.ts';
import { anOperationId } from './helpers/operation-id.ts';
import { callsOf, describePages } from './helpers/pages.ts';

const second = '00000000-0000-4000-8000-000000000002';

/** Several nodes in one dialog, and the VM that holds one up. */
describePages('several nodes, and a VM in the way', ({ showTable }) => {
  test('several nodes are planned together, one is left out, and the rest is started in its order with one reason', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(
        now,
        {
          'maintenance.startMany': [
            started('maintenance', 'fra2-r05-n09', now),
            started('maintenance', 'fra2-ctl-3', now, second),
          ],
        },
        {
          answersOf: {
            'maintenance.prepare': {
              'member:fra2-r07-n12': doubtful(now),
              'member:fra2-r05-n09': off(now, 'fra2-r05-n09'),
              'member:fra2-ctl-3': ready(now, 'fra2-ctl-3'),
            },
          },
        },
      ),
    );
    const dialog = await openForMany(page, ['fra2-r07-n12', 'fra2-r05-n09', 'fra2-ctl-3'], 'Maintenance…');
    const nodes = dialog.getByRole('list', { name: 'Nodes' }).getByRole('listitem');
    await expect
      .poll(() => nodes.allTextContents(), { timeout: 10_000 })
      .toEqual(['fra2-r07-n121 not known, 1 tick missing', 'fra2-r05-n09Ready', 'fra2-ctl-3Ready']);
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    await dialog.getByLabel('Reason').fill('Rack 7 power');
    expect(await isUnavailable(ok)).toBe(true);
    expect(await noteOf(dialog)).toContain('1 of 3 nodes not ready. fra2-r07-n12:');
    await dialog.getByRole('button', { name: 'Leave fra2-r07-n12 out' }).click();
    // Those that are left are planned anew: none goes where the other is, and the one that was left out takes VMs again.
    await expect
      .poll(() => noteOf(dialog))
      .toBe('After OK: one after the other, in this order; the first that fails stops the rest.');
    const asked = (await callsOf(page, 'maintenance.prepare')) as readonly {
      readonly nodeId: string;
      readonly choices: Pick<MaintenanceChoices, 'alsoOut' | 'ahead'>;
    }[];
    const alsoOut = (nodeId: string) => asked.flatMap((call) => (call.nodeId === nodeId ? [call.choices.alsoOut] : []));
    expect(alsoOut('member:fra2-ctl-3')[0]).toEqual(['member:fra2-r07-n12', 'member:fra2-r05-n09']);
    expect(alsoOut('member:fra2-ctl-3').at(-1)).toEqual(['member:fra2-r05-n09']);
    // Each is planned behind those whose turn is before its own.
    const ahead = (nodeId: string) =>
      asked.findLast((call) => call.nodeId === nodeId)?.choices.ahead.map((one) => one.nodeId);
    expect(ahead('member:fra2-r05-n09')).toEqual([]);
    expect(ahead('member:fra2-ctl-3')).toEqual(['member:fra2-r05-n09']);
    await dialog.getByRole('button', { name: 'fra2-ctl-3' }).first().click();
    await dialog.getByText('9 VMs, 240 GiB: 9 live-migrate').waitFor();
    await ok.click();
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'maintenance.startMany')).toEqual([
      {
        regionId: 'fra2',
        reason: 'Rack 7 power',
        nodes: [
          expect.objectContaining({
            nodeId: 'member:fra2-r05-n09',
            digest: 'off-fra2-r05-n09',
            operationId: anOperationId,
          }),
          expect.objectContaining({
            nodeId: 'member:fra2-ctl-3',
            digest: 'ready-fra2-ctl-3',
            operationId: anOperationId,
          }),
        ],
      },
    ]);
  });

  test('where a VM of a node goes, is counted in the plans of those behind it, and of no other', async () => {
    const now = Date.now();
    const nodes = ['fra2-r07-n12', 'fra2-r05-n09', 'fra2-ctl-3'];
    const answers = Object.fromEntries(nodes.map((node) => [`member:${node}`, ready(now, node)]));
    const page = await showTable(liveWith(now, {}, { answersOf: { 'maintenance.prepare': answers } }));
    const dialog = await openForMany(page, nodes, 'Maintenance…');
    await dialog.getByRole('button', { name: 'fra2-r05-n09' }).first().click();
    await dialog.getByRole('combobox', { name: 'Target of mail-relay-1' }).selectOption('fra2-r09-n04');
    const targets = { 'mail-relay-1': 'fra2-r09-n04' };
    const asked = async (nodeId: string) =>
      (await callsOf(page, 'maintenance.prepare'))
        .map((call) => call as { readonly nodeId: string; readonly choices: MaintenanceChoices })
        .findLast((call) => call.nodeId === nodeId)?.choices.ahead;
    await expect
      .poll(() => asked('member:fra2-ctl-3'), { timeout: 10_000 })
      .toEqual([
        { nodeId: 'member:fra2-r07-n12', targets: {}, movesOnlyWhatCan: false },
        { nodeId: 'member:fra2-r05-n09', targets, movesOnlyWhatCan: false },
      ]);
    expect(await asked('member:fra2-r05-n09')).toEqual([
      { nodeId: 'member:fra2-r07-n12', targets: {}, movesOnlyWhatCan: false },
    ]);
    expect(await asked('member:fra2-r07-n12')).toEqual([]);
  });

  test('what is chosen for all of them is told of each in the row: one that moves only what can ends as Active', async () => {
    const now = Date.now();
    const nodes = ['fra2-r07-n12', 'fra2-r05-n09'];
    const page = await showTable(liveWith(now, { 'maintenance.prepare': blocked(now) }));
    const dialog = await openForMany(page, nodes, 'Maintenance…');
    await dialog.getByText('render-gpu-04').first().waitFor();
    await dialog.getByRole('checkbox', { name: 'Move what can move now' }).check();
    const asked = async (nodeId: string) =>
      (await callsOf(page, 'maintenance.prepare'))
        .map((call) => call as { readonly nodeId: string; readonly choices: MaintenanceChoices })
        .findLast((call) => call.nodeId === nodeId)?.choices;
    const behind = { nodeId: 'member:fra2-r07-n12', targets: {}, movesOnlyWhatCan: true };
    await expect
      .poll(() => asked('member:fra2-r05-n09'), { timeout: 10_000 })
      .toMatchObject({ movesOnlyWhatCan: true, ahead: [behind] });
    expect(await asked('member:fra2-r07-n12')).toMatchObject({ movesOnlyWhatCan: true, ahead: [] });
  });

  test('what was chosen on one node alone, and not sent, is not done unseen where it is planned with others', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'maintenance.prepare': ready(now, 'fra2-r07-n12') }));
    const alone = await openByPointer(page, 'fra2-r07-n12', 'Maintenance…');
    await alone.getByRole('checkbox', { name: /^Stop the cluster services/ }).check();
    await page.keyboard.press('Escape');
    await alone.waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill('');
    const asked = (await callsOf(page, 'maintenance.prepare')).length;
    const dialog = await openForMany(page, ['fra2-r07-n12', 'fra2-r05-n09'], 'Maintenance…');
    expect(await dialog.getByRole('checkbox', { name: /^Stop the cluster services/ }).isChecked()).toBe(false);
    const calls = async () => (await callsOf(page, 'maintenance.prepare')).slice(asked);
    await expect.poll(async () => (await calls()).length, { timeout: 10_000 }).toBe(2);
    for (const call of await calls()) expect(call).toMatchObject({ choices: { stopsServices: false } });
  });

  test('a passthrough VM is shut down from its blocker, only by its own typed name; Cancel goes back to the plan', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, {
        'maintenance.prepare': blocked(now),
        'vms.shutDown': started('shut-down-vm', blockedNode, now),
      }),
    );
    const dialog = await openByPointer(page, blockedNode, 'Maintenance…');
    await dialog.getByLabel('Reason').fill('Replace DIMM B3');
    const link = dialog.getByRole('button', { name: 'Shut down render-gpu-04…' });
    await link.click();
    const own = page.getByRole('dialog', { name: 'Shut down render-gpu-04' });
    await own.getByText('render-gpu-04 stops on fra2-r01-n06 and stays down').waitFor();
    const field = own.getByLabel('Type the VM’s name to confirm');
    const shutDown = own.getByRole('button', { name: 'Shut down', exact: true });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('render-gpu-4');
    await page.keyboard.press('Enter');
    expect(await isUnavailable(shutDown)).toBe(true);
    await shutDown.click({ force: true });
    await own.getByRole('button', { name: 'Cancel' }).click();
    await own.waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('Replace DIMM B3');
    await link.click();
    // What confirms is typed anew.
    expect(await field.inputValue()).toBe('');
    await field.fill('render-gpu-04');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'vms.shutDown')).toEqual([]);
    await shutDown.click();
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'vms.shutDown')).toEqual([
      {
        regionId: 'fra2',
        nodeId: `member:${blockedNode}`,
        resource: 'render-gpu-04',
        typedName: 'render-gpu-04',
        operationId: anOperationId,
      },
    ]);
  });

  test('R18: of two nodes that are activated, the one in a fence loop waits for its acknowledgement', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(
        now,
        {
          'activate.startMany': [
            started('activate', 'fra2-r06-n01', now),
            started('activate', 'fra2-r06-n02', now, second),
          ],
        },
        {
          answersOf: {
            'activate.prepare': {
              'member:fra2-r06-n01': activation(now, 'fra2-r06-n01'),
              'member:fra2-r06-n02': fenceLoop(now, 'fra2-r06-n02'),
            },
          },
        },
      ),
    );
    const dialog = await openForMany(page, ['fra2-r06-n01', 'fra2-r06-n02'], 'Activate…');
    await dialog.getByText('fenced three times').waitFor();
    const activate = dialog.getByRole('button', { name: 'Activate', exact: true });
    await expect
      .poll(() => noteOf(dialog), { timeout: 10_000 })
      .toContain('fra2-r06-n02: Activate becomes available when the fence loop is acknowledged.');
    await activate.click({ force: true });
    expect(await callsOf(page, 'activate.startMany')).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'I know why it was fenced, and the cause is gone' }).check();
    await expect
      .poll(() => noteOf(dialog))
      .toBe('After Activate: one after the other, in this order; the first that fails stops the rest.');
    await activate.click();
    await page.waitForURL(/#\/operations\//);
    const common = { operationId: anOperationId, bringsVmsHome: false };
    expect(await callsOf(page, 'activate.startMany')).toEqual([
      {
        regionId: 'fra2',
        nodes: [
          { ...common, nodeId: 'member:fra2-r06-n01', digest: 'activation-fra2-r06-n01', acknowledgesFenceLoop: false },
          { ...common, nodeId: 'member:fra2-r06-n02', digest: 'activation-fra2-r06-n02', acknowledgesFenceLoop: true },
        ],
      },
    ]);
    expect(await callsOf(page, 'activate.start')).toEqual([]);
  });

  test('where the first of several nodes is refused, none is activated, and the dialog says why', async () => {
    const now = Date.now();
    const refusal = {
      code: 'node-locked' as const,
      message: 'm.vogel on osprey-lt works on fra2-r06-n01 since 13:58.',
      advice: 'Wait until that has ended.',
    };
    const page = await showTable(
      liveWith(
        now,
        { 'activate.prepare': activation(now, 'fra2-r06-n01') },
        { problems: { 'activate.startMany': refusal } },
      ),
    );
    const dialog = await openForMany(page, ['fra2-r06-n01', 'fra2-r06-n02'], 'Activate…');
    await dialog.getByRole('button', { name: 'Activate', exact: true }).click();
    await dialog.getByText(refusal.message).waitFor();
    expect(await callsOf(page, 'activate.startMany')).toHaveLength(1);
    expect(await dialog.getByRole('group').count()).toBe(2);
  });
});
