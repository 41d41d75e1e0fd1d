import type { Page } from 'playwright-core';
import type { Operation } from '#shared/model/operation.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { Scenario } from './bridge.ts';
import { detailOf } from './detail.ts';
import { frankfurtNodes } from './frankfurt.ts';
import { headroom, withOperations } from './operation-scenario.ts';
import { ended, everyState, failed, running, runningId, unattended } from './operations.ts';
import { frankfurt, liveView, snapshot } from './region.ts';
import { live, scenario } from './scenarios.ts';
import type { PageState } from './states.ts';

export const operationHash = (id: string = runningId): string => `#/operations/${id}`;

const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();
const one = (of: (now: number) => Operation) => (now: number) => withOperations(now, [of(now)]);
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();
const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();

const frozen =
  'fra2-r01-n05 answers with another machine-id (41c7b9003d5f) and another host key than the node had (8d1f04c2e7aa)';

/** A region where something holds operations back: the brake, a frozen node. */
export function heldBack(now: number, more: Partial<RegionView> = {}): Scenario {
  const nodes = frankfurtNodes(now).map((node) =>
    node.name === 'fra2-r01-n05' ? { ...node, frozenBecause: frozen } : node,
  );
  const view: RegionView = {
    ...liveView(frankfurt, now),
    headroom: { ...headroom, out: 9, serviceable: 0, words: 'none: limit' },
    brake: {
      since: now - 130_000,
      nodes: ['fra2-r05-n09', 'fra2-r07-n12', 'fra2-r02-n11'],
      words: '3 nodes left Active within 60 s without an operation, so nothing may be taken out of service',
      liftedUntil: null,
    },
    ...more,
  };
  const details = nodes.filter(({ name }) => name === 'fra2-r01-n05').map((node) => detailOf(node, now));
  return scenario([snapshot(view, nodes, now)], {
    details: Object.fromEntries(details.map((detail) => [detail.row.id, detail])),
  });
}

const nodeHash = `#/nodes/${encodeURIComponent('member:fra2-r01-n05')}`;

/** Every state of the operations' pages, their dialogs, and what the frame says of them. */
export const operationStates: readonly PageState[] = [
  {
    name: 'operations',
    scenario: (now) => withOperations(now, everyState(now)),
    hash: '#/operations',
    prepare: text('Replace DIMM B3'),
  },
  { name: 'operations-empty', scenario: live, hash: '#/operations', prepare: text('No operation in Frankfurt 2 yet') },
  {
    name: 'operations-none-open',
    scenario: one((now) => ended(now)),
    hash: '#/operations',
    prepare: async (page) => {
      await text('Replace DIMM A7')(page);
      await press(page, 'Open 0');
      await text('No operation is open')(page);
    },
  },
  {
    name: 'operation',
    scenario: one((now) => running(now)),
    hash: operationHash(),
    prepare: text('metrics-tsdb-2 writes'),
  },
  { name: 'operation-failed', scenario: one(failed), hash: operationHash(), prepare: text('waits for you') },
  {
    name: 'operation-failed-output',
    scenario: one(failed),
    hash: operationHash(),
    prepare: (page) => press(page, 'Show output'),
  },
  { name: 'operation-unattended', scenario: one(unattended), hash: operationHash(), prepare: text('Nobody drives it') },
  {
    name: 'operation-ended',
    scenario: one((now) => ended(now)),
    hash: operationHash(),
    prepare: text('went into maintenance'),
  },
  {
    name: 'operation-force',
    scenario: one((now) =>
      running(now, {
        command: 'force-maintenance',
        message: 'Node fra2-r04-n06 is being forcefully deactivated.',
        vms: running(now).vms.map((vm, index) =>
          index < 6
            ? vm
            : { ...vm, effect: 'stop', state: index === 6 ? 'stopped' : 'waiting', progress: null, detail: '' },
        ),
      }),
    ),
    hash: operationHash(),
    prepare: text('being forcefully deactivated'),
  },
  {
    name: 'operation-bare',
    scenario: one((now) => running(now, { command: 'remove', vms: [], reason: 'End of life' })),
    hash: operationHash(),
    prepare: text('none is part of it'),
  },
  {
    name: 'operation-gone',
    scenario: (now) =>
      withOperations(now, [], {
        problems: {
          'operations.get': {
            code: 'operation-not-found',
            message: 'No operation 7f3a0192 is recorded in Frankfurt 2, nor in this laptop’s journal.',
            advice: 'Look at the list of operations.',
          },
        },
      }),
    hash: operationHash(),
    prepare: text('not known in this region'),
  },
  {
    name: 'operation-cancel',
    scenario: one((now) => running(now)),
    hash: operationHash(),
    prepare: async (page) => {
      await press(page, 'Cancel…');
      await dialog(page);
    },
  },
  {
    name: 'operation-roll-back',
    scenario: one(failed),
    hash: operationHash(),
    prepare: async (page) => {
      await press(page, 'Roll back…');
      await dialog(page);
    },
  },
  {
    name: 'operation-toasts',
    scenario: (now) => withOperations(now, everyState(now)),
    prepare: async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await page.locator('.rk-nav em').waitFor();
      const now = await page.evaluate(() => Date.now());
      const news = [failed(now), ended(now), unattended(now)].map((next, index) => ({
        ...next,
        id: everyState(now)[[6, 5, 3][index]!]!.id,
        updatedAt: now + index,
      }));
      await page.evaluate((all) => {
        for (const next of all) window.testBridge.emit('operation.changed', next);
      }, news);
      await page.locator('.rk-toast').first().waitFor();
    },
  },
  {
    name: 'headroom',
    scenario: one((now) => running(now)),
    prepare: async (page) => {
      await page.getByRole('button', { name: /can be serviced/ }).click();
      await page.getByRole('region', { name: 'Nodes that can be serviced' }).waitFor();
    },
  },
  {
    name: 'limits',
    scenario: one((now) => running(now)),
    prepare: async (page) => {
      await page.getByRole('button', { name: /can be serviced/ }).click();
      await press(page, 'Limits of the region…');
      await dialog(page);
    },
  },
  {
    name: 'limits-loose',
    scenario: one((now) => running(now)),
    prepare: async (page) => {
      await page.getByRole('button', { name: /can be serviced/ }).click();
      await press(page, 'Limits of the region…');
      await page.getByRole('textbox', { name: 'Nodes out of service at once' }).fill('1000');
      await page.getByRole('textbox', { name: 'VM moves at once in one maintenance' }).fill('17');
      await page.getByRole('checkbox', { name: /protects nobody/ }).waitFor();
    },
  },
  { name: 'brake', scenario: (now) => heldBack(now), prepare: text('left Active within 60 s') },
  {
    name: 'brake-dialog',
    scenario: (now) => heldBack(now),
    prepare: async (page) => {
      await press(page, 'Lift for 10 minutes…');
      await dialog(page);
    },
  },
  {
    name: 'identity',
    scenario: (now) => heldBack(now, { brake: null }),
    hash: nodeHash,
    prepare: text('Nothing is written to fra2-r01-n05'),
  },
  {
    name: 'identity-dialog',
    scenario: (now) => heldBack(now, { brake: null }),
    hash: nodeHash,
    prepare: async (page) => {
      await press(page, 'This is the same node…');
      await dialog(page);
    },
  },
];
