import type { NodeId } from '#shared/model/ids.ts';
import type { MaintenanceChoices } from '#shared/model/maintenance.ts';

/** How a node stands among those that are taken out together: none of its VMs goes where the others are, and its plan begins where those ahead end. */
export function inRow(
  nodeIds: readonly NodeId[],
  nodeId: NodeId,
  choicesOf: (nodeId: NodeId) => Pick<MaintenanceChoices, 'targets' | 'movesOnlyWhatCan'>,
): Pick<MaintenanceChoices, 'alsoOut' | 'ahead'> {
  const place = nodeIds.indexOf(nodeId);
  return {
    alsoOut: nodeIds.filter((id) => id !== nodeId),
    ahead: nodeIds.slice(0, place).map((id) => {
      const { targets, movesOnlyWhatCan } = choicesOf(id);
      return { nodeId: id, targets, movesOnlyWhatCan };
    }),
  };
}
