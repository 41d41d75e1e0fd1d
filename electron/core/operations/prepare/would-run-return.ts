import type { RecordedVm } from '#shared/model/cluster.ts';
import type { PlannedVm, PreparedActivation } from '#shared/model/maintenance.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { valueOf } from '#shared/model/reading.ts';
import { nodeAttribute, nodeAttributePath, nodePath, regionMark } from '../../cluster/writes/configuration.ts';
import { removeControl, removeWorker } from '../../cluster/writes/membership.ts';
import { moveTimes, startMoveUnit } from '../../cluster/writes/move-unit.ts';
import { holdPath, pin, pinPath, unitMark, vmPath } from '../../cluster/writes/moves.ts';
import { startLibvirt, startServices } from '../../cluster/writes/services.ts';
import { standbyPath } from '../../cluster/writes/standby.ts';
import type {
  ActivationFacts,
  JudgedActivation,
  JudgedRemoval,
  RemovalFacts,
} from '../../lifecycle/preflight/facts.ts';
import { markExcept } from '../move-marks.ts';
import { moveSecondsOf } from '../move-vm.ts';
import { recordedVms } from '../recorded-home.ts';
import { outChanges, type OutIdentity } from '../steps/mark-out.ts';
import { leftoverPath } from '../steps/leftovers.ts';
import { maintenanceName } from '../steps/maintenance-record.ts';
import { memberIn, plannedBy, toCome } from './planned-by.ts';

/**
 * The commands that an Activate would send, where the VMs stay and where they are brought home: made by the very builders that its steps use.
 * Reads, and what every operation writes of itself, are no part of it.
 */
export function activationWouldRun(
  { node, home }: Pick<JudgedActivation, 'node' | 'home'>,
  facts: ActivationFacts,
): Pick<PreparedActivation, 'wouldRun' | 'wouldRunHome'> {
  const { answer, configuration } = facts;
  const { at, merge, drop, option } = plannedBy(node);
  const member = memberIn(answer, node);
  if (member === undefined) return { wouldRun: [], wouldRunHome: [] };
  const isUp = answer.nodes.some(({ name, isOnline, isUnclean }) => name === node && isOnline && !isUnclean);
  const host = facts.nodes.find(({ name }) => name === node)?.host;
  const isLibvirtDown = host !== undefined && valueOf(host.libvirt) === 'down';
  const isOpen = answer.resources.some(({ id, role }) => id === node && role === 'Started');
  const record = answer.records.nodes[node]?.maintenance ?? null;
  const wasStopped = record?.isStopped === true || record?.wasOff === true;
  const undone = nodeAttribute(member, maintenanceName, toCome.record);
  const stands = new Set(configuration.constraints.map(({ id }) => id));
  const start = [
    ...(wasStopped ? [merge('services', undone, { requires: nodePath(member) })] : []),
    at('services', node, startServices(member.type)),
    ...(member.type === 'remote' && !isOpen
      ? [option('services', { resource: node, name: 'target-role', value: null })]
      : []),
  ];
  const back = [
    ...(isUp ? [] : start),
    ...(isLibvirtDown ? [at('services', node, startLibvirt())] : []),
    ...Object.entries(facts.pinned).map(([resource, on]) =>
      merge('pin-elsewhere', pin(resource, on), { requires: vmPath(resource) }),
    ),
    ...(member.standby === 'off' ? [] : [drop('unstandby', standbyPath(member))]),
    ...(stands.has(`rackside-hold-${node}`) ? [drop('drop-traces', holdPath(node))] : []),
    drop('drop-traces', nodeAttributePath(member, maintenanceName)),
  ];
  // Where the cluster's simulation says by then that a VM would move without its pin, that pin stays.
  const pinsOf = (vms: readonly RecordedVm[]): readonly PlannedCommand[] =>
    vms
      .filter(({ resource }) => stands.has(`rackside-move-${resource}`))
      .map(({ resource }) => drop('drop-pins', pinPath(resource)));
  const stays = recordedVms(facts, home, true).filter(({ effect }) => effect !== 'live-migrate');
  return {
    wouldRun: [...back, ...pinsOf(recordedVms(facts, home, false))],
    wouldRunHome: [...back, ...home.flatMap((vm) => wayHome(node, vm, facts)), ...pinsOf(stays)],
  };
}

/** Of a VM that can come home; its pin is dropped there. */
function wayHome(node: string, vm: PlannedVm, { answer, now }: ActivationFacts): readonly PlannedCommand[] {
  const { resource, domain, effect, node: source } = vm;
  if (effect !== 'live-migrate') return [];
  const { at, merge, drop } = plannedBy(node);
  const id = { resource, value: toCome.move };
  const times = moveTimes(moveSecondsOf(answer.vms.find((one) => one.resource === resource)?.memoryMib ?? null));
  const unmanagedUntilMs = now + times.careSeconds * 1000;
  const unit = startMoveUnit(id, { domain, source, target: node, mibPerSecond: null, times, unmanagedUntilMs });
  return [
    merge('home', regionMark(unitMark(resource), id.value), {
      requires: vmPath(resource),
      unless: markExcept(resource, id.value),
    }),
    at('home', source, unit),
    drop('home', pinPath(resource)),
  ];
}

/** The commands that a Remove would send. */
export function removalWouldRun(
  { node, leftovers }: Pick<JudgedRemoval, 'node' | 'leftovers'>,
  facts: RemovalFacts,
  identity: OutIdentity,
): readonly PlannedCommand[] {
  const { at, merge, drop, option } = plannedBy(node);
  const member = memberIn(facts.answer, node);
  if (member === undefined) return [];
  const isReached = facts.nodes.find(({ name }) => name === node)?.host.reachability.kind === 'reachable';
  const options = { skipsOffline: !isReached, overridden: [] };
  const isWorker = member.type === 'remote';
  const unit = 'rackside-remove-OPERATION.service';
  const mark = outChanges(member, facts.answer, identity);
  // Without a machine-id it would stand beside the member in the table: it is marked when that is gone.
  const isMarkedFirst = identity.machineId !== null;
  const known = new Set(facts.answer.vms.map(({ resource }) => resource));
  const stands = new Set(facts.configuration.constraints.map(({ id }) => id));
  const named = new Set(leftovers.map(({ id }) => id));
  const pins = (facts.answer.records.nodes[node]?.maintenance?.movedVms ?? []).filter((resource) => {
    const id = `rackside-move-${resource}`;
    return known.has(resource) && stands.has(id) && !named.has(id);
  });
  return [
    ...(isMarkedFirst ? [merge('mark-out', mark, { requires: nodePath(member) })] : []),
    ...(isWorker ? [option('close', { resource: node, name: 'target-role', value: 'Stopped' })] : []),
    at(
      'leave',
      'another control node',
      isWorker ? removeWorker(unit, node, options) : removeControl(unit, node, options),
    ),
    ...leftovers.map(({ id }) => drop('leftovers', leftoverPath(id))),
    ...pins.map((resource) => drop('drop-pins', pinPath(resource))),
    ...(isMarkedFirst ? [] : [merge('out', mark)]),
  ];
}
