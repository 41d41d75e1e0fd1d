import type { Filesystem } from '#shared/model/hardware.ts';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import type { Reading } from '#shared/model/reading.ts';
import { mapReading, valueOf } from '#shared/model/reading.ts';
import { formatGbit, formatGib, formatPart, formatPercent } from '../../ui/format.ts';
import { isCpuHot, isSpaceHot, isVmMemoryHot } from '../../ui/thresholds.ts';
import type { UsageValue } from './usage.tsx';

export const cpuUsage = (row: NodeRow): Reading<UsageValue> =>
  mapReading(row.cpuPercent, (percent) => ({
    percent,
    text: `${formatPercent(percent)} %`,
    isHot: isCpuHot(percent),
  }));

/** Used memory of the kernel's total, by share; the installed memory beside it is what the machine was bought with. */
export function memoryUsage(row: NodeRow, detail: NodeDetail | null): Reading<UsageValue> {
  const used = valueOf(detail?.memoryUsedBytes ?? { kind: 'none' });
  const installed = valueOf(row.memoryBytes);
  return mapReading(row.memoryUsedPercent, (percent) => ({
    percent,
    text:
      installed === undefined
        ? `${formatPercent(percent)} %`
        : formatPart(used ?? (installed * percent) / 100, installed),
    isHot: isSpaceHot(percent),
  }));
}

export function vmMemoryUsage(row: NodeRow): Reading<UsageValue> {
  const total = valueOf(row.vmMemoryTotalBytes);
  return mapReading(row.vmMemoryAllocatedBytes, (allocated) => ({
    percent: total === undefined || total === 0 ? null : (allocated / total) * 100,
    text: total === undefined ? `${formatGib(allocated)} GiB` : formatPart(allocated, total),
    isHot: row.status.status === 'active' && isVmMemoryHot((total ?? 0) - allocated, total),
  }));
}

export function networkUsage(rate: Reading<number>, link: Reading<number>): Reading<UsageValue> {
  const speed = valueOf(link);
  return mapReading(rate, (bits) => ({
    percent: speed === undefined || speed === 0 ? null : (bits / speed) * 100,
    text: `${formatGbit(bits)} Gbit/s`,
    isHot: speed !== undefined && speed > 0 && bits / speed >= 0.9,
  }));
}

/** The places whose filling up breaks a node first; the others follow by name. */
const important = ['/', '/var/log', '/mnt/data', '/mnt/containers'];

/** Used of what can be used, %, as `df` counts it: the reserve of root, and what a degraded array has lost, are neither. */
export function usedPercent({ usedBytes, availableBytes }: Filesystem): number {
  const usable = usedBytes + availableBytes;
  return usable === 0 ? 0 : (usedBytes / usable) * 100;
}

/** A line of the partitions; a folder that lies on another filesystem says on which, and nothing that is said there. */
export type Partition = { readonly label: string } & ({ readonly usage: UsageValue } | { readonly livesOn: string });

/** Free of whole, as a person asks; the bar shows what is used. Only what lies on a device and has a size. */
export function partitions(filesystems: readonly Filesystem[]): readonly Partition[] {
  const rank = ({ mountPoint }: Filesystem): number => {
    const at = important.indexOf(mountPoint);
    return at === -1 ? important.length : at;
  };
  return filesystems
    .filter(({ sizeBytes }) => sizeBytes > 0)
    .toSorted((a, b) => rank(a) - rank(b) || a.mountPoint.localeCompare(b.mountPoint))
    .map((filesystem) => {
      const { mountPoint, livesOn, sizeBytes, availableBytes } = filesystem;
      if (livesOn !== undefined) return { label: mountPoint, livesOn };
      const percent = usedPercent(filesystem);
      return {
        label: mountPoint,
        usage: { percent, text: formatPart(availableBytes, sizeBytes), isHot: isSpaceHot(percent) },
      };
    });
}
