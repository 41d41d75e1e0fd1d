import type { ReactElement, ReactNode } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import { useClock } from '../../state/clock.ts';
import { stateWord } from '../../state/operation-words.ts';
import { isUnderWay, useOperations } from '../../state/operations.ts';
import { formatAge, formatElapsed, formatExactTime, formatPlural } from '../../ui/format.ts';
import { countedVms, leftWords, memoryMoved, rateWords, stoppedAt } from './figures.ts';
import { MoveBar } from './move-bar.tsx';

/** Without news for this long an operation that runs is not known to run, ms. */
const quietMs = 30_000;

/** The numbers of an operation, in one line. */
export function OperationFigures({ operation }: { readonly operation: Operation }): ReactElement {
  const now = useClock((state) => state.now);
  const peaks = useOperations((state) => state.peaks);
  const vms = countedVms(operation);
  const memory = memoryMoved(operation, peaks);
  const rate = rateWords(operation, now);
  const left = leftWords(operation, now);
  const stopped = stoppedAt(operation);
  const isQuiet = isUnderWay(operation) && now - operation.updatedAt > quietMs;
  const memoryTip =
    memory && memory.unknown > 0 ? `${formatPlural(memory.unknown, 'VM')} not counted: memory not known` : '';
  return (
    <dl className="rk-fig">
      <Figure label="Operation">{stateWord(operation.state)}</Figure>
      {vms ? <Figure label={vms.label}>{vms.value}</Figure> : null}
      {memory ? (
        <Figure label="Memory moved" isWide>
          <MoveBar share={memory.share} tone={isUnderWay(operation) ? 'link' : 'done'} />
          <span className="rk-fig__words" data-tip={memoryTip === '' ? undefined : memoryTip}>
            {memory.words}
          </span>
        </Figure>
      ) : null}
      {rate === null ? null : <Figure label="Rate">{rate}</Figure>}
      <Figure label={stopped === null ? 'Elapsed' : 'Went on for'}>
        {formatElapsed((stopped ?? now) - operation.startedAt)}
      </Figure>
      {left === null ? null : <Figure label="Left">{left}</Figure>}
      <Figure label={operation.state.kind === 'ended' ? 'Ended' : 'Updated'}>
        <span
          className={isQuiet ? 'rk-fig__old' : undefined}
          data-tip={`Last change told ${formatExactTime(operation.updatedAt, now)}`}
        >
          {formatAge(now - operation.updatedAt)} ago
        </span>
      </Figure>
    </dl>
  );
}

function Figure(props: {
  readonly label: string;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className={props.isWide === true ? 'rk-fig__wide' : undefined}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
