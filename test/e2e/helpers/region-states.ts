import type { Page } from 'playwright-core';
import type { AppInfo } from '#shared/contract/app.ts';
import {
  asking,
  changedKey,
  conversation,
  differingKey,
  keychain,
  notice,
  passphraseAsked,
  passwordAsked,
  trustedKeys,
  unknownKey,
} from './questions.ts';
import { demoOpen } from './demo.ts';
import { frankfurt, info, liveView, settings, snapshot } from './region.ts';
import { firstRun, live, offline, scenario } from './scenarios.ts';
import type { PageState } from './states.ts';

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor();
const openQuestions = async (page: Page): Promise<void> => {
  await press(page, /question/);
  await dialog(page);
};
const openForm = async (page: Page): Promise<void> => {
  await press(page, 'Connect to a region');
  await dialog(page);
};
const fill = async (page: Page): Promise<void> => {
  await page.getByRole('textbox', { name: 'Name' }).fill('Frankfurt 2');
  await page.getByRole('textbox', { name: 'Control node 1' }).fill('10.42.0.11');
  await page.getByRole('textbox', { name: 'User' }).fill('rackadm');
};
/** Leads an existing region through its form into the view of its connection. */
const reconnect = async (page: Page): Promise<void> => {
  await press(page, 'Edit Frankfurt 2…');
  await press(page, 'Save and connect');
  await page.getByRole('button', { name: 'Open the table' }).waitFor();
};
const answers = { 'regions.update': frankfurt };
const silentFeed = (now: number): AppInfo['update'] => ({
  kind: 'unanswered',
  because: 'updates.example.net was not found: the name is wrong, or this laptop has no network.',
  askedAt: now - 26 * 3_600_000,
});

/** Every state of the first run, the regions and the settings. */
export const regionStates: readonly PageState[] = [
  { name: 'first-run', scenario: firstRun, prepare: (page) => page.getByText('Where do you want').waitFor() },
  {
    name: 'first-run-shut',
    scenario: () => ({
      ...firstRun(),
      problems: {
        'demo.add': { code: 'disk-full', message: 'The disk of this laptop is full.', advice: 'Free some space.' },
      },
    }),
    prepare: async (page) => {
      await press(page, 'Explore the demo region');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'demo-panel',
    scenario: (now) => demoOpen(now, { demoLabel: 'Demo, clock × 60' }),
    prepare: async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await press(page, 'Demo, clock × 60');
      await press(page, 'Freeze the node');
      await page.getByText(/^Freeze the node, .*: done/).waitFor();
    },
  },
  {
    name: 'demo-tour',
    scenario: (now) => ({ ...demoOpen(now), views: {} }),
    prepare: async (page) => {
      await press(page, 'Next');
      await press(page, 'Next');
      await press(page, 'Next');
      await page.getByText('Taking a node out of service').waitFor();
    },
  },
  {
    name: 'demo-limits',
    scenario: (now) => demoOpen(now),
    hash: '#/regions',
    prepare: async (page) => {
      await press(page, 'Limits of Demo region…');
      await dialog(page);
    },
  },
  { name: 'region-form', scenario: firstRun, prepare: openForm },
  {
    name: 'region-form-wrong',
    scenario: () => ({
      ...firstRun(),
      problems: {
        'regions.add': {
          code: 'invalid-input',
          message: 'Give the region a name.',
          advice: 'Correct what is marked and try again.',
          evidence: {
            kind: 'input',
            issues: [
              { path: 'name', message: 'Give the region a name.' },
              { path: 'seeds.1.port', message: 'A port is 1 to 65535.' },
              { path: 'login.methods', message: 'Choose at least one way to log in.' },
            ],
          },
        },
      },
    }),
    prepare: async (page) => {
      await openForm(page);
      await page.getByRole('textbox', { name: 'Control node 1' }).fill('10.42.0.11');
      await press(page, 'Add a control node');
      await page.getByRole('textbox', { name: 'Control node 2' }).fill('10.42.0.12:70000');
      await page.getByRole('checkbox', { name: 'SSH agent' }).uncheck();
      await press(page, 'Connect');
      await page.getByText('Give the region a name.').waitFor();
    },
  },
  {
    name: 'region-form-jump',
    scenario: () => ({ ...firstRun(), info: keychain }),
    prepare: async (page) => {
      await openForm(page);
      await fill(page);
      await page.getByRole('checkbox', { name: 'Password' }).check();
      await page.getByRole('textbox', { name: 'Password', exact: true }).fill('a secret');
      await press(page, 'Add a jump host');
      await page.getByRole('textbox', { name: 'Address' }).fill('jump.example.net');
      await page.getByRole('textbox', { name: 'Address' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'region-form-asks',
    scenario: firstRun,
    prepare: async (page) => {
      await openForm(page);
      await fill(page);
      await page.getByRole('checkbox', { name: 'Password' }).check();
      await page.getByRole('textbox', { name: 'Password', exact: true }).fill('a secret');
      await page.keyboard.press('Escape');
      await page.getByText('is not kept when this closes').waitFor();
    },
  },
  {
    name: 'regions',
    scenario: live,
    hash: '#/regions',
    prepare: (page) => page.getByRole('cell', { name: /Live through/ }).waitFor(),
  },
  {
    name: 'regions-offline',
    scenario: offline,
    hash: '#/regions',
    prepare: (page) => page.getByRole('cell', { name: /As of/ }).waitFor(),
  },
  {
    name: 'region-edit',
    scenario: live,
    hash: '#/regions',
    prepare: async (page) => {
      await press(page, 'Edit Frankfurt 2…');
      await dialog(page);
    },
  },
  {
    name: 'region-remove',
    scenario: live,
    hash: '#/regions',
    prepare: async (page) => {
      await press(page, 'Remove Frankfurt 2…');
      await dialog(page);
    },
  },
  {
    name: 'region-connected',
    scenario: (now) => ({ ...live(now), answers }),
    hash: '#/regions',
    prepare: reconnect,
  },
  {
    name: 'region-connecting',
    scenario: (now) => {
      const connection = { kind: 'connecting' as const, since: now - 3000, to: '10.42.0.11', lastReadAt: null };
      return scenario([snapshot({ ...liveView(frankfurt, now), connection, dc: null, quorum: null }, [], now)], {
        answers,
      });
    },
    hash: '#/regions',
    prepare: reconnect,
  },
  {
    name: 'region-connect-failed',
    scenario: (now) => ({ ...offline(now), answers }),
    hash: '#/regions',
    prepare: reconnect,
  },
  {
    name: 'questions-keys',
    scenario: (now) =>
      asking(now, [
        unknownKey('fra2-r01-n05', 5, true),
        unknownKey('fra2-r01-n06', 6, true),
        unknownKey('fra2-r01-n07', 7, false),
        unknownKey('fra2-r01-n08', 8, true),
      ]),
    prepare: async (page) => {
      await openQuestions(page);
      await page.getByRole('checkbox', { name: 'Select 10.42.1.5' }).check();
    },
  },
  {
    name: 'questions-one-key',
    scenario: (now) => asking(now, [unknownKey('region', 11, false)]),
    prepare: openQuestions,
  },
  {
    name: 'questions-refused',
    scenario: (now) =>
      asking(now, [
        changedKey('fra2-r01-n05', 5, ['Rackside', '/home/tech/.ssh/known_hosts:12']),
        differingKey('fra2-r01-n06', 6),
      ]),
    prepare: openQuestions,
  },
  {
    name: 'questions-secrets',
    scenario: (now) =>
      asking(now, [passphraseAsked, passwordAsked('fra2-r01-n06'), passwordAsked('fra2-r01-n07')], { info: keychain }),
    prepare: openQuestions,
  },
  {
    name: 'questions-conversation',
    scenario: (now) => asking(now, [conversation(now + 48_000)]),
    prepare: openQuestions,
  },
  {
    name: 'settings',
    scenario: (now) => ({
      ...live(now),
      settings: { ...settings, updateFeedUrl: 'https://updates.example.net/rackside' },
      info: { ...info, notices: [notice(now)], update: silentFeed(now) },
      answers: { 'knownHosts.list': trustedKeys(now) },
    }),
    hash: '#/settings',
    prepare: (page) => page.getByRole('rowheader', { name: '10.42.0.11' }).waitFor(),
  },
  {
    name: 'settings-forget-key',
    scenario: (now) => ({ ...live(now), answers: { 'knownHosts.list': trustedKeys(now) } }),
    hash: '#/settings',
    prepare: async (page) => {
      await press(page, 'Forget the keys of 10.42.0.11…');
      await dialog(page);
    },
  },
];
