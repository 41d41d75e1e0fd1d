import type { ClusterAnswer, ClusterMember } from '#shared/model/cluster.ts';
import type { PlannedCommand } from '#shared/model/operation.ts';
import { nodeAttribute, nodePath } from '../../cluster/writes/configuration.ts';
import { stopServices } from '../../cluster/writes/services.ts';
import { maintenanceName } from '../steps/maintenance-record.ts';
import { plannedBy, toCome } from './planned-by.ts';

/** The commands that stop the cluster services of a node, in their order: noted first, so that its silence is no failure. */
export function stoppingWouldRun(answer: ClusterAnswer, member: ClusterMember): readonly PlannedCommand[] {
  const { name: node, type } = member;
  const { at, merge, option } = plannedBy(node);
  const isWorker = type === 'remote';
  const isUp = answer.nodes.some(({ name, isOnline }) => name === node && isOnline);
  return [
    merge('record', nodeAttribute(member, maintenanceName, toCome.record), { requires: nodePath(member) }),
    ...(isWorker ? [option('stop-services', { resource: node, name: 'target-role', value: 'Stopped' })] : []),
    ...(isWorker || isUp ? [at('stop-services', node, stopServices(type))] : []),
  ];
}
