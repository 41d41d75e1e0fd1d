import type { PlannedCommand } from '#shared/model/operation.ts';
import { valueOf } from '#shared/model/reading.ts';
import { nodeAttributePath, regionMark, type Changes, type WrittenNode } from '../../cluster/writes/configuration.ts';
import { guardedDelete, guardedMerge, guardOf, type Guard } from '../../cluster/writes/guarded.ts';
import { removeControl, removeWorker } from '../../cluster/writes/membership.ts';
import { moveTimes, startMoveUnit } from '../../cluster/writes/move-unit.ts';
import { pinPath, unitMark } from '../../cluster/writes/moves.ts';
import { setResourceOption } from '../../cluster/writes/resource-meta.ts';
import { startLibvirt, startServices } from '../../cluster/writes/services.ts';
import type { ShownCommand } from '../../cluster/writes/shown-command.ts';
import { standbyPath } from '../../cluster/writes/standby.ts';
import type {
  ActivationFacts,
  JudgedActivation,
  JudgedRemoval,
  NodeInRegion,
  RemovalFacts,
} from '../../lifecycle/preflight/facts.ts';
import { nodeLeaseName } from '../lease.ts';
import { outChanges, type OutIdentity } from '../steps/mark-out.ts';
import { leftoverPath } from '../steps/leftovers.ts';

/** Stands for what is made only when the operation begins: a lease's token. */
const tokenToCome = '0000000000000000';
const controlNode = 'control node';

const guardFor = (node: string): Guard => guardOf({ leaseName: nodeLeaseName(node), token: tokenToCome });

function plannedBy(guard: Guard) {
  const at = (step: string, host: string, { shown }: Pick<ShownCommand<unknown>, 'shown'>): PlannedCommand => ({
    step,
    host,
    command: shown,
  });
  return {
    at,
    merge: (step: string, changes: Changes) => at(step, controlNode, guardedMerge({ guard, changes })),
    drop: (step: string, path: string) => at(step, controlNode, guardedDelete({ guard, path })),
  };
}

const memberIn = ({ answer, node }: Pick<NodeInRegion, 'answer' | 'node'>): WrittenNode | undefined =>
  answer.members.find(({ name }) => name === node);

/** The commands that an Activate would send, the VMs' way home included. */
export function activationWouldRun(
  { node, home }: Pick<JudgedActivation, 'node' | 'home'>,
  facts: ActivationFacts,
): readonly PlannedCommand[] {
  const guard = guardFor(node);
  const { at, merge, drop } = plannedBy(guard);
  const member = memberIn(facts);
  if (member === undefined) return [];
  const isOnline = facts.answer.nodes.some(({ name, isOnline: is }) => name === node && is);
  const host = facts.nodes.find(({ name }) => name === node)?.host;
  const isLibvirtDown = host !== undefined && valueOf(host.libvirt) === 'down';
  const opensConnection = member.type === 'remote' && !isOnline;
  const moves = home.flatMap(({ resource, domain, effect, node: source }): readonly PlannedCommand[] => {
    if (effect !== 'live-migrate') return [];
    const id = { resource, value: 'OPERATION.1' };
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
    ...(opensConnection
      ? [at('services', controlNode, setResourceOption({ guard, resource: node, name: 'target-role', value: null }))]
      : []),
    ...(isLibvirtDown ? [at('services', node, startLibvirt())] : []),
    drop('unstandby', standbyPath(member)),
    drop('drop-traces', nodeAttributePath(member, 'rackside-maintenance')),
    ...moves,
  ];
}

/** The commands that a Remove would send. */
export function removalWouldRun(
  { node, leftovers }: Pick<JudgedRemoval, 'node' | 'leftovers'>,
  facts: RemovalFacts,
  identity: OutIdentity,
): readonly PlannedCommand[] {
  const guard = guardFor(node);
  const { at, merge, drop } = plannedBy(guard);
  const member = memberIn(facts);
  if (member === undefined) return [];
  const isReached = facts.nodes.find(({ name }) => name === node)?.host.reachability.kind === 'reachable';
  const options = { skipsOffline: !isReached, overridden: [] };
  const isWorker = member.type === 'remote';
  const unit = 'rackside-remove-OPERATION.service';
  return [
    merge('mark-out', outChanges(member, facts.answer, identity)),
    ...(isWorker
      ? [at('close', controlNode, setResourceOption({ guard, resource: node, name: 'target-role', value: 'Stopped' }))]
      : []),
    at(
      'leave',
      'another control node',
      isWorker ? removeWorker(unit, node, options) : removeControl(unit, node, options),
    ),
    ...leftovers.map(({ id }) => drop('leftovers', leftoverPath(id))),
  ];
}
