import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { useClock } from '../../state/clock.ts';
import { liftBrake } from '../../state/operation-actions.ts';
import { useRegions } from '../../state/regions.ts';
import { formatExactTime, formatPlural } from '../../ui/format.ts';
import { TypedNameDialog } from './typed-name-dialog.tsx';

/** The named override of the brake after a mass failure (R14). */
export function BrakeDialog(props: { readonly regionId: RegionId; readonly onClose: () => void }): ReactElement | null {
  const { regionId, onClose } = props;
  const view = useRegions((state) => state.views[regionId]);
  const now = useClock((state) => state.now);
  if (!view) return null;
  const { brake } = view;
  return (
    <TypedNameDialog
      title="Lift the brake"
      regionId={regionId}
      name={view.name}
      what="region"
      verb="Lift for 10 minutes"
      draftKey={`brake ${regionId}`}
      onSend={(typed) => liftBrake(regionId, typed)}
      onClose={onClose}
    >
      {brake ? (
        <p>
          {formatPlural(brake.nodes.length, 'node')} left Active at {formatExactTime(brake.since, now)} without an
          operation: <b>{brake.nodes.join(', ')}</b>. Their VMs may still be restarting elsewhere.
        </p>
      ) : (
        <p>The brake is over: nothing is held back any more.</p>
      )}
      <p className="rk-dim">
        For ten minutes actions that take a node out of service are available again in {view.name}. Taking another node
        out now can leave VMs without a place to run, or the cluster without its quorum.
      </p>
    </TypedNameDialog>
  );
}
