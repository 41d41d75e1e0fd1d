import type { FocusEvent, ReactElement } from 'react';
import { useRef, useState } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import { nodeHref } from '../../state/nodes.ts';
import { useClock } from '../../state/clock.ts';
import { commandWords } from '#shared/model/operation.ts';
import { stateWord } from '../../state/operation-words.ts';
import { operationHref, useOperations } from '../../state/operations.ts';
import { Button } from '../../ui/button.tsx';
import { formatElapsed, formatExactTime, formatPlural, formatTime, notApplicable } from '../../ui/format.ts';
import { useRowKeys } from '../../ui/use-row-keys.ts';
import { countedVms, isDone, memoryMoved, stoppedAt } from './figures.ts';
import { MoveBar } from './move-bar.tsx';
import { OperationMark } from './operation-mark.tsx';

const heads = ['Operation', 'State', 'Node', 'Progress', 'By', 'Reason', 'Started', 'Duration'] as const;

/** So many are in the page at once; older ones are asked for. */
const atOnce = 200;

/** The operations of a region. Enter opens the one that has the focus; arrows move. */
export function OperationsTable(props: {
  readonly operations: readonly Operation[];
  /** The pointer is over the rows or the keyboard is in the table: no row may move. */
  readonly onHold: (isHeld: boolean) => void;
}): ReactElement {
  const { operations, onHold } = props;
  const [shown, setShown] = useState(atOnce);
  const rows = operations.slice(0, shown);
  const keys = useRowKeys(rows.length);
  const holds = useRef({ pointer: false, focus: false });
  const hold = (change: Partial<typeof holds.current>): void => {
    holds.current = { ...holds.current, ...change };
    onHold(holds.current.pointer || holds.current.focus);
  };
  const older = operations.length - rows.length;
  return (
    <div
      className="rk-pg rk-ops"
      onPointerEnter={() => {
        hold({ pointer: true });
      }}
      onPointerLeave={() => {
        hold({ pointer: false });
      }}
      onFocus={() => {
        hold({ focus: true });
      }}
      onBlur={(event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hold({ focus: false });
      }}
    >
      <table className="pf-v6-c-table pf-m-compact rk-t rk-ot" aria-label="Operations" onKeyDown={keys.onKeyDown}>
        <colgroup>
          {heads.map((head) => (
            <col key={head} className={`rk-ot__${head.toLowerCase()}`} />
          ))}
        </colgroup>
        <thead className="pf-v6-c-table__thead">
          <tr className="pf-v6-c-table__tr">
            {heads.map((head) => (
              <th key={head} scope="col" className={`pf-v6-c-table__th${head === 'Duration' ? ' rk-end' : ''}`}>
                <span className="rk-t__label">{head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="pf-v6-c-table__tbody">
          {rows.map((operation, index) => (
            <OperationRow
              key={operation.id}
              operation={operation}
              tabIndex={keys.tabIndex(index)}
              onFocus={() => {
                keys.onFocus(index);
              }}
            />
          ))}
        </tbody>
      </table>
      {older > 0 ? (
        <Button
          variant="link"
          onClick={() => {
            setShown(shown + atOnce);
          }}
        >
          Show {formatPlural(Math.min(older, atOnce), 'older operation')}
        </Button>
      ) : null}
    </div>
  );
}

function OperationRow(props: {
  readonly operation: Operation;
  readonly tabIndex: number;
  readonly onFocus: () => void;
}): ReactElement {
  const { operation } = props;
  const { id, command, nodeId, nodeName, owner, reason, startedAt, state } = operation;
  const now = useClock((one) => one.now);
  const more = stateMore(operation);
  const href = operationHref(id);
  return (
    <tr
      className="pf-v6-c-table__tr"
      data-operation={id}
      onDoubleClick={() => {
        location.hash = href;
      }}
    >
      <td className="pf-v6-c-table__td">
        <a href={href} data-stop="" tabIndex={props.tabIndex} onFocus={props.onFocus}>
          {commandWords[command]}
        </a>
      </td>
      <td className="pf-v6-c-table__td rk-cut" data-tip={more === '' ? undefined : `${stateWord(state)}\n${more}`}>
        <span className="rk-vs">
          <OperationMark operation={operation} />
          <span className={state.kind === 'failed' ? 'rk-ot__bad' : undefined}>{stateWord(state)}</span>
          {more === '' ? null : <small className="rk-st__reason">{more}</small>}
        </span>
      </td>
      <td className="pf-v6-c-table__td">
        <a className="rk-ot__node-link" href={nodeHref(nodeId)} tabIndex={-1}>
          {nodeName}
        </a>
      </td>
      <td className="pf-v6-c-table__td">
        <Progress operation={operation} />
      </td>
      <td className="pf-v6-c-table__td rk-cut" data-tip={owner}>
        {owner}
      </td>
      <td className="pf-v6-c-table__td rk-cut" data-tip={reason === '' ? undefined : reason}>
        {reason === '' ? <span className="rk-na">{notApplicable}</span> : reason}
      </td>
      <td className="pf-v6-c-table__td" data-tip={formatExactTime(startedAt, now)}>
        {formatTime(startedAt, now)}
      </td>
      <td className="pf-v6-c-table__td rk-end">
        {formatElapsed(Math.floor(((stoppedAt(operation) ?? now) - startedAt) / 1000) * 1000).replace('.0', '')}
      </td>
    </tr>
  );
}

/** The step it is at, why it stopped, or what is left. */
function stateMore({ state, steps, owner }: Operation): string {
  const step = steps.find((one) => one.state === 'running') ?? steps.find((one) => one.state === 'failed');
  switch (state.kind) {
    case 'queued':
      return `after ${state.behind}`;
    case 'running':
    case 'cancelling':
    case 'rolling-back':
      return step?.title ?? '';
    case 'failed':
      return state.problem.message;
    case 'unattended':
      return step ? `at “${step.title}”` : `${owner} drove it last`;
    case 'elsewhere':
      return step?.title ?? state.owner;
    case 'ended':
      return state.left.join('; ');
  }
}

function Progress({ operation }: { readonly operation: Operation }): ReactElement {
  const peaks = useOperations((state) => state.peaks);
  const vms = countedVms(operation);
  if (!vms) return <span className="rk-na">{notApplicable}</span>;
  const acted = operation.vms.filter(({ state }) => state !== 'stays');
  const share = memoryMoved(operation, peaks)?.share ?? acted.filter(isDone).length / acted.length;
  return (
    <span className="rk-prog">
      <MoveBar share={share} tone={operation.state.kind === 'running' ? 'link' : 'done'} />
      <span className="rk-prog__n">{vms.value}</span>
      <span className="rk-sr">{vms.label}</span>
    </span>
  );
}
