import type { PlannedCommand } from '#shared/model/operation.ts';
import { valueOf } from '#shared/model/reading.ts';
import { nodeAttributePath, regionMark } from '../../cluster/writes/configuration.ts';
import { removeControl, removeWorker } from '../../cluster/writes/membership.ts';
import { moveTimes, startMoveUnit } from '../../cluster/writes/move-unit.ts';
import { pinPath, unitMark } from '../../cluster/writes/moves.ts';
import { startLibvirt, startServices } from '../../cluster/writes/services.ts';
import { standbyPath } from '../../cluster/writes/standby.ts';
import type {
  ActivationFacts,
  JudgedActivation,
  JudgedRemoval,
  RemovalFacts,
} from '../../lifecycle/preflight/facts.ts';
import { outChanges, type OutIdentity } from '../steps/mark-out.ts';
import { leftoverPath } from '../steps/leftovers.ts';
import { maintenanceName } from '../steps/maintenance-record.ts';
import { memberIn, plannedBy, toCome } from './planned-by.ts';

/** The commands that an Activate would send, the VMs' way home included. */
export function activationWouldRun(
  { node, home }: Pick<JudgedActivation, 'node' | 'home'>,
  facts: ActivationFacts,
): readonly PlannedCommand[] {
  const { at, merge, drop, option } = plannedBy(node);
  const member = memberIn(facts.answer, node);
  if (member === undefined) return [];
  const isOnline = facts.answer.nodes.some(({ name, isOnline: is }) => name === node && is);
  const host = facts.nodes.find(({ name }) => name === node)?.host;
  const isLibvirtDown = host !== undefined && valueOf(host.libvirt) === 'down';
  const opensConnection = member.type === 'remote' && !isOnline;
  const moves = home.flatMap(({ resource, domain, effect, node: source }): readonly PlannedCommand[] => {
    if (effect !== 'live-migrate') return [];
    const id = { resource, value: toCome.move };
    const times = moveTimes(1800);
    const unmanagedUntilMs = facts.now + times.careSeconds * 1000;
    const unit = startMoveUnit(id, { domain, source, target: node, mibPerSecond: null, times, unmanagedUntilMs });
    return [
      merge('home', regionMark(unitMark(resource), id.value)),
      at('home', source, unit),
      drop('home', pinPath(resource)),
    ];
  });
  return [
    ...(isOnline ? [] : [at('services', node, startServices(member.type))]),
    ...(opensConnection ? [option('services', { resource: node, name: 'target-role', value: null })] : []),
    ...(isLibvirtDown ? [at('services', node, startLibvirt())] : []),
    drop('unstandby', standbyPath(member)),
    drop('drop-traces', nodeAttributePath(member, maintenanceName)),
    ...moves,
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
  return [
    merge('mark-out', outChanges(member, facts.answer, identity)),
    ...(isWorker ? [option('close', { resource: node, name: 'target-role', value: 'Stopped' })] : []),
    at(
      'leave',
      'another control node',
      isWorker ? removeWorker(unit, node, options) : removeControl(unit, node, options),
    ),
    ...leftovers.map(({ id }) => drop('leftovers', leftoverPath(id))),
  ];
}
