import type { Page } from 'playwright-core';
import { nodeId } from '#shared/model/ids.ts';
import { frankfurt, liveView } from './region.ts';
import { row } from './rows.ts';
import { live, offline, withDetails } from './scenarios.ts';
import type { PageState } from './states.ts';

const painted = (page: Page): Promise<void> => page.locator('[data-row]').first().waitFor();
const nodeHash = (name: string): string => `#/nodes/${encodeURIComponent(`member:${name}`)}`;
const rowMenu = async (page: Page, name: string): Promise<void> => {
  await painted(page);
  await page.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menu').waitFor();
};
const selectAll = async (page: Page, names: readonly string[]): Promise<void> => {
  await painted(page);
  for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
};
const openRename = async (page: Page): Promise<void> => {
  await painted(page);
  await page.locator('[role=grid]').focus();
  await page.keyboard.press('F2');
  await page.getByRole('dialog').waitFor();
};

/** Another laptop gives the node another name. */
export async function renamedByAnother(page: Page, hostname: string, name: string): Promise<void> {
  const now = Date.now();
  const changed = { ...row({ name: hostname, status: 'failed' }, now), id: nodeId(`member:${hostname}`), name };
  await page.evaluate(
    ([view, next]) => {
      window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [next], removed: [] });
    },
    [liveView(frankfurt, now), changed] as const,
  );
}

/** Where nodes are acted on: menus, the bar above the table, the header of the page, Rename, tags. */
export const actionStates: readonly PageState[] = [
  { name: 'actions-menu', scenario: live, prepare: (page) => rowMenu(page, 'fra2-r06-n01') },
  { name: 'actions-menu-low', scenario: live, prepare: (page) => rowMenu(page, 'fra2-ctl-1') },
  { name: 'actions-menu-offline', scenario: offline, prepare: (page) => rowMenu(page, 'fra2-r06-n01') },
  {
    name: 'actions-bar-mixed',
    scenario: live,
    prepare: (page) => selectAll(page, ['fra2-r07-n12', 'fra2-r06-n01', 'fra2-r08-n03']),
  },
  { name: 'actions-rename', scenario: live, prepare: openRename },
  {
    name: 'actions-rename-contested',
    scenario: live,
    prepare: async (page) => {
      await openRename(page);
      await page.getByRole('textbox', { name: 'Name' }).fill('db-standby');
      await renamedByAnother(page, 'fra2-r07-n12', 'db-primary');
      await page.getByRole('button', { name: 'Take theirs' }).waitFor();
    },
  },
  {
    name: 'actions-detail-menu',
    scenario: withDetails,
    hash: nodeHash('fra2-r01-n05'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Actions', exact: true }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'actions-detail-tag',
    scenario: withDetails,
    hash: nodeHash('fra2-r01-n05'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Add tag' }).click();
      await page.keyboard.press('ArrowDown');
    },
  },
];
