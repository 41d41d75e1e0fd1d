import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { isOld, valueOf } from '#shared/model/reading.ts';
import { formatAge, formatPercent, formatReason, formatSize } from '../../ui/format.ts';
import { isCpuHot, isSpaceHot } from '../../ui/thresholds.ts';

/** One thing of a node that wants a person's look. */
export interface Attention {
  readonly level: 'warning' | 'danger';
  readonly title: string;
  readonly text: string;
}

/** What wants a look, the worst first: the status, its warnings, silence, full places, failing disks and pools. */
export function attentionOf(row: NodeRow, detail: NodeDetail | null, now: number): readonly Attention[] {
  const found: Attention[] = [];
  const { status, reachability } = row;
  const exact = (text: string): string => formatReason(text, now, 'exact');
  if (status.status === 'failed')
    found.push({ level: 'danger', title: `${row.name} has failed`, text: exact(status.reason) });
  for (const warning of status.warnings) found.push({ level: 'warning', title: exact(warning), text: '' });
  if (reachability.kind === 'unreachable') {
    const { since, problem } = reachability;
    const title = `This laptop has not reached it for ${formatAge(now - since)}`;
    found.push({ level: 'warning', title, text: `${problem.message} ${problem.advice}` });
  }
  const cpu = valueOf(row.cpuPercent);
  // An old load says nothing of now; an old fault is likely still there, and says its age beside its value.
  if (cpu !== undefined && isCpuHot(cpu) && !isOld(row.cpuPercent, now))
    found.push({ level: 'warning', title: `CPU is at ${formatPercent(cpu)} %`, text: 'From 90 % on it wants a look.' });
  if (!detail) return found;
  for (const disk of valueOf(detail.disks) ?? []) {
    if (disk.health !== 'failing') continue;
    const name = [disk.name, disk.model, disk.serial].filter(Boolean).join(', ');
    found.push({
      level: 'danger',
      title: `Disk ${disk.name} is failing`,
      text: `${name}. ${disk.healthReason ?? ''}`.trim(),
    });
  }
  for (const pool of valueOf(detail.pools) ?? []) {
    if (pool.state !== 'degraded' && pool.state !== 'failed') continue;
    const rebuild = pool.rebuildPercent === null ? '' : ` Rebuild at ${formatPercent(pool.rebuildPercent)} %.`;
    found.push({
      level: pool.state === 'failed' ? 'danger' : 'warning',
      title: `Pool ${pool.name} is ${pool.state}`,
      text: `${pool.kind}: ${pool.detail}.${rebuild}`,
    });
  }
  for (const { mountPoint, sizeBytes, availableBytes } of valueOf(detail.filesystems) ?? []) {
    const percent = sizeBytes === 0 ? 0 : ((sizeBytes - availableBytes) / sizeBytes) * 100;
    if (!isSpaceHot(percent)) continue;
    const title = `${mountPoint} has ${formatSize(availableBytes)} free`;
    found.push({ level: 'warning', title, text: `${formatPercent(percent)} % of ${formatSize(sizeBytes)} are used.` });
  }
  return found.toSorted((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
