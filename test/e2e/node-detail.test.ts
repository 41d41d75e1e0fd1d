import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { known } from '#shared/model/reading.ts';
import type { Scenario } from './helpers/bridge.ts';
import type { PageOptions } from './helpers/browser.ts';
import { detailOf } from './helpers/detail.ts';
import { frankfurt, liveView } from './helpers/region.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { row, slowMs } from './helpers/rows.ts';
import { live, offline, withDetails } from './helpers/scenarios.ts';

const node = (name: string): string => `#/nodes/${encodeURIComponent(`member:${name}`)}`;

describePages('the node page', ({ show, showTable }) => {
  async function showNode(
    name: string,
    scenario: Scenario = withDetails(Date.now()),
    options: PageOptions = {},
  ): Promise<Page> {
    const page = await show(scenario, { hash: node(name), ...options });
    await page.getByRole('heading', { name }).waitFor();
    return page;
  }
  const fact = (page: Page, label: string) =>
    page.locator('.rk-dl > div', { has: page.locator(`dt:text-is("${label}")`) }).locator('dd');

  test('Overview has what the specification names: name, description, status, IP, uptime, memory, disk capacity, CPU', async () => {
    const page = await showNode('fra2-r01-n05');
    const labels = [
      'Name',
      'Description',
      'Status',
      'IP',
      'Uptime',
      'Memory',
      'Disk capacity',
      'CPU',
      'vCPUs',
      'Serial',
      'Kernel',
    ];
    const values = await Promise.all(labels.map(async (label) => (await fact(page, label).textContent())?.trim()));
    expect(values).toEqual([
      'fra2-r01-n05',
      'Tenant worker, row B, left aisle',
      expect.stringMatching(/^Activeseen so since /),
      '10.42.1.5',
      '41 d 6 h',
      '512 GiB, as the firmware lists its modules',
      '30.7 TB, 8 disks',
      'AMD EPYC 9354, 32 cores, 64 threads',
      '64, of which 56 assigned',
      '7KX2P14',
      '6.1.0-26-amd64',
    ]);
  });

  test('the load bars say both numbers, and turn amber only with their number', async () => {
    const page = await showNode('fra2-r01-n05');
    const bars = page.locator('.rk-us');
    expect((await bars.allTextContents()).slice(0, 3).map((text) => text.trim())).toEqual([
      'CPU 93 %',
      'Memory 446 of 512 GiB',
      'VM memory 444 of 448 GiB',
    ]);
    expect(await page.locator('.rk-us .rk-bar--hot').count()).toBe(await page.locator('.rk-us .rk-v--hot').count());
  });

  test('the tabs that are not built are absent', async () => {
    const page = await showNode('fra2-r01-n05');
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Overview']);
  });

  test('what is not known says why in its place', async () => {
    const page = await showNode('fra2-r07-n12');
    await page.getByText('because dmidecode needs root, and sudo asks rackadm for a password').waitFor();
    expect(await fact(page, 'Serial').textContent()).toContain(
      'Not known, because only root may read it, and sudo asks rackadm for a password.',
    );
    expect(await fact(page, 'BIOS').textContent()).toContain('The firmware does not tell.');
    expect(await fact(page, 'Kernel').textContent()).toBe('6.1.0-26-amd6440 m old');
    await page.getByText('Pool data-2 is degraded').waitFor();
  });

  test('Refresh reads the node now and shows what that read found', async () => {
    const now = Date.now();
    const page = await showNode('fra2-r01-n05');
    const fresh = detailOf(row({ name: 'fra2-r01-n05', address: '10.42.1.5' }, now), now);
    await page.evaluate(
      (next) => {
        window.testBridge.setDetail(next);
      },
      { ...fresh, cpu: known({ model: 'AMD EPYC 9654', sockets: 2, cores: 96, threads: 192 }, now, slowMs) },
    );
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('AMD EPYC 9654, 2 sockets, 96 cores, 192 threads').waitFor();
    expect(await callsOf(page, 'nodes.refresh')).toHaveLength(1);
  });

  test('a refresh that fails says so; the last good values stay', async () => {
    const page = await showNode('fra2-r01-n05');
    await page.getByText('AMD EPYC 9354').waitFor();
    await page.evaluate(() => {
      window.testBridge.setProblem('nodes.refresh', {
        code: 'command-timed-out',
        message: 'fra2-r01-n05: lsblk did not end within 20 s.',
        advice: 'Look at its disks at the console.',
      });
    });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('fra2-r01-n05: lsblk did not end within 20 s.').waitFor();
    await page.getByText('AMD EPYC 9354').waitFor();
  });

  test('live values change on the page as they come', async () => {
    const page = await showNode('fra2-r01-n05');
    await page.evaluate(
      ([view, changed]) => {
        window.testBridge.emit('region.changed', { regionId: view.id, region: view, changed: [changed], removed: [] });
      },
      [liveView(frankfurt, Date.now()), row({ name: 'fra2-r01-n05', cpu: 17 }, Date.now())] as const,
    );
    await page.getByText('17 %').waitFor();
  });

  test('[ and ] step through the nodes in the order of the list that was left', async () => {
    const page = await showTable(withDetails(Date.now()));
    await page.getByRole('link', { name: 'fra2-r01-n05' }).click();
    await page.getByRole('heading', { name: 'fra2-r01-n05' }).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'fra2-r01-n06' }).waitFor();
    // Both before the page has followed the first of them.
    await page.evaluate(() => {
      for (const _ of ['first', 'second'])
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '[', bubbles: true, cancelable: true }));
    });
    await page.getByRole('heading', { name: 'fra2-r01-n04' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.locator('[data-row]').first().waitFor();
  });

  test('the status tells its whole reason on focus', async () => {
    const page = await showNode('fra2-r07-n12');
    await page.getByRole('link', { name: 'Nodes' }).last().focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('#rk-tip').textContent()).toContain('libvirtd is silent');
  });

  test('offline: the page opens from the cache, and says of what time it is', async () => {
    const page = await showNode('fra2-r01-n05', offline(Date.now()));
    await page.getByText('first suspect').waitFor();
    expect(await page.locator('.rk-nh__fresh').textContent()).toBe('silent for 3 h');
    expect(await page.locator('.rk-us__value').first().textContent()).toBe('3 h old 93 %');
  });

  test('a node that is not in the region says so and leads back', async () => {
    const page = await show(live(Date.now()), { hash: node('gone') });
    await page.getByRole('link', { name: 'Back to the nodes' }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('at 1280 × 720 the page itself does not scroll', async () => {
    const page = await showNode('fra2-r07-n12', withDetails(Date.now()), { width: 1280, height: 720 });
    expect(
      await page.evaluate(() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]),
    ).toEqual([720, 1280]);
  });
});
