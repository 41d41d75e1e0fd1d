import type { NodeId } from '#shared/model/ids.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';

/** How a node stands among those that are taken out together: none of its VMs goes where the others are, and its plan begins where those ahead end. */
export function inRow(
  nodeIds: readonly NodeId[],
  nodeId: NodeId,
  targetsOf: (nodeId: NodeId) => MaintenanceChoices['targets'],
): Pick<MaintenanceChoices, 'alsoOut' | 'ahead'> {
  const place = nodeIds.indexOf(nodeId);
  return {
    alsoOut: nodeIds.filter((id) => id !== nodeId),
    ahead: nodeIds.slice(0, place).map((id) => ({ nodeId: id, targets: targetsOf(id) })),
  };
}
