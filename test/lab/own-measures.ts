import type { LabNode } from './lab-api.ts';

/** What a node's kernel said at one moment. */
interface OwnSample {
  /** UTC ms, by the clock that the nodes and the laptop share. */
  readonly at: number;
  readonly cpuBusyTicks: number;
  readonly cpuTicks: number;
  readonly memoryUsedPercent: number;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** The measured columns, each as the node itself has it between two of its samples. */
export const ownMeasures = {
  cpuPercent: (from: OwnSample, to: OwnSample) =>
    (100 * (to.cpuBusyTicks - from.cpuBusyTicks)) / (to.cpuTicks - from.cpuTicks),
  memoryUsedPercent: (_: OwnSample, to: OwnSample) => to.memoryUsedPercent,
  networkRxBitsPerSecond: (from: OwnSample, to: OwnSample) => ((to.rxBytes - from.rxBytes) * 8000) / (to.at - from.at),
  networkTxBitsPerSecond: (from: OwnSample, to: OwnSample) => ((to.txBytes - from.txBytes) * 8000) / (to.at - from.at),
} as const;
export type MeasuredColumn = keyof typeof ownMeasures;

/** Samples a node's own counters twice a second. */
export async function sampleOwn(node: LabNode, seconds: number): Promise<readonly OwnSample[]> {
  const text = await node.mustExec(
    `for i in $(seq ${seconds * 2}); do
       echo $(date +%s%3N) $(awk '/^cpu / {print $2+$3+$4+$7+$8+$9, $2+$3+$4+$5+$6+$7+$8+$9}' /proc/stat) \\
         $(awk '/^MemTotal/ {t=$2} /^MemAvailable/ {a=$2} END {print 100*(t-a)/t}' /proc/meminfo) \\
         $(cat /sys/class/net/eth*/statistics/rx_bytes | awk '{n += $1} END {printf "%d", n}') \\
         $(cat /sys/class/net/eth*/statistics/tx_bytes | awk '{n += $1} END {printf "%d", n}')
       sleep 0.5
     done`,
    { timeoutMs: seconds * 4000 + 30_000 },
  );
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [at = 0, cpuBusyTicks = 0, cpuTicks = 0, memoryUsedPercent = 0, rxBytes = 0, txBytes = 0] = line
        .split(' ')
        .map(Number);
      return { at, cpuBusyTicks, cpuTicks, memoryUsedPercent, rxBytes, txBytes };
    });
}

/** The table's own span is 5 s; longer on a machine that is busy, shorter after such a one. */
const spanMs = { least: 3000, most: 9000 };
/** What may lie between a sample on the node and its arrival here. */
const lateMs = 2500;

/**
 * Between what bounds the node itself has a column around a moment: over each of its spans that may be the table's. `undefined`: it was not
 * sampled all that time.
 */
export function ownBounds(
  samples: readonly OwnSample[],
  column: MeasuredColumn,
  at: number,
): { readonly least: number; readonly most: number } | undefined {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (first.at > at - lateMs - spanMs.most || last.at < at) return undefined;
  const values = samples
    .filter((to) => Math.abs(to.at - at) <= lateMs)
    .flatMap((to) =>
      samples
        .filter((from) => to.at - from.at >= spanMs.least && to.at - from.at <= spanMs.most)
        .map((from) => ownMeasures[column](from, to)),
    );
  return values.length === 0 ? undefined : { least: Math.min(...values), most: Math.max(...values) };
}
