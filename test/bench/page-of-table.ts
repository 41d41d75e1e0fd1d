import type { Bridge, EventEnvelope } from '#shared/contract/contract.ts';
import type { NodeRow, NodeTrends } from '#shared/model/node.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { frankfurt, info, settings } from '../e2e/helpers/region.ts';

export interface BenchPage {
  /** Answers the region's snapshot, and resolves with the ms until its first rows stand in a painted frame. */
  start(): Promise<number>;
  sortBy(column: number): Promise<number>;
  /** Scrolls for `ms` while 20 batches of 50 rows come every second. */
  scroll(ms: number): Promise<{
    readonly frames: number;
    readonly framesPerSecond: number;
    readonly updatesPerSecond: number;
  }>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

export interface Given {
  readonly profile: typeof frankfurt;
  readonly settings: typeof settings;
  readonly info: typeof info;
  readonly view: RegionView;
  readonly template: NodeRow;
  readonly count: number;
}

/** Runs in the page before the app; self-contained. Rows are made here, because 20,000 of them are 60 MB of JSON. */
export function installBench(given: Given): void {
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
      return { frames, framesPerSecond: frames / seconds, updatesPerSecond: updates / seconds };
    },
  };
  Object.assign(window, { rackside: bridge, bench });
}
