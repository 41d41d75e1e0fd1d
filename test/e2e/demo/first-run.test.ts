import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeProduct } from '../helpers/product-pages.ts';

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

describeProduct('the first run with the demo region, in a real browser', (given) => {
  test('one key press leads to live nodes and the tour; a window that was on the first page is led there, too; a removal ends its process', async () => {
    const { page, app } = given;
    const title = 'Where do you want to start?';
    const simulations = (): number => simulationsOf(app.dataFolder);
    await page.getByRole('heading', { name: title }).waitFor();
    const other = await given.another();
    await other.getByRole('heading', { name: title }).waitFor();
    await page.keyboard.press('Enter');
    for (const window of [page, other]) {
      await window.locator('.rk-fresh--live').waitFor();
      await expect.poll(() => window.locator('[data-row]').count()).toBeGreaterThan(10);
      await window.getByRole('button', { name: 'Demo', exact: true }).waitFor();
    }
    expect(simulations()).toBe(1);
    for (const step of [1, 2, 3, 4, 5])
      await page
        .getByRole('region', { name: `Tour, step ${String(step)} of 5` })
        .getByRole('button', { name: step === 5 ? 'Done' : 'Next' })
        .click();
    await page.reload();
    await page.locator('.rk-fresh--live').waitFor();
    expect(await page.getByRole('region', { name: /^Tour/u }).count()).toBe(0);
    await page.getByRole('link', { name: 'Regions' }).click();
    await page.getByRole('button', { name: 'Remove Demo region…' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    for (const window of [page, other]) await window.getByRole('heading', { name: title }).waitFor();
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
