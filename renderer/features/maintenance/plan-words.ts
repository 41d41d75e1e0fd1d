import { isTicked, vmEffects } from '#shared/model/maintenance.ts';
import type { PlannedVm, PreparedMaintenance, TargetMemory, Tick, VmEffect } from '#shared/model/maintenance.ts';
import { formatGib, formatPercent, formatPlural } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';

/** How full a target may become before it is marked (issue 4: warn from 90 %). */
export const limitPercent = 90;

export const effectWords: Readonly<Record<VmEffect, { readonly label: string; readonly icon: IconName }>> = {
  'live-migrate': { label: 'Live-migrate', icon: 'move' },
  'restart-elsewhere': { label: 'Restart elsewhere', icon: 'retry' },
  stop: { label: 'Stop', icon: 'power' },
  'cannot-move': { label: 'Cannot move', icon: 'no' },
};

const counted: Readonly<Record<VmEffect, readonly [one: string, many: string]>> = {
  'live-migrate': ['live-migrates', 'live-migrate'],
  'restart-elsewhere': ['restarts elsewhere', 'restart elsewhere'],
  stop: ['stops', 'stop'],
  'cannot-move': ['cannot move', 'cannot move'],
};

/** `10 VMs, 328 GiB: 8 live-migrate, 1 restarts elsewhere, 1 cannot move`. */
export function planSummary(vms: readonly PlannedVm[]): string {
  const known = vms.reduce((sum, vm) => sum + (vm.memoryBytes ?? 0), 0);
  const isPart = vms.some((vm) => vm.memoryBytes === null);
  const effects = vmEffects.flatMap((effect) => {
    const count = vms.filter((vm) => vm.effect === effect).length;
    return count === 0 ? [] : [`${String(count)} ${counted[effect][count === 1 ? 0 : 1]}`];
  });
  return `${formatPlural(vms.length, 'VM')}, ${isPart ? 'at least ' : ''}${formatGib(known)} GiB: ${effects.join(', ')}`;
}

/** What a confirmed plan does to VMs that do not simply move: `1 VM restarts, 1 VM stops`; empty where all move. */
export function harmOf(plan: PreparedMaintenance, ticked: readonly Tick[]): string {
  const allowed = [...plan.vms, ...plan.others].filter((vm) => vm.needsTick && isTicked(ticked, vm));
  const restarts = allowed.filter(({ effect }) => effect === 'restart-elsewhere').length;
  const stops = allowed.filter(({ effect }) => effect === 'stop').length;
  return [
    restarts > 0 ? `${formatPlural(restarts, 'VM')} ${restarts === 1 ? 'restarts' : 'restart'}` : '',
    stops > 0 ? `${formatPlural(stops, 'VM')} ${stops === 1 ? 'stops' : 'stop'}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Used memory of a target before and after, in percent of its whole; `null` where the whole is not known. */
export function shares(target: TargetMemory): { readonly before: number; readonly after: number } | null {
  const { totalBytes, beforeBytes, afterBytes } = target;
  if (totalBytes === null || totalBytes <= 0) return null;
  return { before: (beforeBytes / totalBytes) * 100, after: (afterBytes / totalBytes) * 100 };
}

/** From the limit on, as the preflight warns. */
export const isOverLimit = (target: TargetMemory | undefined): boolean =>
  target !== undefined && (shares(target)?.after ?? 0) >= limitPercent;

/** Rounded up, as in the words of the preflight: 90.2 % must not read as 90. */
export const percentWords = (percent: number): string => formatPercent(Math.max(0, Math.ceil(percent - 1e-7)));
