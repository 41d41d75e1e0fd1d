import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import type { Bridge, EventEnvelope } from '#shared/contract/contract.ts';
import type { NodeRow, NodeTrends } from '#shared/model/node.ts';
import type { RegionView } from '#shared/model/region.ts';
import { chromiumPath } from '../e2e/helpers/browser.ts';
import { frankfurt, info, liveView, settings } from '../e2e/helpers/region.ts';
import { row } from '../e2e/helpers/rows.ts';
import { serveRenderer } from '../e2e/helpers/static-server.ts';

/**
 * The node table with 20,000 rows in a real browser: first paint, sort, and scrolling while 1,000 rows a second change.
 * `npm run bench -- table`, after `npm run build`. Times are from the moment the page has the data (or the click) to the frame
 * that shows it; each is the median of 5.
 */
const rowCount = 20_000;
const runs = 5;
const targets = { firstPaintMs: 100, sortMs: 80, framesPerSecond: 55 };

interface BenchPage {
  /** Answers the region's snapshot, and resolves with the ms until its first rows stand in a painted frame. */
  start(): Promise<number>;
  sortBy(column: number): Promise<number>;
  /** Scrolls for `ms` while 20 batches of 50 rows come every second; resolves with the frames a second. */
  scroll(ms: number): Promise<{ readonly framesPerSecond: number; readonly updatesPerSecond: number }>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

interface Given {
  readonly profile: typeof frankfurt;
  readonly settings: typeof settings;
  readonly info: typeof info;
  readonly view: RegionView;
  readonly template: NodeRow;
  readonly count: number;
}

/** Runs in the page before the app; self-contained. Rows are made here, because 20,000 of them are 60 MB of JSON. */
function installBench(given: Given): void {
  const { template, count, view } = given;
  const listeners = new Set<(event: EventEnvelope) => void>();
  const statuses = ['failed', 'fenced', 'in-maintenance', 'candidate'] as const;
  let seed = 7;
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const change = (base: NodeRow): NodeRow => {
    const readAt = Date.now();
    const fresh = (value: number) => ({ kind: 'known' as const, value, readAt, intervalMs: 5000 });
    return {
      ...base,
      cpuPercent: fresh(next() * 100),
      memoryUsedPercent: fresh(next() * 100),
      networkRxBitsPerSecond: fresh(next() * 25e9),
      networkTxBitsPerSecond: fresh(next() * 25e9),
      uptimeSeconds: fresh(Math.floor(next() * 1e7)),
    };
  };
  const nodes = Array.from({ length: count }, (_, index): NodeRow => {
    const name = `fra2-r${String(Math.floor(index / 40)).padStart(3, '0')}-n${String(index % 40).padStart(2, '0')}`;
    const status = index % 400 === 0 ? (statuses[(index / 400) % 4] ?? 'active') : 'active';
    return change({
      ...template,
      id: `member:${name}` as NodeRow['id'],
      name,
      hostname: name,
      status: { ...template.status, status },
      address: {
        kind: 'known',
        value: `10.${index >> 14}.${(index >> 6) & 255}.${index & 63}`,
        readAt: Date.now(),
        intervalMs: 300_000,
      },
      frozenBecause: null,
      searchTerms: [`sn${String(index)}`],
    });
  });
  const hour = (): number[] => Array.from({ length: 60 }, () => next() * 100);
  const trends = nodes.map((node): NodeTrends => ({
    id: node.id,
    endsAt: Date.now(),
    stepMs: 60_000,
    cpuPercent: hour(),
    memoryUsedPercent: hour(),
    networkRxBitsPerSecond: hour(),
    networkTxBitsPerSecond: hour(),
  }));
  let sequence = 1;
  let answerSnapshot = (): void => undefined;
  const snapshot = new Promise<unknown>((resolve) => {
    answerSnapshot = () => {
      resolve({ sequence, region: view, nodes, trends });
    };
  });
  const bridge: Bridge = {
    invoke: async (message) => {
      if (message.kind === 'cancel') return { ok: true, value: null };
      const answers: Readonly<Record<string, unknown>> = {
        'regions.list': [given.profile],
        'settings.get': given.settings,
        'app.info': given.info,
      };
      const value = message.name === 'regions.open' ? await snapshot : (answers[message.name] ?? null);
      return { ok: true, value };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  /** Resolves when what was written before has been painted: the task after the frame's callbacks runs when it is. */
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => {
          resolve(performance.now());
        });
        port1.start();
        port2.postMessage(null);
      });
    });
  const bench: BenchPage = {
    start: async () => {
      const begin = performance.now();
      const seen = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector('[data-row]')) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { childList: true, subtree: true });
      });
      answerSnapshot();
      await seen;
      return (await painted()) - begin;
    },
    sortBy: async (column) => {
      const head = document.querySelectorAll<HTMLElement>('thead th button')[column];
      const begin = performance.now();
      head?.click();
      return (await painted()) - begin;
    },
    scroll: async (ms) => {
      const scroller = document.querySelector('.rk-tw');
      if (!scroller) throw new Error('no table');
      let updates = 0;
      const timer = setInterval(() => {
        const changed = Array.from({ length: 50 }, () => {
          const index = Math.floor(next() * count);
          const fresh = change(nodes[index]!);
          nodes[index] = fresh;
          return fresh;
        });
        updates += changed.length;
        sequence += 1;
        const region = { ...view, connection: { ...view.connection, readAt: Date.now() } } as RegionView;
        const event: EventEnvelope = {
          sequence,
          name: 'region.changed',
          payload: { regionId: view.id, region, changed, removed: [] },
        };
        for (const listener of listeners) listener(event);
      }, 50);
      const begin = performance.now();
      let frames = 0;
      let down = 1;
      await new Promise<void>((resolve) => {
        const frame = (at: number): void => {
          frames += 1;
          if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2) down = -1;
          scroller.scrollTop += 60 * down;
          if (at - begin < ms) requestAnimationFrame(frame);
          else resolve();
        };
        requestAnimationFrame(frame);
      });
      clearInterval(timer);
      const seconds = (performance.now() - begin) / 1000;
      return { framesPerSecond: frames / seconds, updatesPerSecond: updates / seconds };
    },
  };
  Object.assign(window, { rackside: bridge, bench });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Runs the bench and prints the numbers beside their targets; the exit code says whether all were met. */
export async function run(): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === null) {
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
  const server = await serveRenderer();
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const results = {
    firstPaintMs: [] as number[],
    sortMs: [] as number[],
    framesPerSecond: [] as number[],
    updates: [] as number[],
  };
  try {
    for (let count = 0; count < runs; count += 1) {
      const page: Page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.addInitScript(installBench, given);
      await page.goto(server.url);
      await page.locator('.rk-skeleton').first().waitFor();
      await page.waitForTimeout(500);
      results.firstPaintMs.push(await page.evaluate(() => window.bench.start()));
      await page.waitForTimeout(500);
      // Name, CPU, Memory, Network Rx, Uptime: text and numbers.
      const sorts: number[] = [];
      for (const column of [0, 4, 6, 9, 12]) {
        sorts.push(await page.evaluate((index) => window.bench.sortBy(index), column));
        await page.waitForTimeout(150);
      }
      results.sortMs.push(median(sorts));
      await page.locator('[data-row]').nth(5).hover();
      const scrolled = await page.evaluate(() => window.bench.scroll(3000));
      results.framesPerSecond.push(scrolled.framesPerSecond);
      results.updates.push(scrolled.updatesPerSecond);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  const paint = median(results.firstPaintMs);
  const sort = median(results.sortMs);
  const frames = median(results.framesPerSecond);
  const line = (name: string, value: number, target: string, isMet: boolean, all: readonly number[]): string =>
    `${name.padEnd(34)} ${value.toFixed(0).padStart(6)}   ${target.padEnd(8)} ${isMet ? 'met' : 'MISSED'}   (${all.map((one) => one.toFixed(0)).join(', ')})`;
  console.log(`table: ${rowCount.toLocaleString('en-GB')} rows, median of ${String(runs)}`);
  console.log(
    line(
      'first paint, ms',
      paint,
      `≤ ${String(targets.firstPaintMs)}`,
      paint <= targets.firstPaintMs,
      results.firstPaintMs,
    ),
  );
  console.log(line('sort, ms', sort, `≤ ${String(targets.sortMs)}`, sort <= targets.sortMs, results.sortMs));
  const updates = median(results.updates).toFixed(0);
  console.log(
    line(
      `scrolling under ${updates} updates/s, fps`,
      frames,
      `≥ ${String(targets.framesPerSecond)}`,
      frames >= targets.framesPerSecond,
      results.framesPerSecond,
    ),
  );
  const isMet = paint <= targets.firstPaintMs && sort <= targets.sortMs && frames >= targets.framesPerSecond;
  if (!isMet) process.exitCode = 1;
}

await run();
