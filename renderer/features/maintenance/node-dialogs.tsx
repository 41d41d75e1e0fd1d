import { useState } from 'react';
import type { ReactElement } from 'react';
import { assertNever } from '#shared/assert.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeDialogRequest } from '../../state/dialogs.ts';
import { openDialog } from '../../state/dialogs.ts';
import { useRegions } from '../../state/regions.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { ForceDialog } from './force-dialog.tsx';
import { MaintenanceDialog } from './maintenance-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { ShutDownDialog } from './shut-down-dialog.tsx';
import { StopServicesDialog } from './stop-services-dialog.tsx';

/**
 * Shows the dialog that was asked for, above the one it was opened from, which keeps what it has read. The region is the one that was shown
 * when it opened, whatever happens behind it.
 */
export function NodeDialogs(props: {
  readonly request: NodeDialogRequest;
  readonly onClose: () => void;
}): ReactElement | null {
  const { request, onClose } = props;
  const [regionId] = useState(() => useRegions.getState().currentId);
  if (regionId === null) return null;
  const back = request.kind === 'shut-down-vm' ? request.back : null;
  const all = back === null ? [request] : [back, request];
  return (
    <>
      {all.map((one) => (
        <NodeDialog key={one.kind} request={one} regionId={regionId} onClose={onClose} />
      ))}
    </>
  );
}

function NodeDialog(props: {
  readonly request: NodeDialogRequest;
  readonly regionId: RegionId;
  readonly onClose: () => void;
}): ReactElement {
  const { request, regionId, onClose } = props;
  switch (request.kind) {
    case 'maintenance':
      return (
        <MaintenanceDialog
          key={request.nodeIds.join(' ')}
          regionId={regionId}
          nodeIds={request.nodeIds}
          onClose={onClose}
        />
      );
    case 'force-maintenance':
      return <ForceDialog on={{ regionId, nodeId: request.nodeId }} onClose={onClose} />;
    case 'activate':
      return <ActivateDialog regionId={regionId} nodeIds={request.nodeIds} onClose={onClose} />;
    case 'stop-services':
      return <StopServicesDialog on={{ regionId, nodeId: request.nodeId }} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog on={{ regionId, nodeId: request.nodeId }} onClose={onClose} />;
    case 'shut-down-vm':
      return (
        <ShutDownDialog
          on={{ regionId, nodeId: request.nodeId }}
          resource={request.resource}
          onClose={() => {
            if (request.back) openDialog(request.back);
            else onClose();
          }}
          onStarted={onClose}
        />
      );
    default:
      return assertNever(request);
  }
}
