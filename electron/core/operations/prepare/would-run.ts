import type { JudgedMaintenance } from '../../lifecycle/preflight/facts.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { regionMark, type Changes } from '../../cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf } from '../../cluster/writes/guarded.ts';
import { moveTimes, startMoveUnit } from '../../cluster/writes/move-unit.ts';
import { hold, holdPath, pin, unitMark } from '../../cluster/writes/moves.ts';
import { standbyOn } from '../../cluster/writes/standby.ts';
import { nodeLeaseName } from '../lease.ts';

/** Stands for what is made only when the operation begins: a lease's token, a unit's name. */
const tokenToCome = '0000000000000000';

/** The commands that a maintenance would send, in their order: made by the very builders that the operation uses. */
export function maintenanceWouldRun(
  { node, vms }: Pick<JudgedMaintenance, 'node' | 'vms'>,
  { ticked, movesOnlyWhatCan }: MaintenanceChoices,
  now: number,
): readonly PlannedCommand[] {
  const guard = guardOf({ leaseName: nodeLeaseName(node), token: tokenToCome });
  const merge = (step: string, changes: Changes): PlannedCommand => ({
    step,
    host: 'control node',
    command: guardedMerge({ guard, changes }).shown,
  });
  const moves = vms.flatMap(({ resource, domain, effect, target, needsTick }): readonly PlannedCommand[] => {
    if (target === null || (needsTick && !ticked.includes(resource))) return [];
    if (effect === 'restart-elsewhere') return [merge('move', pin(resource, target))];
    if (effect !== 'live-migrate') return [];
    const id = { resource, value: 'OPERATION.1' };
    const times = moveTimes(120);
    const unmanagedUntilMs = now + times.careSeconds * 1000;
    const unit = startMoveUnit(id, { domain, source: node, target, mibPerSecond: null, times, unmanagedUntilMs });
    return [merge('move', regionMark(unitMark(resource), id.value)), { step: 'move', host: node, command: unit.shown }];
  });
  const dropHold = {
    step: 'record',
    host: 'control node',
    command: guardedDelete({ guard, path: holdPath(node) }).shown,
  };
  const stays = vms.map(({ resource }) => resource);
  return [
    merge('hold', hold(node, stays)),
    ...moves,
    ...(movesOnlyWhatCan ? [] : [merge('standby', standbyOn({ name: node, id: node, type: 'member' }))]),
    dropHold,
  ];
}
