import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { OperationId, RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { followOperation } from '../../state/operation-actions.ts';
import { useOperations } from '../../state/operations.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { OperationFigures } from './operation-figures.tsx';
import { OperationFoot } from './operation-foot.tsx';
import { OperationHeader } from './operation-header.tsx';
import { OperationNeeds } from './operation-needs.tsx';
import { OperationNews } from './operation-news.tsx';
import { OperationSteps } from './operation-steps.tsx';
import { Transcript } from './transcript.tsx';
import { useWayBack } from './use-way-back.ts';
import { VmTable } from './vm-table.tsx';

export interface OperationPageProps {
  readonly operationId: OperationId;
  /** What is known of the laptop's sleep while this runs, as one sentence; absent where nothing is known. */
  readonly sleepWords?: string;
}

/** One operation: its steps, its VMs as they go, what needs a decision, and every command. It is found again after a reload. */
export function OperationPage(props: OperationPageProps): ReactElement {
  const regionId = useRegions((state) => state.currentId);
  useWayBack();
  if (regionId === null) return <Reading />;
  return <OperationOf key={regionId} regionId={regionId} {...props} />;
}

function Reading(): ReactElement {
  return (
    <div className="rk-mid" aria-busy="true">
      <h1 className="rk-mid__title">Reading the operation</h1>
    </div>
  );
}

function OperationOf(props: OperationPageProps & { readonly regionId: RegionId }): ReactElement {
  const { regionId, operationId, sleepWords } = props;
  const operation = useOperations((state) => state.byId.get(operationId));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(
    () => followOperation(regionId, operationId, setProblem),
    // Another try asks anew.
    [regionId, operationId, tries],
  );
  const retry = (
    <Button
      icon="retry"
      onClick={() => {
        setProblem(null);
        setTries(tries + 1);
      }}
    >
      Read again
    </Button>
  );
  if (!operation || operation.regionId !== regionId) {
    if (!problem) return <Reading />;
    return (
      <div className="rk-mid">
        {problem.code === 'operation-not-found' ? (
          <>
            <h1 className="rk-mid__title">This operation is not known in this region</h1>
            <p className="rk-dim">{problem.message}</p>
          </>
        ) : (
          <>
            <h1 className="rk-sr">Operation</h1>
            <ProblemView title="The operation was not read" problem={problem} actions={retry} />
          </>
        )}
        <a href="#/operations">Back to the operations</a>
      </div>
    );
  }
  return (
    <>
      <OperationHeader operation={operation} />
      <OperationFigures operation={operation} />
      {problem ? (
        <div className="rk-detail-problem">
          <ProblemView title="The operation was not read again" problem={problem} actions={retry} />
        </div>
      ) : null}
      <div className={`rk-op${operation.vms.length === 0 ? ' rk-op--bare' : ''}`}>
        <OperationSteps operation={operation} />
        <section className="rk-op__vms" aria-label="VMs" tabIndex={0}>
          <div className="rk-op__head">
            <h2 className="rk-sect">
              VMs{' '}
              <small>
                {operation.vms.length === 0
                  ? operation.isOurs
                    ? 'none is part of it'
                    : 'none is recorded with it'
                  : `${String(operation.vms.length)}, in plan order`}
              </small>
            </h2>
            <span className="rk-flex" />
            <LeaveWords isOpen={['running', 'rolling-back'].includes(operation.state.kind)} sleepWords={sleepWords} />
          </div>
          <OperationNeeds operation={operation} />
          {operation.vms.length === 0 ? null : <VmTable operation={operation} />}
        </section>
        <Transcript operation={operation} />
      </div>
      <OperationNews operation={operation} />
      <OperationFoot operation={operation} />
    </>
  );
}

/** That nobody has to wait here, and what the laptop does meanwhile. */
function LeaveWords(props: {
  readonly isOpen: boolean;
  readonly sleepWords?: string | undefined;
}): ReactElement | null {
  if (!props.isOpen) return null;
  const told = 'You can leave this page; you are told when it ends.';
  return <span className="rk-op__leave">{props.sleepWords === undefined ? told : `${props.sleepWords} ${told}`}</span>;
}
