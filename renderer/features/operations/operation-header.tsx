import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Operation, OperationAction } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { useClock } from '../../state/clock.ts';
import { openDialog } from '../../state/dialogs.ts';
import { nodeHref, useNodes } from '../../state/nodes.ts';
import { actOnOperation } from '../../state/operation-actions.ts';
import type { OperationCall } from '../../state/operation-actions.ts';
import { operationTitle } from '../../state/operation-words.ts';
import { isUnderWay, needsPerson } from '../../state/operations.ts';
import { problemFrom } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatExactTime, formatReason, formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { StatusLabel, statusTip } from '../../ui/status-label.tsx';
import { nodePageOf } from './node-page.ts';
import { useWhyNot } from './use-why-not.ts';
import { actionLabels } from './words.ts';

/** What is done to which node, for which reason, by whom; and what a person can do about it now. */
export function OperationHeader({ operation }: { readonly operation: Operation }): ReactElement {
  const now = useClock((state) => state.now);
  const { id, message, reason, owner, startedAt } = operation;
  return (
    <>
      <nav className="rk-crumb" aria-label="Breadcrumb">
        <a href="#/operations">Operations</a>
        <Icon name="right" size={11} />
        <span className="rk-mono" aria-current="page">
          {id.slice(0, 8)}
        </span>
        <CopyButton text={id} name="the operation’s id" />
      </nav>
      <header className="rk-oh">
        <div className="rk-oh__text">
          <div className="rk-oh__line">
            <h1>{operationTitle(operation)}</h1>
            <NodeStatusNow operation={operation} />
          </div>
          {message === '' || !isUnderWay(operation) ? null : (
            <p className="rk-oh__message">
              <Icon name="warning" /> <b>{message}</b>
            </p>
          )}
          <p className="rk-oh__by">
            {reason === '' ? '' : `“${reason}”, `}
            {owner}, started <span data-tip={formatExactTime(startedAt, now)}>{formatTime(startedAt, now)}</span>,{' '}
            <NodeLink operation={operation} />
          </p>
        </div>
        <span className="rk-flex" />
        <Actions operation={operation} />
      </header>
    </>
  );
}

/** Its page; of one that was removed, that of the identity it left behind. Where the region has neither, there is nothing to open. */
function NodeLink({ operation }: { readonly operation: Operation }): ReactElement | null {
  const { regionId, nodeId, nodeName } = operation;
  const target = useNodes((state) => (state.regionId === regionId ? nodePageOf(state.rows, operation) : nodeId));
  if (target === null) return <>{nodeName} is no longer in the list</>;
  return <a href={nodeHref(target)}>open {nodeName}</a>;
}

/** How the node itself stands now, which an operation's end does not say for ever. */
function NodeStatusNow({ operation }: { readonly operation: Operation }): ReactElement | null {
  const row = useNodes((state) =>
    state.regionId === operation.regionId ? state.rows.get(operation.nodeId) : undefined,
  );
  const now = useClock((state) => state.now);
  if (!row) return null;
  const tip = statusTip(row.status, now);
  return (
    <span
      className="rk-nh__status"
      tabIndex={0}
      role="group"
      aria-label={`Status of ${row.name}`}
      data-tip={[tip.title, ...tip.lines].join('\n')}
    >
      <StatusLabel status={row.status} now={now} size={20} reason="" />
    </span>
  );
}

const calls: Partial<Record<OperationAction['action'], OperationCall>> = {
  continue: 'operations.continue',
  'hand-over': 'operations.handOver',
};

const icons: Partial<Record<OperationAction['action'], IconName>> = {
  cancel: 'close',
  continue: 'right',
  'roll-back': 'retry',
  'hand-over': 'external',
};

function Actions({ operation }: { readonly operation: Operation }): ReactElement {
  const now = useClock((state) => state.now);
  const [asking, setAsking] = useState<OperationAction['action'] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const waits = needsPerson(operation);
  const whyNot = useWhyNot(operation);

  const ask = async (action: OperationAction['action'], call: OperationCall): Promise<void> => {
    setAsking(action);
    setProblem(null);
    try {
      await actOnOperation(call, operation);
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setAsking(null);
    }
  };
  const press = (action: OperationAction['action']): void => {
    const call = calls[action];
    if (call) void ask(action, call);
    else if (action === 'force') openDialog({ kind: 'force-maintenance', nodeId: operation.nodeId });
    else
      openDialog({
        kind: 'stop-operation',
        how: action === 'roll-back' ? 'roll-back' : 'cancel',
        operationId: operation.id,
      });
  };

  const because = (action: OperationAction['action'], refused: string | null): string | undefined => {
    const against = refused ?? whyNot(action);
    if (against !== undefined) return formatReason(against, now);
    return asking === null ? undefined : 'An answer is awaited.';
  };

  return (
    <div className="rk-oh__do">
      <div className="rk-oh__buttons" role="group" aria-label="Actions">
        {operation.actions.map(({ action, refused }) => (
          <Button
            key={action}
            variant={action === 'force' ? 'link' : action === 'continue' && waits ? 'primary' : 'secondary'}
            {...(icons[action] ? { icon: icons[action] } : {})}
            unavailableBecause={because(action, refused)}
            onClick={() => {
              press(action);
            }}
          >
            {asking === action ? `${actionLabels[action]}: asked` : actionLabels[action]}
          </Button>
        ))}
      </div>
      {problem ? <ProblemView problem={problem} /> : null}
    </div>
  );
}
