import { expect, test } from 'vitest';
import { callsOf, describePages } from './helpers/pages.ts';
import { empty, failing, loading, offline, reading, refused } from './helpers/scenarios.ts';

describePages('the states of the nodes page', ({ show, showTable }) => {
  test('offline: the banner suspects the laptop’s network, values step back, Try now asks again', async () => {
    const page = await showTable(offline(Date.now()));
    const suspect = page.getByText('No node of Frankfurt 2 answers, so this laptop’s network is the first suspect.');
    await suspect.waitFor();
    expect(await suspect.count()).toBe(1);
    expect(await page.locator('.rk-fresh').textContent()).toMatch(/^As of .*3 h ago$/);
    expect(await page.locator('.rk-tw--stale').count()).toBe(1);
    await page.getByRole('button', { name: 'Try now' }).click();
    await expect.poll(() => callsOf(page, 'regions.retry')).toHaveLength(1);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Show output' }).click();
    await page.getByText('timed out after 10 s').waitFor();
  });

  test('a refused login is said in its own words, and the network is not suspected', async () => {
    const page = await showTable(refused(Date.now()));
    await page.getByText('10.42.0.11 refused rackadm').waitFor();
    expect(await page.getByText('first suspect').count()).toBe(0);
  });

  test('loading: skeleton rows and what is read; no spinner', async () => {
    const page = await show(loading());
    await page.getByText(/^Reading Frankfurt 2, \d+ s$/).waitFor();
    expect(await page.locator('.rk-skeleton').count()).toBe(10);
  });

  test('an opened region tells how many of its nodes have been read', async () => {
    const page = await showTable(reading(Date.now()));
    await page.getByText('reading 3 of 189').waitFor();
  });

  test('empty: says that the region has no node', async () => {
    const page = await show(empty(Date.now()));
    await page.getByText('No node in Frankfurt 2').waitFor();
  });

  test('a region that cannot be opened says what, where, why and what to do; the output is one click away', async () => {
    const page = await show(failing());
    await page.getByText('fra2-ctl-1: sudo asks rackadm for a password.').waitFor();
    await page.getByRole('button', { name: 'Show output' }).click();
    await page.getByText('sudo: a password is required').waitFor();
  });
});
