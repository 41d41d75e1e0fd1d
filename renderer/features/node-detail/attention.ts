import type { DataPool } from '#shared/model/hardware.ts';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { isOld, unknown, valueOf } from '#shared/model/reading.ts';
import { formatAge, formatPercent, formatReason, formatSize } from '../../ui/format.ts';
import { usedPercent } from './usages.ts';
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
  const pools = valueOf(detail?.pools ?? unread) ?? [];
  // What has more words of its own below is said once.
  const isToldBelow = (warning: string): boolean =>
    (warning === 'not reachable from this laptop' && reachability.kind === 'unreachable') ||
    pools.some(({ name, state }) => state === 'degraded' && warning.startsWith(`data pool ${name} is degraded: `));
  for (const warning of status.warnings)
    if (!isToldBelow(warning)) found.push({ level: 'warning', title: exact(warning), text: '' });
  if (reachability.kind === 'unreachable') {
    const { since, problem } = reachability;
    const title = `This laptop has not reached it for ${formatAge(now - since)}`;
    const text = isOff(row)
      ? 'The cluster does not have it online either: it does not answer before it is switched on and started again.'
      : `${problem.message} ${problem.advice}`;
    found.push({ level: 'warning', title, text });
  }
  if (status.status === 'in-maintenance' && status.unknownSince === null && isOnline(row))
    found.push({
      level: 'warning',
      title: 'Cut its power and the cluster fences it, which may switch it on again',
      text: 'Its cluster services run. To power it off, activate it (its VMs may stay where they are), and tick “Stop the cluster services” in its next maintenance.',
    });
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
  for (const pool of pools) {
    if (pool.state !== 'degraded' && pool.state !== 'failed') continue;
    const rebuild = pool.rebuildPercent === null ? '' : ` Rebuild at ${formatPercent(pool.rebuildPercent)} %.`;
    found.push({
      level: pool.state === 'failed' ? 'danger' : 'warning',
      title: `Pool ${pool.name} is ${pool.state}`,
      text: `${poolWords(pool)}${rebuild}`,
    });
  }
  for (const filesystem of valueOf(detail.filesystems) ?? []) {
    const { mountPoint, livesOn, sizeBytes, availableBytes } = filesystem;
    const percent = usedPercent(filesystem);
    if (livesOn !== undefined || !isSpaceHot(percent)) continue;
    const title = `${mountPoint} has ${formatSize(availableBytes)} free`;
    found.push({ level: 'warning', title, text: `${formatPercent(percent)} % of ${formatSize(sizeBytes)} are used.` });
  }
  return found.toSorted((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}

const unread = unknown('not read');

/** The cluster has it offline, and nothing is wrong with that: it was powered off, or fenced. */
function isOff({ status: { status, evidence } }: NodeRow): boolean {
  return (status === 'in-maintenance' || status === 'fenced') && evidence.some((line) => /\bonline=false\b/.test(line));
}

const isOnline = ({ status: { evidence } }: NodeRow): boolean => evidence.some((line) => /\bonline=true\b/.test(line));

/** What the tool says of it; md counts its devices in a notation of its own, which comes after the words. */
function poolWords({ kind, detail }: DataPool): string {
  const [, wanted, working] = /\[(\d+)\/(\d+)\]/.exec(detail) ?? [];
  const counted = kind === 'md' && wanted !== undefined ? `${working} of ${wanted} devices work (${detail})` : detail;
  return `${kind}: ${counted}.`;
}

/**
 * From when that list is, as one sentence: disks, pools and filesystems are read at a slow pace, so that nothing found is no word about
 * now. What is not known of them is named with its reason.
 */
export function attentionReadWords(detail: NodeDetail | null, now: number): string {
  if (!detail) return 'Its disks, pools and filesystems have not been read.';
  const { disks, pools, filesystems } = detail;
  const readings = Object.entries({ disks, pools, filesystems });
  const read = readings.flatMap(([name, one]) => (one.kind === 'known' ? [{ name, readAt: one.readAt }] : []));
  const missing = readings.flatMap(([name, one]) =>
    one.kind === 'unknown' ? [`${capital(name)} are not known: ${one.because.replace(/\.$/, '')}.`] : [],
  );
  const oldest = Math.min(...read.map(({ readAt }) => readAt));
  const names = read
    .map(({ name }) => name)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
  return [
    ...(read.length === 0 ? [] : [`${capital(names)} as they were ${formatAge(now - oldest)} ago.`]),
    ...missing,
    ...untoldStates(detail),
  ].join(' ');
}

/** Disks and pools that were read, and say nothing of how they are: no warning about them is no good news. */
function untoldStates({ disks, pools }: NodeDetail): readonly string[] {
  const untold = new Map<string, string[]>();
  const note = (what: string, name: string, because: string): void => {
    const key = `${what} is not known: ${because.replace(/\.$/, '')}.`;
    untold.set(key, [...(untold.get(key) ?? []), name]);
  };
  for (const { name, health, healthReason } of valueOf(disks) ?? [])
    if (health === 'unknown') note('health', name, healthReason ?? 'nothing says why');
  for (const { name, state, detail } of valueOf(pools) ?? []) if (state === 'unknown') note('state', name, detail);
  return [...untold].map(([words, names]) => {
    const [what = ''] = words.split(' ', 1);
    const named = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    return `The ${what} of ${named}${words.slice(what.length)}`;
  });
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
