import { useState } from 'react';
import type { ReactElement } from 'react';
import type { OperationId } from '#shared/model/ids.ts';
import { actOnOperation } from '../../state/operation-actions.ts';
import { operationTitle } from '../../state/operation-words.ts';
import { useOperations } from '../../state/operations.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { AboutRegion } from './about-region.tsx';
import { useAsked } from './use-asked.ts';
import { useStatusOf } from './use-status-of.ts';
import { ifCancelled, ifRolledBack } from './words.ts';

/** Cancel or roll back, once more: what happens to VMs is said first, and follows the operation while the dialog is open. */
export function StopDialog(props: {
  readonly operationId: OperationId;
  readonly how: 'cancel' | 'roll-back';
  readonly onClose: () => void;
}): ReactElement | null {
  const { operationId, how, onClose } = props;
  const known = useOperations((state) => state.byId.get(operationId));
  const [asOpened] = useState(known);
  const operation = known ?? asOpened;
  const { isAsking, problem, ask } = useAsked(onClose);
  const status = useStatusOf(operation);
  if (!operation) return null;
  const isCancel = how === 'cancel';
  const refused = known?.actions.find(({ action }) => action === how)?.refused;
  const told = isCancel ? ifCancelled(operation, status) : ifRolledBack(operation);
  // While it runs a repeated click is the same wish; once it is refused there is nothing to send.
  const because = isAsking
    ? 'It is being asked for.'
    : refused === undefined
      ? 'The operation does not offer it any more.'
      : (refused ?? undefined);
  const verb = isCancel
    ? operation.command === 'maintenance'
      ? 'Cancel and return to Active'
      : 'Cancel the operation'
    : 'Roll back';
  return (
    <Dialog
      title={isCancel ? 'Cancel operation' : 'Roll back operation'}
      width="small"
      about={
        <>
          <b>{operationTitle(operation)}</b>
          <AboutRegion regionId={operation.regionId} />
        </>
      }
      note={because !== undefined && !isAsking ? because : undefined}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            {isCancel ? 'Let it run' : 'Leave it as it is'}
          </Button>
          <Button
            variant="primary"
            unavailableBecause={because}
            onClick={() =>
              void ask(() => actOnOperation(isCancel ? 'operations.cancel' : 'operations.rollBack', operation))
            }
          >
            {verb}
          </Button>
        </>
      }
    >
      <ul className="rk-told">
        {told.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {problem ? <ProblemView problem={problem} /> : null}
    </Dialog>
  );
}
