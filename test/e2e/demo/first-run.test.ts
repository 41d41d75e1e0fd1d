import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeProduct, type ProductTest } from '../helpers/product-pages.ts';

interface Running {
  readonly pid: string;
  readonly isSimulation: boolean;
}

/** The program on this data folder, and the simulations that are its children. */
function processesOf(dataFolder: string): readonly Running[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const processes = lines.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid, parent, args }];
  });
  const programs = processes.filter(({ args }) => args.includes(dataFolder)).map(({ pid }) => pid);
  return [
    ...programs.map((pid) => ({ pid, isSimulation: false })),
    ...processes
      .filter(({ parent = '', args }) => programs.includes(parent) && args.includes('demo-process.js'))
      .map(({ pid }) => ({ pid, isSimulation: true })),
  ];
}

const simulationsOf = (dataFolder: string): number =>
  processesOf(dataFolder).filter(({ isSimulation }) => isSimulation).length;

/** CPU time of all of them until now, ms (proc(5): utime and stime, in hundredths of a second). */
function cpuMsOf(dataFolder: string): number {
  return processesOf(dataFolder).reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) * 10;
  }, 0);
}

interface Alive {
  readonly nodes: number;
  readonly ms: number;
}

/** Measures from the next key press to the frame in which the table stands, live, with so many nodes or more. */
async function watchAlive(page: Page, nodes: number): Promise<() => Promise<Alive>> {
  await page.evaluate((wanted) => {
    const { promise, resolve } = Promise.withResolvers<Alive>();
    Object.assign(window, { alive: promise });
    const begin = (): void => {
      const begun = performance.now();
      const look = (): void => {
        const count = Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') ?? 1) - 1;
        const isThere = count >= wanted && document.querySelectorAll('[data-row]').length > 10;
        if (isThere && document.querySelector('.rk-fresh--live') !== null)
          // The task after the frame's callbacks runs when it is painted.
          return requestAnimationFrame(() =>
            setTimeout(() => resolve({ nodes: count, ms: performance.now() - begun }), 0),
          ) as unknown as void;
        requestAnimationFrame(look);
      };
      look();
    };
    document.addEventListener('keydown', begin, { once: true, capture: true });
  }, nodes);
  return () => page.evaluate(() => (window as unknown as { readonly alive: Promise<Alive> }).alive);
}

/** Opens the first door, and measures the way until all nodes are live. */
async function enterDemo({ page, app }: ProductTest): Promise<Alive & { readonly cpuMs: number }> {
  await title(page).waitFor();
  const alive = await watchAlive(page, 48);
  const before = cpuMsOf(app.dataFolder);
  await page.keyboard.press('1');
  const found = await alive();
  const cpuMs = cpuMsOf(app.dataFolder) - before;
  console.info(
    `from the key press to a painted table of ${String(found.nodes)} live nodes: ${found.ms.toFixed(0)} ms, ${String(cpuMs)} ms CPU of app and simulation`,
  );
  return { ...found, cpuMs };
}

async function removeDemo(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Regions' }).click();
  await page.getByRole('button', { name: 'Remove Demo region…' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
}

const title = (page: Page) => page.getByRole('heading', { name: 'Where do you want to start?' });
const tour = (page: Page, step: number) => page.getByRole('region', { name: `Tour, step ${String(step)} of 5` });

describeProduct('the first run with the demo region, in a real browser', (given) => {
  test('one key press leads to live nodes; a window that was on the first page is led there, too; a removal ends its process', async () => {
    const { page, app } = given;
    const simulations = (): number => simulationsOf(app.dataFolder);
    const other = await given.another();
    for (const window of [page, other]) await title(window).waitFor();
    await page.keyboard.press('Enter');
    for (const window of [page, other]) {
      await window.locator('.rk-fresh--live').waitFor();
      await expect.poll(() => window.locator('[data-row]').count()).toBeGreaterThan(10);
      await window.getByRole('button', { name: 'Demo', exact: true }).waitFor();
    }
    expect(simulations()).toBe(1);
    await removeDemo(page);
    for (const window of [page, other]) await title(window).waitFor();
    await expect.poll(simulations).toBe(0);
  });

  test('the tour has five steps, is never modal, ends with its last step or where it is skipped, and is not shown again', async () => {
    const { page } = given;
    await title(page).waitFor();
    await page.keyboard.press('Enter');
    await tour(page, 1).waitFor();
    // It takes neither the focus nor a click: the page behind it works.
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await tour(page, 1).evaluate((element) => element.contains(document.activeElement))).toBe(false);
    await page.getByRole('searchbox').fill('demo-w15');
    await page.locator('[data-row]', { hasText: 'demo-w15' }).waitFor();
    for (const step of [1, 2, 3, 4, 5])
      await tour(page, step)
        .getByRole('button', { name: step === 5 ? 'Done' : 'Next' })
        .click();
    const any = page.getByRole('region', { name: /^Tour/u });
    await page.reload();
    await page.locator('.rk-fresh--live').waitFor();
    expect(await any.count()).toBe(0);
    await page.getByRole('button', { name: 'Demo', exact: true }).click();
    await page.getByRole('button', { name: 'Take the tour' }).click();
    await tour(page, 1).getByRole('button', { name: 'Skip the tour' }).click();
    await any.waitFor({ state: 'detached' });
  });

  test('one key press leads to a painted table of 48 live nodes; one click resets it, and a reload of the page finds the new one', async () => {
    const { page } = given;
    const tries = [await enterDemo(given)];
    // Under 2 s on a quiet machine; the best of three, as others may work beside it.
    const boundMs = (loadavg()[0] ?? 0) < 2 ? 4000 : 10_000;
    // Whatever else runs: 1.0 to 1.2 s on a fast machine, with eight times more work than cores as well; machines differ by two and more.
    const cpuBoundMs = 3000;
    while (tries.length < 3 && !tries.some(({ ms, cpuMs }) => ms < boundMs && cpuMs < cpuBoundMs)) {
      await removeDemo(page);
      tries.push(await enterDemo(given));
    }
    expect(Math.min(...tries.map(({ cpuMs }) => cpuMs))).toBeLessThan(cpuBoundMs);
    expect(Math.min(...tries.map(({ ms }) => ms))).toBeLessThan(boundMs);
    await page.getByRole('button', { name: 'Demo', exact: true }).click();
    await page.getByRole('button', { name: 'Reset the demo region' }).click();
    await page.getByRole('button', { name: 'Reset the demo region' }).waitFor({ state: 'detached' });
    await page.locator('.rk-fresh--live').waitFor();
    await page.reload();
    await page.locator('.rk-fresh--live').waitFor();
    await page.getByRole('button', { name: 'Demo', exact: true }).waitFor();
  });
});
