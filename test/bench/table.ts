import { chromium } from 'playwright-core';
import type { CDPSession, Page } from 'playwright-core';
import { chromiumPath } from '../helpers/shells/chromium.ts';
import { frankfurt, info, liveView, settings } from '../e2e/helpers/region.ts';
import { row } from '../e2e/helpers/rows.ts';
import { serveRenderer } from '../e2e/helpers/static-server.ts';
import { installBench } from './page-of-table.ts';
import type { Given } from './page-of-table.ts';

/**
 * The node table with 20,000 rows in a real browser: first paint, sort, and scrolling while 1,000 rows a second change.
 * `npm run bench -- table`, after `npm run build`. Times are from the moment the page has the data (or the click) to the frame
 * that shows it; each is the median of 5. The CPU times beside them compare two builds on a machine that does other things, too:
 * `RACKSIDE_OUT` names another build's `out` folder.
 */
const rowCount = 20_000;
const runs = 5;
const scrollMs = 3000;
/** Name, CPU, Memory, Network Rx, Uptime: text and numbers. */
const sortedColumns = [0, 4, 6, 9, 12];
const targets = { firstPaintMs: 100, sortMs: 80, framesPerSecond: 55 };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Results {
  readonly firstPaintMs: number[];
  readonly firstPaintCpuMs: number[];
  readonly sortMs: number[];
  readonly sortCpuMs: number[];
  readonly framesPerSecond: number[];
  readonly frameCpuMs: number[];
  readonly updatesPerSecond: number[];
}

/** CPU time of the page's own thread till now, ms: hardly of what else the machine does. */
async function cpuMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

/** Opens the page anew and does everything once. */
async function measure(page: Page, url: string, given: Given, results: Results): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(installBench, given);
  await page.goto(url);
  await page.locator('.rk-skeleton').first().waitFor();
  await page.waitForTimeout(500);
  let before = await cpuMs(session);
  results.firstPaintMs.push(await page.evaluate(() => window.bench.start()));
  results.firstPaintCpuMs.push((await cpuMs(session)) - before);
  await page.waitForTimeout(500);
  const sorts: number[] = [];
  const sortsCpu: number[] = [];
  for (const column of sortedColumns) {
    before = await cpuMs(session);
    sorts.push(await page.evaluate((index) => window.bench.sortBy(index), column));
    sortsCpu.push((await cpuMs(session)) - before);
    await page.waitForTimeout(150);
  }
  results.sortMs.push(median(sorts));
  results.sortCpuMs.push(median(sortsCpu));
  await page.locator('[data-row]').nth(5).hover();
  before = await cpuMs(session);
  const scrolled = await page.evaluate((ms) => window.bench.scroll(ms), scrollMs);
  results.frameCpuMs.push(((await cpuMs(session)) - before) / scrolled.frames);
  results.framesPerSecond.push(scrolled.framesPerSecond);
  results.updatesPerSecond.push(scrolled.updatesPerSecond);
}

function line(name: string, values: readonly number[], target?: { readonly words: string; readonly isMet: boolean }) {
  const shown = (value: number): string => value.toFixed(name.includes('a frame') ? 1 : 0);
  const verdict = target ? `${target.words.padEnd(8)} ${target.isMet ? 'met' : 'MISSED'}` : '';
  console.log(
    `${name.padEnd(38)} ${shown(median(values)).padStart(6)}   ${verdict.padEnd(15)}   (${values.map(shown).join(', ')})`,
  );
}

/** Prints the numbers beside their targets. @returns whether all were met */
function report(results: Results): boolean {
  const atMost = (values: readonly number[], most: number) => ({
    words: `≤ ${String(most)}`,
    isMet: median(values) <= most,
  });
  const paint = atMost(results.firstPaintMs, targets.firstPaintMs);
  const sort = atMost(results.sortMs, targets.sortMs);
  const least = targets.framesPerSecond;
  const frames = { words: `≥ ${String(least)}`, isMet: median(results.framesPerSecond) >= least };
  console.log(`table: ${rowCount.toLocaleString('en-GB')} rows, median of ${String(runs)}`);
  line('first paint, ms', results.firstPaintMs, paint);
  line('  CPU of the page’s thread, ms', results.firstPaintCpuMs);
  line('sort, ms', results.sortMs, sort);
  line('  CPU of the page’s thread, ms', results.sortCpuMs);
  const updates = median(results.updatesPerSecond).toFixed(0);
  line(`scrolling under ${updates} updates/s, fps`, results.framesPerSecond, frames);
  line('  CPU of the page’s thread a frame, ms', results.frameCpuMs);
  return paint.isMet && sort.isMet && frames.isMet;
}

/** Runs the bench; the exit code says whether all targets were met. */
export async function run(): Promise<void> {
  const executablePath = chromiumPath;
  if (executablePath === undefined) {
    console.log('table: skipped, no Chromium here (set RACKSIDE_CHROMIUM)');
    return;
  }
  const now = Date.now();
  const given: Given = {
    profile: frankfurt,
    settings,
    info,
    view: liveView(frankfurt, now),
    template: row({ name: 'template', cpu: 40, tags: ['gen3', 'nvme'] }, now),
    count: rowCount,
  };
  const url = await serveRenderer();
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const results: Results = {
    firstPaintMs: [],
    firstPaintCpuMs: [],
    sortMs: [],
    sortCpuMs: [],
    framesPerSecond: [],
    frameCpuMs: [],
    updatesPerSecond: [],
  };
  try {
    for (let count = 0; count < runs; count += 1) {
      const page: Page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await measure(page, url, given, results);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  if (!report(results)) process.exitCode = 1;
}

await run();
