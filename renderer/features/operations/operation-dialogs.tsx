import type { ReactElement } from 'react';
import { assertNever } from '#shared/assert.ts';
import type { OperationDialogRequest } from '../../state/dialogs.ts';
import { BrakeDialog } from './brake-dialog.tsx';
import { IdentityDialog } from './identity-dialog.tsx';
import { LimitsDialog } from './limits-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';

export function OperationDialogs(props: {
  readonly request: OperationDialogRequest;
  readonly onClose: () => void;
}): ReactElement {
  const { request, onClose } = props;
  switch (request.kind) {
    case 'stop-operation':
      return <StopDialog operationId={request.operationId} how={request.how} onClose={onClose} />;
    case 'lift-brake':
      return <BrakeDialog regionId={request.regionId} onClose={onClose} />;
    case 'accept-identity':
      return <IdentityDialog regionId={request.regionId} nodeId={request.nodeId} onClose={onClose} />;
    case 'region-limits':
      return <LimitsDialog key={request.regionId} regionId={request.regionId} onClose={onClose} />;
    default:
      return assertNever(request);
  }
}
