import { useState, type ReactElement } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { startShutDown } from '../../state/maintenance-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { beingStarted, useConfirmation } from './confirmation.ts';
import { NodeAbout, useNodeRow } from './node-about.tsx';
import { SaidProblem } from './said-problem.tsx';
import { isTyped, TypedField } from './typed-field.tsx';

/** Shuts one VM down through the cluster, so that it stays down; its name is typed. */
export function ShutDownDialog(props: {
  readonly on: NodeOfRegion;
  readonly resource: string;
  /** Without having done it. */
  readonly onClose: () => void;
  readonly onStarted: () => void;
}): ReactElement {
  const { on, resource, onClose, onStarted } = props;
  const [typedName, setTypedName] = useState('');
  const confirmation = useConfirmation(onStarted);
  const node = useNodeRow(on)?.name ?? on.nodeId;
  const missing = isTyped(typedName, resource) ? '' : `Type ${resource} first.`;
  const start = async (): Promise<Operation> => {
    const about = { ...on, resource, typedName };
    return startShutDown({ ...about, operationId: confirmation.idOf(about) });
  };
  return (
    <Dialog
      title={`Shut down ${resource}`}
      isDangerous
      about={<NodeAbout {...on} />}
      note={confirmation.isSending ? beingStarted : missing}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="danger"
            unavailableBecause={confirmation.isSending ? beingStarted : missing === '' ? undefined : missing}
            onClick={() => {
              confirmation.send(start);
            }}
          >
            Shut down
          </Button>
        </>
      }
    >
      <div className="rk-force">
        <SaidProblem problem={confirmation.problem} />
        <p>
          <b>
            {resource} stops on {node} and stays down
          </b>{' '}
          until somebody starts it again: the cluster does not start it elsewhere. Its guest is told to shut down, and
          what it does not save by then is lost.
        </p>
        <TypedField
          label="Type the VM’s name to confirm:"
          isFirst
          wanted={resource}
          value={typedName}
          onText={setTypedName}
        />
      </div>
    </Dialog>
  );
}
