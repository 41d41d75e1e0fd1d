import { loadavg } from 'node:os';
import type { Measured } from '../helpers/app-process/messages.ts';
import { growthInEightHours, lowestOfBins, type HeapLook } from './heap.ts';
import type { JudgedTable } from './table.ts';

/** What a soak has seen. */
export interface Soaked {
  readonly minutes: number;
  readonly nodes: number;
  readonly seed: number;
  readonly table: JudgedTable;
  readonly heap: readonly HeapLook[];
  readonly looks: readonly Measured[];
  readonly demoCpuMs: number;
  /** Faults that happened, by their kind. */
  readonly faults: ReadonlyMap<string, number>;
  readonly refusedFaults: number;
  readonly uncaught: readonly string[];
  readonly wrongInWorld: readonly string[];
}

/** Standard errors below which a value lies in 95 of 100 runs. */
const surelyBelow = 1.7;
const mostGrowthMb = 20;
const mb = (bytes: number): number => bytes / 1024 / 1024;

/** Prints what was seen and judges it. Answers whether everything held. */
export function summarise(soaked: Soaked, say: (line: string) => void): boolean {
  const { minutes, nodes, seed, table, looks, faults } = soaked;
  const { counts } = table;
  say(`\nsoak: ${minutes} min, ${nodes} nodes, seed ${seed}, load now ${(loadavg()[0] ?? 0).toFixed(1)}`);
  const happened = [...faults].map(([kind, times]) => `${kind} ${times}`).join(', ');
  say(`faults: ${happened}; ${soaked.refusedFaults} were not possible at their moment`);
  const all = counts.true + counts.marked + counts.false;
  const share = (count: number): string => `${((100 * count) / Math.max(1, all)).toFixed(2)} %`;
  say(
    `statuses looked at: ${all}; true ${counts.true} (${share(counts.true)}), marked as old ${counts.marked} (${share(counts.marked)}), neither ${counts.false}`,
  );
  say(`shown: ${[...table.seen].map(([status, times]) => `${status} ${share(times)}`).join(', ')}`);
  describeProcess(looks, soaked, say);
  for (const one of table.untruths.slice(0, 20))
    say(
      `  untrue: ${new Date(one.at).toISOString()} ${one.node} shown ${one.shown} in ${one.looks} looks; true is ${JSON.stringify(one.truth)}`,
    );
  for (const words of [...soaked.uncaught, ...soaked.wrongInWorld].slice(0, 20)) say(`  ${words}`);

  const growth = growthInEightHours(soaked.heap);
  const growthWords =
    growth === undefined
      ? 'not known'
      : `${mb(growth.bytes).toFixed(1)} MB, standard error ${mb(growth.errorBytes).toFixed(1)} MB`;
  const verdicts: readonly (readonly [boolean, string])[] = [
    [soaked.uncaught.length === 0, `no unhandled rejection or error (${soaked.uncaught.length})`],
    [soaked.wrongInWorld.length === 0, `the simulation knew every command (${soaked.wrongInWorld.length} errors)`],
    [
      growth !== undefined && mb(growth.bytes + surelyBelow * growth.errorBytes) < mostGrowthMb,
      `heap grows for certain by less than ${mostGrowthMb} MB in 8 hours (R30): ${growthWords}`,
    ],
    [counts.false === 0, `every status was true within two intervals, or marked (${table.untruths.length} untrue)`],
    [counts.missing === 0, `every member had its row (${counts.missing} looks without)`],
    [counts.true > all / 2, 'most statuses were not marked: the soak has shown something'],
  ];
  for (const [isMet, words] of verdicts) say(`${isMet ? 'met   ' : 'MISSED'} ${words}`);
  return verdicts.every(([isMet]) => isMet);
}

function describeProcess(
  looks: readonly Measured[],
  { heap, minutes, demoCpuMs, nodes }: Soaked,
  say: (line: string) => void,
): void {
  const last = looks.at(-1);
  if (last === undefined) return;
  const middle = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const sizes = heap.map(({ bytes }) => mb(bytes));
  const p99 = looks.map(({ delayMs }) => delayMs.p99);
  const perSecond = (ms: number): string => (ms / minutes / 60).toFixed(0);
  say(
    `app: CPU ${perSecond(last.cpuMs)} ms/s (${(last.cpuMs / minutes / 60 / nodes).toFixed(2)} a node); simulation ${perSecond(demoCpuMs)} ms/s`,
  );
  say(
    `heap after collection, MB: first ${sizes[0]?.toFixed(1)}, median ${middle(sizes).toFixed(1)}, last ${sizes.at(-1)?.toFixed(1)}; outside of it ${mb(last.externalBytes).toFixed(1)}; RSS ${mb(last.rssBytes).toFixed(0)}`,
  );
  const lowest = lowestOfBins(heap).map(({ bytes }) => mb(bytes).toFixed(1));
  say(`its lowest of each two minutes, MB: ${lowest.join(' ')}`);
  say(
    `main-loop delay p99 between two looks, ms: median ${middle(p99).toFixed(1)}, worst ${Math.max(...p99).toFixed(1)}; longest of all ${Math.max(...looks.map(({ delayMs }) => delayMs.most)).toFixed(0)}`,
  );
}
