import { useState } from 'react';
import type { ReactElement } from 'react';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { useClock } from '../../state/clock.ts';
import { useNodes } from '../../state/nodes.ts';
import { useRegions } from '../../state/regions.ts';
import { RegionName } from '../../ui/region-name.tsx';
import { StatusLabel } from '../../ui/status-label.tsx';

/**
 * The node as the table knows it now. It stays the last known one where its row goes away behind the dialog, or another region is
 * shown there, which may have a node of the same name.
 */
export function useNodeRow({ regionId, nodeId }: NodeOfRegion): NodeRow | undefined {
  const row = useNodes((state) => (state.regionId === regionId ? state.rows.get(nodeId) : undefined));
  const [last, setLast] = useState(row);
  if (row !== undefined && row !== last) setLast(row);
  return row ?? last;
}

/** What nodes are called, as it was when the dialog opened. */
export function useNodeNames(regionId: RegionId, nodeIds: readonly NodeId[]): (nodeId: NodeId) => string {
  const [names] = useState(() => {
    const state = useNodes.getState();
    const rows = state.regionId === regionId ? state.rows : new Map<NodeId, NodeRow>();
    return new Map(nodeIds.map((nodeId) => [nodeId, rows.get(nodeId)?.name ?? nodeId]));
  });
  return (nodeId) => names.get(nodeId) ?? nodeId;
}

/** The first 12 digits of a machine-id, which is what a node's ID is shown as. */
export const shortMachineId = (machineId: string): string => machineId.replaceAll('-', '').slice(0, 12);

/** Beneath every title: Name, ID, status, region. */
export function NodeAbout(props: {
  readonly regionId: RegionId;
  readonly nodeId: NodeId;
  /** As the core read it for this dialog; before that, what the table knows. */
  readonly machineId?: string | null | undefined;
}): ReactElement {
  const { regionId, nodeId } = props;
  const row = useNodeRow({ regionId, nodeId });
  const now = useClock((state) => state.now);
  const machineId = props.machineId ?? (row?.machineId.kind === 'known' ? row.machineId.value : null);
  return (
    <>
      <span>
        Name <b className="rk-nd__name">{row?.name ?? nodeId}</b>
        {/* Checks, commands and statements name it as the cluster does. */}
        {!row?.hostname || row.hostname === row.name ? null : <small> hostname {row.hostname}</small>}
      </span>
      <span>
        ID {machineId === null ? 'not known' : <code className="rk-nd__id">{shortMachineId(machineId)}</code>}
      </span>
      {row ? <StatusLabel status={row.status} now={now} reason="" /> : null}
      <AboutRegion regionId={regionId} />
    </>
  );
}

export function AboutRegion({ regionId }: { readonly regionId: RegionId }): ReactElement {
  const region = useRegions((state) => state.profiles?.find(({ id }) => id === regionId));
  return <RegionName region={region} otherwise={regionId} />;
}
