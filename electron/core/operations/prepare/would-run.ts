import type { ClusterAnswer } from '#shared/model/cluster.ts';
import { isTicked, type PlannedVm } from '#shared/model/maintenance.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import type { JudgedMaintenance, PlanFacts } from '../../lifecycle/preflight/facts.ts';
import { nodeAttribute, nodeAttributePath, nodePath, regionMark } from '../../cluster/writes/configuration.ts';
import { moveTimes, startMoveUnit } from '../../cluster/writes/move-unit.ts';
import { holdPath, pin, pinPath, unitMark, vmPath } from '../../cluster/writes/moves.ts';
import { standbyOn } from '../../cluster/writes/standby.ts';
import { markExcept } from '../move-marks.ts';
import { moveSecondsOf } from '../move-vm.ts';
import { holdOf } from '../steps/hold.ts';
import { maintenanceName } from '../steps/maintenance-record.ts';
import { memberIn, plannedBy, toCome } from './planned-by.ts';
import { stoppingWouldRun } from './would-run-stop.ts';

/**
 * The commands that a maintenance would send, in their order, one VM after the other: made by the very builders that its steps use. Reads, and
 * what every operation writes of itself (its locks, its record `rackside-op-NODE`), are no part of it.
 */
export function maintenanceWouldRun(
  { node, vms }: Pick<JudgedMaintenance, 'node' | 'vms'>,
  facts: Pick<PlanFacts, 'answer' | 'choices' | 'now'>,
): readonly PlannedCommand[] {
  const { answer, choices } = facts;
  const member = memberIn(answer, node);
  if (member === undefined) return [];
  const { merge, drop } = plannedBy(node);
  const leaving = [merge('hold', holdOf(answer, node, resourcesOf(vms))), ...movesOf(node, vms, facts)];
  const dropHold = drop('hold', holdPath(node));
  if (choices.movesOnlyWhatCan) {
    // Where the cluster's simulation says by then that a VM would move without its pin, that pin stays.
    const pins = vms.filter((vm) => leaves(vm, choices)).map(({ resource }) => drop('drop-pins', pinPath(resource)));
    return [...leaving, dropHold, drop('record', nodeAttributePath(member, maintenanceName)), ...pins];
  }
  const record = merge('record', nodeAttribute(member, maintenanceName, toCome.record), { requires: nodePath(member) });
  return [
    ...leaving,
    ...(member.standby === 'forever' ? [] : [merge('standby', standbyOn(member), { requires: nodePath(member) })]),
    record,
    dropHold,
    ...(choices.stopsServices ? stoppingWouldRun(answer, member) : []),
  ];
}

/** Each VM that leaves, and after it the hold for what is left. A row that needs a tick and has none stays (R9). */
function movesOf(
  node: string,
  vms: readonly PlannedVm[],
  { answer, choices, now }: Parameters<typeof maintenanceWouldRun>[1],
): readonly PlannedCommand[] {
  const { at, merge } = plannedBy(node);
  const left = new Set(resourcesOf(vms));
  return vms.flatMap(({ resource, domain, effect, target, needsTick }): readonly PlannedCommand[] => {
    if (!leaves({ resource, effect, target, needsTick }, choices) || target === null) return [];
    left.delete(resource);
    const then = merge('hold', holdOf(without(answer, vms, left), node, [...left]));
    const requires = vmPath(resource);
    if (effect === 'restart-elsewhere') return [merge('move', pin(resource, target), { requires }), then];
    const id = { resource, value: toCome.move };
    const times = moveTimes(moveSecondsOf(answer.vms.find((vm) => vm.resource === resource)?.memoryMib ?? null));
    const unmanagedUntilMs = now + times.careSeconds * 1000;
    const unit = startMoveUnit(id, { domain, source: node, target, mibPerSecond: null, times, unmanagedUntilMs });
    const unless = markExcept(resource, id.value);
    return [
      merge('move', regionMark(unitMark(resource), id.value), { requires, unless }),
      at('move', node, unit),
      then,
    ];
  });
}

/** Moved, or started elsewhere. */
const leaves = (
  vm: Pick<PlannedVm, 'resource' | 'effect' | 'target' | 'needsTick'>,
  { ticked }: PlanFacts['choices'],
): boolean =>
  vm.target !== null &&
  (vm.effect === 'live-migrate' || vm.effect === 'restart-elsewhere') &&
  (!vm.needsTick || isTicked(ticked, vm));

const resourcesOf = (vms: readonly PlannedVm[]): readonly string[] => vms.map(({ resource }) => resource);

/** The cluster once those of the plan that are not left any more are gone from the node. */
function without(answer: ClusterAnswer, vms: readonly PlannedVm[], left: ReadonlySet<string>): ClusterAnswer {
  const gone = new Set(resourcesOf(vms).filter((resource) => !left.has(resource)));
  return { ...answer, resources: answer.resources.filter(({ id }) => !gone.has(id)) };
}
