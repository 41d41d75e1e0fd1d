import type { ReactElement } from 'react';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import { useClock } from '../../state/clock.ts';
import { acceptIdentity } from '../../state/operation-actions.ts';
import { useNodes } from '../../state/nodes.ts';
import { formatReason, sentence } from '../../ui/format.ts';
import { TypedNameDialog } from './typed-name-dialog.tsx';

/** Takes another machine for the node (R12): only a person at the rack can know that. */
export function IdentityDialog(props: {
  readonly regionId: RegionId;
  readonly nodeId: NodeId;
  readonly onClose: () => void;
}): ReactElement | null {
  const { regionId, nodeId, onClose } = props;
  const row = useNodes((state) => (state.regionId === regionId ? state.rows.get(nodeId) : undefined));
  const now = useClock((state) => state.now);
  if (!row) return null;
  return (
    <TypedNameDialog
      title="Take this machine for the node"
      regionId={regionId}
      about={<b>{row.name}</b>}
      name={row.name}
      what="node"
      verb="It is the same node"
      draftKey={`identity ${regionId} ${nodeId}`}
      onSend={(typed) => acceptIdentity(regionId, nodeId, typed)}
      onClose={onClose}
    >
      {row.frozenBecause === null ? (
        <p>Nothing is held back: the machine that answers is the node.</p>
      ) : (
        <p>
          <b>{sentence(formatReason(row.frozenBecause, now))}</b>
        </p>
      )}
      <p className="rk-dim">
        Confirm it only if you know why it changed: a mainboard was replaced, the system was installed anew. Commands
        meant for {row.name} go to this machine from then on, its VMs’ included.
      </p>
    </TypedNameDialog>
  );
}
