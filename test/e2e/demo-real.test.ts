import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeProduct } from './helpers/product-pages.ts';

/** How many simulations the program on this data folder has as its children. */
function simulationsOf(dataFolder: string): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const processes = lines.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid, parent, args }];
  });
  const programs = processes.filter(({ args }) => args.includes(dataFolder)).map(({ pid }) => pid);
  return processes.filter(({ parent = '', args }) => programs.includes(parent) && args.includes('demo-process.js'))
    .length;
}

/** The built program and the built simulation, with nothing scripted between them. */
describeProduct('the demo region, in a real browser, with nothing scripted', (given) => {
  test('one key press on the first page, and a table of live nodes is there; its process ends when it is removed', async () => {
    const { page, app } = given;
    const simulations = (): number => simulationsOf(app.dataFolder);
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.rk-fresh--live').waitFor();
    await expect.poll(() => page.locator('[data-row]').count()).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Demo', exact: true }).waitFor();
    expect(simulations()).toBe(1);
    await page.getByRole('link', { name: 'Regions' }).click();
    await page.getByRole('button', { name: 'Remove Demo region…' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    await expect.poll(simulations).toBe(0);
  });

  test('one click resets it, and a reload of the page finds the new one', async () => {
    const { page } = given;
    await page.getByRole('heading', { name: 'Where do you want to start?' }).waitFor();
    await page.keyboard.press('1');
    await page.locator('.rk-fresh--live').waitFor();
    await page.getByRole('button', { name: 'Demo', exact: true }).click();
    await page.getByRole('button', { name: 'Reset the demo region' }).click();
    await page.getByRole('button', { name: 'Reset the demo region' }).waitFor({ state: 'detached' });
    await page.locator('.rk-fresh--live').waitFor();
    await page.reload();
    await page.locator('.rk-fresh--live').waitFor();
    await page.getByRole('button', { name: 'Demo', exact: true }).waitFor();
  });
});
