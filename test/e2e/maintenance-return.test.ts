import { expect, test } from 'vitest';
import { activation, dangerousRemoval, removal, stop, stopHeldUp } from './helpers/coming-back.ts';
import { check, started } from './helpers/maintenance.ts';
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

const node = 'fra2-r06-n01';
const nodeId = `member:${node}`;
const typeName = 'Type the node’s name to confirm';

/** Out of maintenance: back into service, or out of the cluster for good. */
describePages('activating and removing a node', ({ showTable }) => {
  test('activating by keyboard: focus is on Cancel, VMs come home only where that is ticked', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, { 'activate.prepare': activation(now, node), 'activate.start': started('activate', node, now) }),
    );
    const dialog = await openByKeyboard(page, node, 'Activate…');
    expect(await hasFocus(dialog.getByRole('button', { name: 'Cancel' }))).toBe(true);
    const home = dialog.getByRole('checkbox', { name: 'Bring 2 VMs home' });
    await home.waitFor();
    expect(await home.isChecked()).toBe(false);
    expect(await dialog.getByRole('row', { name: /license-server/ }).textContent()).toContain('StaysIt would restart');
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, home);
    await page.keyboard.press('Space');
    await tabTo(page, dialog.getByRole('button', { name: 'Activate', exact: true }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'activate.start')).toEqual([
      {
        regionId: 'fra2',
        nodeId,
        operationId: anOperationId,
        digest: `activation-${node}`,
        bringsVmsHome: true,
        acknowledgesFenceLoop: false,
      },
    ]);
  });

  test('what would run has the way home only where VMs are to come home', async () => {
    const now = Date.now();
    const page = await showTable(liveWith(now, { 'activate.prepare': activation(now, node) }));
    const dialog = await openByPointer(page, node, 'Activate…');
    await dialog.getByRole('button', { name: 'What would run' }).click();
    const commands = dialog.getByRole('region', { name: 'What would run' });
    expect(await commands.textContent()).not.toContain('virsh migrate');
    await dialog.getByRole('checkbox', { name: 'Bring 2 VMs home' }).check();
    expect(await commands.textContent()).toContain('virsh migrate');
  });

  test('cluster services are stopped by keyboard, and only where the others keep their quorum', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, {
        'services.prepareStop': stopHeldUp(now, node),
        'services.stop': started('stop-services', node, now),
      }),
    );
    const dialog = await openByKeyboard(page, node, 'Stop Cluster Services…');
    await dialog.getByText('Without it the cluster loses quorum').waitFor();
    const does = dialog.getByRole('button', { name: 'Stop', exact: true });
    await does.click({ force: true });
    expect(await isUnavailable(does)).toBe(true);
    expect(await noteOf(dialog)).toBe(
      'Stop Cluster Services becomes available when “Quorum without this node” is resolved.',
    );
    expect(await callsOf(page, 'services.stop')).toEqual([]);
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('services.prepareStop', answer);
      },
      stop(now, node),
    );
    await tabTo(page, dialog.getByRole('button', { name: 'Check again' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => noteOf(dialog)).toBe(`After Stop: ${node} stays In maintenance, and can be powered off.`);
    await tabTo(page, does);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'services.stop')).toEqual([
      { regionId: 'fra2', nodeId, operationId: anOperationId, digest: `stop-${node}` },
    ]);
  });

  test('a node that is not healthy is not activated, and says why', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, {
        'activate.prepare': activation(now, node, {
          checks: [
            check('libvirt-answers', 'libvirt answers', 'silent', {
              state: 'unknown',
              words: `libvirtd on ${node} did not answer within 10 s.`,
              fix: 'Start libvirtd there, then check again.',
            }),
          ],
          isReady: false,
          heldUpBy: 'Activate becomes available when libvirt answers',
        }),
      }),
    );
    const dialog = await openByPointer(page, node, 'Activate…');
    await dialog.getByText(`libvirtd on ${node} did not answer`).waitFor();
    await dialog.getByRole('button', { name: 'Activate', exact: true }).click({ force: true });
    expect(await noteOf(dialog)).toBe('Activate becomes available when libvirt answers.');
    expect(await callsOf(page, 'activate.start')).toEqual([]);
    await page.evaluate(
      (answer) => {
        window.testBridge.setAnswer('activate.prepare', answer);
      },
      activation(now, node),
    );
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await dialog.getByText('After Activate: Active when a fresh read proves it.').waitFor();
  });

  test.each([
    ['Activate', 'Activate', 'activate.prepare', 'activate.start', activation],
    ['Stop Cluster Services', 'Stop', 'services.prepareStop', 'services.stop', stop],
    ['Remove', 'Remove', 'removal.prepare', 'removal.start', removal],
  ] as const)('what %s is refused for by now stands among its checks', async (entry, verb, prepare, start, answer) => {
    const now = Date.now();
    const refusal = {
      code: 'preflight-failed',
      message: `${node}: not now.`,
      advice: 'Look at the checks again.',
    } as const;
    const page = await showTable(liveWith(now, { [prepare]: answer(now, node) }, { problems: { [start]: refusal } }));
    const dialog = await openByPointer(page, node, `${entry}…`);
    if (verb === 'Remove') {
      await dialog.getByLabel('Reason').fill('Board is dead');
      await dialog.getByLabel(typeName).fill(node);
    }
    const does = dialog.getByRole('button', { name: verb, exact: true });
    await expect.poll(() => isUnavailable(does), { timeout: 10_000 }).toBe(false);
    const words = 'The cluster is just acting on vm7.';
    const held = check('cluster-settled', 'Cluster at rest', 'not settled', { state: 'blocker', words, fix: 'Wait.' });
    await page.evaluate(
      ([name, next]) => {
        window.testBridge.setAnswer(name, next);
      },
      [prepare, { ...answer(now, node), checks: [held], isReady: false, heldUpBy: 'It is held up.' }] as const,
    );
    await does.click();
    await dialog.getByText(refusal.message).waitFor();
    await dialog.getByText(words).waitFor();
    expect(await isUnavailable(does)).toBe(true);
  });

  test('removing reviews name, ID and IP address, tells what goes with it and what is left to do, and wants the name typed', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, { 'removal.prepare': removal(now, node), 'removal.start': started('remove', node, now) }),
    );
    const dialog = await openByKeyboard(page, node, 'Remove…');
    await dialog.getByText('Goes with it').waitFor();
    expect(await dialog.locator('.rk-who').textContent()).toBe(`Name${node}ID4f1c2a9b7d3eIP address10.42.6.1`);
    const text = await dialog.textContent();
    expect(text).toContain('location-db-not-n01 orders-db-primary never on this node');
    expect(text).toContain('Power it off');
    expect(text).not.toContain('Caution');
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    expect(await noteOf(dialog)).toBe('Missing: a reason and the typed name.');
    await tabTo(page, dialog.getByLabel('Reason'));
    await page.keyboard.type('Board is dead');
    await tabTo(page, dialog.getByLabel(typeName));
    await page.keyboard.type('fra2-r06-n0');
    expect(await isUnavailable(remove)).toBe(true);
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'removal.start')).toEqual([]);
    await tabTo(page, remove);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'removal.start')).toEqual([
      {
        regionId: 'fra2',
        nodeId,
        operationId: anOperationId,
        digest: `removal-${node}`,
        typedName: node,
        poolStatement: '',
        powerOffStatement: '',
        reason: 'Board is dead',
      },
    ]);
  });

  test('R11: a degraded pool shows the caution word for word and, like a node that does not answer, wants a statement of its own', async () => {
    const now = Date.now();
    const page = await showTable(
      liveWith(now, { 'removal.prepare': dangerousRemoval(now, node), 'removal.start': started('remove', node, now) }),
    );
    const dialog = await openByPointer(page, node, 'Remove…');
    await dialog.getByText('Caution').waitFor();
    expect(await dialog.locator('.rk-alert').textContent()).toBe(
      'CautionIf the node has unhealthy (degraded) data pools, removal may result in data loss. Contact support before proceeding.',
    );
    await dialog.getByLabel('Reason').fill('Board is dead');
    await dialog.getByLabel(typeName).fill(node);
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    await remove.click({ force: true });
    expect(await noteOf(dialog)).toBe(
      'Missing: the statement about the data pool and the statement that it is powered off.',
    );
    await dialog.getByLabel('About the data pool, type').fill('data-2 may be lost');
    await remove.click({ force: true });
    expect(await callsOf(page, 'removal.start')).toEqual([]);
    await dialog.getByLabel('It does not answer. Look at it, then type').fill(`${node} is powered off`);
    await remove.click();
    await page.waitForURL(/#\/operations\//);
    expect(await callsOf(page, 'removal.start')).toEqual([
      expect.objectContaining({ poolStatement: 'data-2 may be lost', powerOffStatement: `${node} is powered off` }),
    ]);
  });

  test('R15: a removal that would cost the quorum is answered by no statement', async () => {
    const now = Date.now();
    const dangerous = dangerousRemoval(now, node);
    const page = await showTable(
      liveWith(now, {
        'removal.prepare': {
          ...dangerous,
          checks: [
            ...dangerous.checks.filter(({ code }) => code !== 'quorum-after'),
            check('quorum-after', 'Quorum without this node', '1 of 2 votes', {
              state: 'blocker',
              words: 'Without it 1 of 2 votes is left.',
              fix: 'Add a control node first.',
            }),
          ],
          heldUpBy: 'Remove becomes available when the quorum survives it',
        },
      }),
    );
    const dialog = await openByPointer(page, node, 'Remove…');
    await dialog.getByText('Without it 1 of 2 votes is left.').waitFor();
    await dialog.getByLabel('Reason').fill('Board is dead');
    await dialog.getByLabel('About the data pool, type').fill('data-2 may be lost');
    await dialog.getByLabel('It does not answer. Look at it, then type').fill(`${node} is powered off`);
    await dialog.getByLabel(typeName).fill(node);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click({ force: true });
    expect(await noteOf(dialog)).toBe('Remove becomes available when the quorum survives it.');
    expect(await callsOf(page, 'removal.start')).toEqual([]);
  });
});
