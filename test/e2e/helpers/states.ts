import type { Page } from 'playwright-core';
import type { Scenario } from './bridge.ts';
import {
  awkward,
  empty,
  failing,
  live,
  loading,
  offline,
  reading,
  refused,
  withoutQuorum,
  withDetails,
} from './scenarios.ts';

/** One state of one page: what axe looks at, and what is photographed beside the mocks. */
export interface PageState {
  readonly name: string;
  readonly scenario: (now: number) => Scenario;
  readonly hash?: string;
  /** Wider windows have no such state, and are not looked at. */
  readonly widestPx?: number;
  /** Leads the page into the state, and ends when it is there. */
  readonly prepare: (page: Page) => Promise<void>;
}

const painted = (page: Page): Promise<void> => page.locator('[data-row]').first().waitFor();
const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor();
const nodeHash = (name: string): string => `#/nodes/${encodeURIComponent(`member:${name}`)}`;

export const states: readonly PageState[] = [
  { name: 'nodes', scenario: live, prepare: painted },
  {
    name: 'nodes-selected',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('checkbox', { name: 'Select fra2-r06-n01' }).click();
      await page.getByRole('checkbox', { name: 'Select fra2-r06-n02' }).click();
    },
  },
  {
    name: 'nodes-hidden-selection',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('checkbox', { name: 'Select fra2-r06-n01' }).click();
      await page.getByRole('searchbox').fill('r01');
      await text('1 not shown by the filter')(page);
    },
  },
  {
    name: 'nodes-keyboard',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.locator('[role=grid]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.locator('#rk-tip').waitFor();
    },
  },
  {
    name: 'nodes-sideways',
    scenario: live,
    // At 1440 the whole table fits.
    widestPx: 1280,
    prepare: async (page) => {
      await painted(page);
      await page.locator('[data-row]').nth(3).getByRole('checkbox').click();
      await page.locator('.rk-tw').evaluate((scroller) => {
        scroller.scrollTo({ left: 500 });
      });
      await page.locator('.rk-tw[data-sideways]').waitFor({ state: 'attached' });
      await page.locator('[data-row]').nth(5).hover();
    },
  },
  {
    name: 'nodes-columns-menu',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'nodes-status-menu',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: 'Status Any' }).click();
      await page.getByRole('menuitemcheckbox', { name: /^Failed/ }).click();
    },
  },
  {
    name: 'nodes-region-menu',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: /^Region/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'nodes-reading', scenario: reading, prepare: text('Live') },
  { name: 'nodes-awkward', scenario: awkward, prepare: painted },
  { name: 'nodes-offline', scenario: offline, prepare: painted },
  { name: 'nodes-no-quorum', scenario: withoutQuorum, prepare: painted },
  { name: 'nodes-refused', scenario: refused, prepare: painted },
  { name: 'nodes-empty', scenario: empty, prepare: text('No node in Frankfurt 2') },
  {
    name: 'nodes-filtered-away',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('group', { name: 'Built-in filters' }).getByRole('button', { name: 'Inadequate' }).click();
      await page.keyboard.press('/');
      await page.keyboard.type('gpu-a40');
      await text('No node matches')(page);
    },
  },
  { name: 'nodes-loading', scenario: () => loading(), prepare: text('Reading Frankfurt 2') },
  { name: 'nodes-error', scenario: () => failing(), prepare: text('Frankfurt 2 was not opened') },
  {
    name: 'palette',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('checkbox', { name: 'Select fra2-r06-n01' }).click();
      await page.keyboard.press('Control+k');
      await page.getByRole('option', { name: /^Maintenance/ }).waitFor();
    },
  },
  {
    name: 'palette-found',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('fra2-r0');
      await page.getByText('Nodes 8 of').waitFor();
    },
  },
  {
    name: 'shortcuts',
    scenario: live,
    prepare: async (page) => {
      await painted(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'problem-dialog',
    scenario: offline,
    prepare: async (page) => {
      await painted(page);
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByRole('button', { name: 'Show output' }).click();
    },
  },
  { name: 'node', scenario: withDetails, hash: nodeHash('fra2-r01-n05'), prepare: text('AMD EPYC 9354') },
  { name: 'node-poor', scenario: withDetails, hash: nodeHash('fra2-r07-n12'), prepare: text('dmidecode needs root') },
  { name: 'node-reading', scenario: live, hash: nodeHash('fra2-r01-n05'), prepare: text('it is being read now') },
  { name: 'node-offline', scenario: offline, hash: nodeHash('fra2-r01-n05'), prepare: text('silent for 3 h') },
  { name: 'node-gone', scenario: live, hash: nodeHash('gone'), prepare: text('Back to the nodes') },
];
