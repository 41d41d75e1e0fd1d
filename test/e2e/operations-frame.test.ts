import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { OperationRecord } from '#shared/model/cluster.ts';
import type { Operation } from '#shared/model/operation.ts';
import { tabTo } from './helpers/maintenance-pages.ts';
import { heldBack, operationHash } from './helpers/operation-states.ts';
import { headroom, withOperations } from './helpers/operation-scenario.ts';
import { ended, failed, running, runningId, smooth } from './helpers/operations.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { frankfurt, liveView } from './helpers/region.ts';
import { offline } from './helpers/scenarios.ts';

const nodeHash = (name: string): string => `#/nodes/${encodeURIComponent(`member:${name}`)}`;

describePages('what the frame says of operations', ({ show, showTable }) => {
  const announce = (page: Page, next: Operation): Promise<void> =>
    page.evaluate((given) => {
      window.testBridge.emit('operation.changed', given);
    }, next);
  const toasts = (page: Page) => page.locator('.rk-toast b').allTextContents();
  const withRunning = async (): Promise<Page> => {
    const page = await showTable(withOperations(Date.now(), [smooth(Date.now())]));
    await page.locator('.rk-nav em').waitFor();
    return page;
  };

  test('an operation that ended is told elsewhere, with the way to its page', async () => {
    const now = Date.now();
    const page = await withRunning();
    await announce(page, ended(now, { updatedAt: now + 1000 }));
    await expect.poll(() => toasts(page)).toEqual(['fra2-r04-n06 went into maintenance.']);
    expect(await page.locator('.rk-nav em').count()).toBe(0);
    await page.getByRole('link', { name: 'Open operation' }).click();
    await page.getByRole('heading', { name: 'Put fra2-r04-n06 into maintenance' }).waitFor();
    expect(await toasts(page)).toEqual([]);
  });

  test('a failure stays until it is dismissed, or is over', async () => {
    const now = Date.now();
    const page = await withRunning();
    await announce(page, { ...failed(now), updatedAt: now + 1000 });
    await expect.poll(() => toasts(page)).toEqual(['Maintenance on fra2-r04-n06 failed']);
    await announce(page, { ...smooth(now), updatedAt: now + 2000 });
    await expect.poll(() => toasts(page)).toEqual([]);
    await announce(page, { ...failed(now), updatedAt: now + 3000 });
    await page.getByRole('button', { name: 'Dismiss: Maintenance on fra2-r04-n06 failed' }).click();
    expect(await toasts(page)).toEqual([]);
  });

  test('on the operation’s own page nothing is told twice', async () => {
    const now = Date.now();
    const page = await show(withOperations(now, [smooth(now)]), { hash: operationHash() });
    await page.locator('[data-vm]').first().waitFor();
    await announce(page, ended(now, { updatedAt: now + 1000 }));
    await page.locator('.rk-need').getByText('went into maintenance').waitFor();
    expect(await toasts(page)).toEqual([]);
  });

  test('what was told before is gone once its page tells what came of it', async () => {
    const now = Date.now();
    const page = await withRunning();
    await announce(page, { ...failed(now), updatedAt: now + 1000 });
    await expect.poll(() => toasts(page)).toEqual(['Maintenance on fra2-r04-n06 failed']);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, operationHash());
    await page.locator('[data-vm]').first().waitFor();
    await announce(page, ended(now, { updatedAt: now + 2000 }));
    await page.locator('.rk-need').getByText('went into maintenance').waitFor();
    await expect.poll(() => toasts(page)).toEqual([]);
  });

  test('headroom says how many can be serviced, and why not more; Escape closes it and gives the focus back', async () => {
    const page = await showTable(withOperations(Date.now(), []));
    const button = page.getByRole('button', { name: /^1 node can be serviced/ });
    expect(await button.textContent()).toBe('1 node can be serviced6 out, limit 7');
    await button.focus();
    await page.keyboard.press('Enter');
    const more = page.getByRole('region', { name: 'Nodes that can be serviced' });
    expect(await more.getByRole('listitem').allTextContents()).toEqual(headroom.because);
    await page.keyboard.press('Escape');
    expect(await more.count()).toBe(0);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('headroom of a region that does not answer says of when it is', async () => {
    const scenario = offline(Date.now());
    const one = scenario.snapshots['fra2']!;
    const page = await showTable({ ...scenario, snapshots: { fra2: { ...one, region: { ...one.region, headroom } } } });
    await page.getByRole('button', { name: /can be serviced/ }).click();
    await page.getByText(/^As it was at (?:\d+ \w+, )?\d\d:\d\d\.$/).waitFor();
  });

  test('limits are kept in the cluster; only what was changed is sent', async () => {
    const page = await showTable(withOperations(Date.now(), []));
    await page.getByRole('button', { name: /can be serviced/ }).click();
    await page.getByRole('button', { name: 'Limits of the region…' }).click();
    const save = page.getByRole('button', { name: 'Save in the cluster' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    const field = page.getByRole('textbox', { name: 'VM moves at once in one maintenance' });
    await field.fill('none');
    await page.getByText('Enter a whole number from 1 to 16.').waitFor();
    await field.fill('17');
    await page.getByText('Enter a whole number from 1 to 16.').waitFor();
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    await field.fill('2');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'regions.setLimits')).toEqual([]);
    await save.click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await callsOf(page, 'regions.setLimits')).toEqual([
      { regionId: 'fra2', maxOutOfService: null, maxMovesAtOnce: 2 },
    ]);
  });

  test('a limit that lets most nodes be out at once is asked for', async () => {
    const page = await showTable(withOperations(Date.now(), []));
    await page.getByRole('button', { name: /can be serviced/ }).click();
    await page.getByRole('button', { name: 'Limits of the region…' }).click();
    const save = page.getByRole('button', { name: 'Save in the cluster' });
    const field = page.getByRole('textbox', { name: 'Nodes out of service at once' });
    await field.fill('10,000');
    const meant = page.getByRole('checkbox', { name: /protects nobody any more/ });
    await meant.check();
    // Another number is another decision.
    await field.fill('1,000');
    expect(await meant.isChecked()).toBe(false);
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    await meant.check();
    await save.click();
    await expect
      .poll(() => callsOf(page, 'regions.setLimits'))
      .toEqual([{ regionId: 'fra2', maxOutOfService: 1000, maxMovesAtOnce: null }]);
  });

  test('what the core refuses of a limit stands at its field', async () => {
    const page = await showTable(
      withOperations(Date.now(), [], {
        problems: {
          'regions.setLimits': {
            code: 'invalid-input',
            message: 'Not kept.',
            advice: 'Correct it.',
            evidence: { kind: 'input', issues: [{ path: 'maxMovesAtOnce', message: 'At most 4 on this network.' }] },
          },
        },
      }),
    );
    await page.getByRole('button', { name: /can be serviced/ }).click();
    await page.getByRole('button', { name: 'Limits of the region…' }).click();
    await page.getByRole('textbox', { name: 'VM moves at once in one maintenance' }).fill('9');
    await page.getByRole('button', { name: 'Save in the cluster' }).click();
    await page.getByText('At most 4 on this network.').waitFor();
  });

  test('limits are found on the page of regions, too', async () => {
    const page = await show(withOperations(Date.now(), []), { hash: '#/regions' });
    await page.getByRole('button', { name: 'Limits of Frankfurt 2…' }).click();
    await page.getByRole('dialog', { name: 'Limits of the region' }).waitFor();
  });

  test('R14: the brake names its nodes, and is lifted by the region’s name only, never by Enter', async () => {
    const now = Date.now();
    const page = await showTable(heldBack(now));
    await page.getByText('3 nodes left Active within 60 s without an operation').waitFor();
    await page.getByRole('button', { name: 'Lift for 10 minutes…' }).focus();
    await page.keyboard.press('Enter');
    const verb = page.getByRole('button', { name: 'Lift for 10 minutes', exact: true });
    await page.keyboard.type('Frankfurt 1');
    expect(await verb.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    expect(await callsOf(page, 'regions.overrideBrake')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Lift for 10 minutes…' }).click();
    // What was typed is not lost by closing.
    expect(await page.getByRole('textbox', { name: /Type the region/ }).inputValue()).toBe('Frankfurt 2');
    await verb.click();
    await expect
      .poll(() => callsOf(page, 'regions.overrideBrake'))
      .toEqual([{ regionId: 'fra2', typedName: 'Frankfurt 2' }]);
  });

  test('R14: a brake that was lifted says until when, and offers nothing', async () => {
    const now = Date.now();
    const scenario = heldBack(now);
    const { brake } = scenario.snapshots['fra2']!.region;
    const page = await showTable(heldBack(now, { brake: { ...brake!, liftedUntil: now + 500_000 } }));
    // Past midnight the date stands before it.
    await page.getByText(/^The brake is lifted until (?:\d+ \w+, )?\d\d:\d\d\.$/).waitFor();
    expect(await page.getByRole('button', { name: 'Lift for 10 minutes…' }).count()).toBe(0);
  });

  test('R12: a node whose identity changed says so, and is taken for the same by its name only, all by keyboard', async () => {
    const page = await show(heldBack(Date.now(), { brake: null }), { hash: nodeHash('fra2-r01-n05') });
    await page.getByText('Nothing is written to fra2-r01-n05.').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'This is the same node…' }));
    await page.keyboard.press('Enter');
    const verb = page.getByRole('button', { name: 'It is the same node' });
    expect(await verb.getAttribute('aria-disabled')).toBe('true');
    await tabTo(page, page.getByRole('textbox', { name: /Type the node/ }));
    await page.keyboard.type('fra2-r01-n05');
    await tabTo(page, verb);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => callsOf(page, 'nodes.acceptIdentity'))
      .toEqual([{ regionId: 'fra2', nodeId: 'member:fra2-r01-n05', typedName: 'fra2-r01-n05' }]);
  });

  test('the node leads to its operation: from its status in the table, and from its page', async () => {
    const now = Date.now();
    const record: OperationRecord = {
      id: runningId,
      node: 'fra2-r04-n06',
      command: 'maintenance',
      step: 'move',
      direction: 'on',
      owner: 'm.keller on kestrel-lt',
      startedAt: now - 214_000,
      reason: 'Replace DIMM A7, ticket DC-4409',
      failure: null,
      choices: {
        stopsServices: false,
        movesOnlyWhatCan: false,
        bringsVmsHome: false,
        isUnreachable: false,
        isStatedOff: false,
      },
      vms: [],
      others: [],
      undo: [],
      units: [],
      fencedAt: 0,
    };
    const scenario = withOperations(now, [running(now)]);
    const one = scenario.snapshots['fra2']!;
    const nodes = one.nodes.map((node) => (node.name === record.node ? { ...node, operation: record } : node));
    const page = await showTable({ ...scenario, snapshots: { fra2: { ...one, nodes } }, profiles: [frankfurt] });
    await page.getByRole('link', { name: '5 of 8 moved' }).click();
    await page.getByRole('heading', { name: 'Put fra2-r04-n06 into maintenance' }).waitFor();
    await page.getByRole('link', { name: 'open fra2-r04-n06' }).click();
    await page.getByText('Maintenance: running').waitFor();
    await page.getByRole('link', { name: 'Open operation' }).click();
    await page.getByRole('heading', { name: 'Put fra2-r04-n06 into maintenance' }).waitFor();
  });

  test('nothing is said of headroom while nothing is known of it', async () => {
    const page = await showTable(withOperations(Date.now(), [], { answers: {} }));
    await page.evaluate(
      (view) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [], removed: [] });
      },
      liveView(frankfurt, Date.now()),
    );
    await expect.poll(() => page.locator('.rk-head').count()).toBe(0);
  });
});
