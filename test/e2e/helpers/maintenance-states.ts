import type { Page } from 'playwright-core';
import { armed, armedUnreachable } from './force.ts';
import { activation, dangerousRemoval, fenceLoop, removal, stop, stopHeldUp } from './coming-back.ts';
import { blocked, blockedNode, doubtful, off, ready, readyNode, restarting } from './maintenance.ts';
import { forceAnswers, liveWith, openByPointer, openForce, openForMany } from './maintenance-pages.ts';
import type { PageState } from './states.ts';

const inService = 'fra2-r06-n01';
const many = ['fra2-r07-n12', 'fra2-r05-n09', 'fra2-ctl-3'] as const;
const text = (page: Page, words: string): Promise<void> => page.getByText(words).first().waitFor();

/** The first node is off, the second is held up, the third is ready. */
const manyAnswers = (now: number) => ({
  'maintenance.prepare': {
    'member:fra2-r07-n12': doubtful(now),
    'member:fra2-r05-n09': off(now, 'fra2-r05-n09'),
    'member:fra2-ctl-3': ready(now, 'fra2-ctl-3'),
  },
});

/** Every dialog that takes nodes out of service or brings them back, in every state. */
export const maintenanceStates: readonly PageState[] = [
  {
    name: 'maintenance-blocked',
    scenario: (now) => liveWith(now, { 'maintenance.prepare': blocked(now) }),
    prepare: async (page) => {
      await openByPointer(page, blockedNode, 'Maintenance…');
      await text(page, '1 blocker');
      await page.getByLabel('Reason').fill('Replace DIMM B3, ticket DC-4417');
    },
  },
  {
    name: 'maintenance-ready',
    scenario: (now) => liveWith(now, { 'maintenance.prepare': ready(now) }),
    prepare: async (page) => {
      await openByPointer(page, readyNode, 'Maintenance…');
      await text(page, 'Ready. No VM');
      await page.getByLabel('Reason').fill('Replace fan module 2, ticket DC-4420');
    },
  },
  {
    name: 'maintenance-reading',
    scenario: (now) => liveWith(now, {}, { silent: ['maintenance.prepare'] }),
    prepare: async (page) => {
      await openByPointer(page, readyNode, 'Maintenance…');
      await text(page, `reading ${readyNode}`);
    },
  },
  {
    name: 'maintenance-doubtful',
    scenario: (now) => liveWith(now, { 'maintenance.prepare': doubtful(now) }),
    prepare: async (page) => {
      await openByPointer(page, blockedNode, 'Maintenance…');
      await text(page, 'VMs on other nodes');
      await page.getByRole('button', { name: 'What would run' }).click();
      await page.locator('.rk-run pre').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'maintenance-off',
    scenario: (now) => liveWith(now, { 'maintenance.prepare': off(now, 'fra2-r05-n09') }),
    prepare: async (page) => {
      await openByPointer(page, 'fra2-r05-n09', 'Maintenance…');
      await text(page, 'Ready. No VM runs here.');
    },
  },
  {
    name: 'maintenance-changed',
    scenario: (now) =>
      liveWith(
        now,
        { 'maintenance.prepare': restarting(now, true) },
        {
          problems: {
            'maintenance.start': {
              code: 'plan-changed',
              message: 'While you read it, render-gpu-04 was started on fra2-r01-n06.',
              advice: 'Look at the plan again.',
            },
          },
        },
      ),
    prepare: async (page) => {
      await openByPointer(page, blockedNode, 'Maintenance…');
      await page.getByLabel('Reason').fill('Replace DIMM B3, ticket DC-4417');
      await text(page, 'Ready.');
      await page.evaluate((answer) => {
        window.testBridge.setAnswer('maintenance.prepare', answer);
      }, blocked(Date.now()));
      await page.getByRole('button', { name: 'OK', exact: true }).click();
      await text(page, 'The plan is not what you confirmed');
      await page.locator('.rk-pf__new').first().waitFor();
    },
  },
  {
    name: 'maintenance-refused',
    scenario: (now) =>
      liveWith(
        now,
        { 'maintenance.prepare': ready(now) },
        {
          problems: {
            'maintenance.start': {
              code: 'service-limit',
              message: 'Frankfurt 2 allows 7 nodes out of service at once, and 7 are: fra2-r06-n04 went a moment ago.',
              advice: 'Activate one of them first, or raise the region’s limit.',
              evidence: {
                kind: 'output',
                command: 'cibadmin --query --xpath //nvpair[@name="rackside-slot-admission"]',
                stdout: '<nvpair …/>',
                stderr: '',
              },
            },
          },
        },
      ),
    prepare: async (page) => {
      await openByPointer(page, readyNode, 'Maintenance…');
      await page.getByLabel('Reason').fill('Replace fan module 2');
      await text(page, 'Ready.');
      await page.getByRole('button', { name: 'OK', exact: true }).click();
      await text(page, 'allows 7 nodes out of service');
    },
  },
  {
    name: 'maintenance-unread',
    scenario: (now) =>
      liveWith(
        now,
        {},
        {
          problems: {
            'maintenance.prepare': {
              code: 'no-control-node-answers',
              message: 'None of the 3 control nodes of Frankfurt 2 answers.',
              advice: 'Check this laptop’s network, then check again.',
            },
          },
        },
      ),
    prepare: async (page) => {
      await openByPointer(page, readyNode, 'Maintenance…');
      await text(page, 'could not be read');
    },
  },
  {
    name: 'maintenance-many',
    scenario: (now) => liveWith(now, {}, { answersOf: manyAnswers(now) }),
    prepare: async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await openForMany(page, many, 'Maintenance…');
      await text(page, '1 not known');
    },
  },
  {
    name: 'force-running',
    scenario: (now) => liveWith(now, forceAnswers(blocked(now))),
    prepare: async (page) => {
      await openForce(page);
      await page.getByRole('checkbox', { name: 'Stop render-gpu-04' }).check();
      await page.getByLabel('Type the node’s name to confirm').fill(blockedNode);
    },
  },
  {
    name: 'force-done',
    scenario: (now) => liveWith(now, forceAnswers(blocked(now), armed(0))),
    prepare: async (page) => {
      await openForce(page);
      for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.check();
      await page.getByLabel('Reason').fill('Replace DIMM B3, ticket DC-4417');
      await page.getByLabel('Type the node’s name to confirm').fill(blockedNode);
    },
  },
  {
    name: 'force-unreachable',
    scenario: (now) => liveWith(now, forceAnswers(blocked(now), armedUnreachable(30_000))),
    prepare: async (page) => {
      await openForce(page);
      await page
        .getByLabel('A tick is not enough. Type: fra2-r01-n06 is powered off')
        .fill('fra2-r01-n06 is powered off');
    },
  },
  {
    name: 'force-nothing',
    scenario: (now) =>
      liveWith(
        now,
        forceAnswers(
          blocked(now),
          armed(30_000, {
            overrides: [],
            neverOverridden: [],
            refused: 'Every check of fra2-r01-n06 passes by now: put it into maintenance the normal way.',
          }),
        ),
      ),
    prepare: async (page) => {
      await openForce(page);
      await text(page, 'Nothing to force');
    },
  },
  {
    name: 'force-too-early',
    scenario: (now) =>
      liveWith(now, forceAnswers(blocked(now), armed(1200)), {
        problems: {
          'force.start': {
            code: 'timer-running',
            message: 'The safety timer of fra2-r01-n06 still runs: this laptop slept meanwhile.',
            advice: 'Wait until it is done.',
          },
        },
      }),
    prepare: async (page) => {
      await openForce(page);
      for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.check();
      await page.getByLabel('Reason').fill('Replace DIMM B3, ticket DC-4417');
      await page.getByLabel('Type the node’s name to confirm').fill(blockedNode);
      await page.getByRole('button', { name: 'Force maintenance', exact: true }).click();
      await text(page, 'still runs');
    },
  },
  {
    name: 'shut-down-vm',
    scenario: (now) => liveWith(now, { 'maintenance.prepare': blocked(now) }),
    prepare: async (page) => {
      await openByPointer(page, blockedNode, 'Maintenance…');
      await page.getByRole('button', { name: 'Shut down render-gpu-04…' }).click();
      await page.getByLabel('Type the VM’s name to confirm').fill('render-gpu-04');
    },
  },
  {
    name: 'activate',
    scenario: (now) => liveWith(now, { 'activate.prepare': activation(now, inService) }),
    prepare: async (page) => {
      await openByPointer(page, inService, 'Activate…');
      await page.getByRole('checkbox', { name: 'Bring 2 VMs home' }).check();
    },
  },
  {
    name: 'activate-fence-loop',
    scenario: (now) =>
      liveWith(
        now,
        {},
        {
          answersOf: {
            'activate.prepare': {
              [`member:${inService}`]: fenceLoop(now, inService),
              'member:fra2-r06-n02': activation(now, 'fra2-r06-n02'),
            },
          },
        },
      ),
    prepare: async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await openForMany(page, [inService, 'fra2-r06-n02'], 'Activate…');
      await text(page, 'fenced three times');
    },
  },
  {
    name: 'stop-services',
    scenario: (now) => liveWith(now, { 'services.prepareStop': stop(now, inService) }),
    prepare: async (page) => {
      await openByPointer(page, inService, 'Stop Cluster Services…');
      await text(page, 'No VM runs here, and the others keep their quorum.');
      await page.getByRole('button', { name: 'What would run' }).click();
    },
  },
  {
    name: 'stop-services-held-up',
    scenario: (now) => liveWith(now, { 'services.prepareStop': stopHeldUp(now, inService) }),
    prepare: async (page) => {
      await openByPointer(page, inService, 'Stop Cluster Services…');
      await text(page, 'Without it the cluster loses quorum');
    },
  },
  {
    name: 'remove',
    scenario: (now) => liveWith(now, { 'removal.prepare': removal(now, inService) }),
    prepare: async (page) => {
      await openByPointer(page, inService, 'Remove…');
      await text(page, 'Goes with it');
    },
  },
  {
    name: 'remove-dangerous',
    scenario: (now) => liveWith(now, { 'removal.prepare': dangerousRemoval(now, inService) }),
    prepare: async (page) => {
      await openByPointer(page, inService, 'Remove…');
      await page.getByLabel('About the data pool, type').fill('data-2 may be lost');
    },
  },
];
