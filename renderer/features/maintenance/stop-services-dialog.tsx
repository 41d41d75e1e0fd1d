import type { ReactElement } from 'react';
import type { PreparedStop } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { prepareStop, startStop } from '../../state/maintenance-actions.ts';
import { isCurrent, type Preparation } from '../../state/preparations.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { sentence } from '../../ui/format.ts';
import { CheckedFoot, heldBy } from './checked-foot.tsx';
import { useConfirmation } from './confirmation.ts';
import { NodeAbout, useNodeRow } from './node-about.tsx';
import { PreflightPanel } from './preflight-panel.tsx';
import { SaidProblem } from './said-problem.tsx';
import { told } from './told.ts';
import { usePrepared } from './use-prepared.ts';
import { WouldRun } from './would-run.tsx';

/** Why its services cannot be stopped now; empty when they can. */
function missingForStop({ answer, problem, readingSince }: Preparation<null, PreparedStop>): string {
  if (readingSince !== null) return 'The preflight is being read.';
  if (problem || !answer) return 'The preflight could not be read, so nothing can be stopped.';
  return answer.isReady ? '' : sentence(told(answer.heldUpBy));
}

/** Stops the cluster services of a node In maintenance, for whoever is about to cut its power. */
export function StopServicesDialog({
  on,
  onClose,
}: {
  readonly on: NodeOfRegion;
  readonly onClose: () => void;
}): ReactElement {
  const { prepared, again } = usePrepared(on, prepareStop);
  const confirmation = useConfirmation(onClose);
  const row = useNodeRow(on);
  const { answer } = prepared;
  const name = answer?.nodeName ?? row?.name ?? on.nodeId;
  const missing = missingForStop(prepared);
  const start = async (): Promise<Operation> => {
    const about = { ...on, digest: answer?.digest ?? '' };
    return startStop({ ...about, operationId: confirmation.idOf(about) });
  };
  return (
    <Dialog
      title="Stop cluster services"
      about={<NodeAbout {...on} />}
      note={heldBy(confirmation, missing) ?? `After Stop: ${name} stays In maintenance, and can be powered off.`}
      onClose={onClose}
      footer={
        <CheckedFoot
          verb="Stop"
          variant="primary"
          confirmation={confirmation}
          missing={missing}
          start={start}
          again={again}
          onClose={onClose}
        />
      }
    >
      <div className="rk-force">
        <SaidProblem problem={confirmation.problem} />
        <p>
          <b>No VM is touched.</b> While its cluster services run, cutting the power of {name} has the cluster fence it,
          which may switch it on again. Once they are stopped it fences nobody. Activate starts them again.
        </p>
        <PreflightPanel
          name={name}
          of={prepared}
          reads={`Whether ${name} is empty, its services, and what the cluster is without it`}
          andAgain=", and again before they stop"
          ready={
            isCurrent(prepared) && missing === ''
              ? { title: 'Ready.', text: 'No VM runs here, and the others keep their quorum.' }
              : null
          }
        />
        {answer ? <WouldRun regionId={on.regionId} commands={answer.wouldRun} /> : null}
      </div>
    </Dialog>
  );
}
