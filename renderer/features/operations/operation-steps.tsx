import type { ReactElement } from 'react';
import type { Operation, OperationStep } from '#shared/model/operation.ts';
import { useClock } from '../../state/clock.ts';
import { isUnderWay } from '../../state/operations.ts';
import { formatElapsed, formatReason } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { stoppedAt } from './figures.ts';
import { useStatusOf } from './use-status-of.ts';
import { ifCancelled } from './words.ts';

const stateWords = {
  waiting: 'waits',
  running: 'runs',
  done: 'done',
  skipped: 'skipped',
  cancelled: 'cancelled',
  failed: 'failed',
} as const satisfies Record<OperationStep['state'], string>;

/** Once the operation has ended nothing waits any more. */
const wordOf = (state: OperationStep['state'], isEnded: boolean): string =>
  isEnded && state === 'waiting' ? 'not begun' : stateWords[state];

/** What has been done, what runs, what comes; and what cancelling would do, told before it is asked. */
export function OperationSteps({ operation }: { readonly operation: Operation }): ReactElement {
  const canCancel = operation.actions.some(({ action, refused }) => action === 'cancel' && refused === null);
  const status = useStatusOf(operation);
  return (
    <section className="rk-op__steps" aria-label="Steps" tabIndex={0}>
      <h2 className="rk-sect">Steps</h2>
      <ol className="rk-steps">
        {operation.steps.map((step) => (
          <Step
            key={step.id}
            step={step}
            word={wordOf(step.state, operation.state.kind === 'ended')}
            until={stoppedAt(operation)}
          />
        ))}
      </ol>
      {canCancel && isUnderWay(operation) ? (
        <div className="rk-op__if">
          <h3>If you cancel</h3>
          {ifCancelled(operation, status).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      ) : null}
    </section>
  );
}

/** @param until when the operation stopped changing (UTC ms); what ran then is not known to run on. */
function Step(props: {
  readonly step: OperationStep;
  readonly word: string;
  readonly until: number | null;
}): ReactElement {
  const { step, word, until } = props;
  const now = useClock((state) => state.now);
  const { state, title, detail, startedAt, endedAt } = step;
  const took =
    startedAt === null || state === 'waiting' || state === 'skipped' ? null : (endedAt ?? until ?? now) - startedAt;
  return (
    <li className={`rk-step rk-step--${state}`} aria-current={state === 'running' ? 'step' : undefined}>
      <span className="rk-step__mark">
        <StepMark state={state} />
      </span>
      <b>
        {title}
        <span className="rk-sr">, {word}</span>
      </b>
      <span className="rk-step__took">
        {state === 'skipped' || state === 'cancelled' ? state : took === null ? '' : formatElapsed(took)}
      </span>
      {detail === '' ? null : <small>{formatReason(detail, now)}</small>}
    </li>
  );
}

function StepMark({ state }: { readonly state: OperationStep['state'] }): ReactElement {
  if (state === 'done') return <Icon name="ok" size={17} />;
  if (state === 'failed') return <Icon name="danger" size={17} />;
  if (state === 'cancelled') return <Icon name="no" size={17} />;
  return (
    <svg className="rk-i" width="17" height="17" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" {...(state === 'skipped' ? { strokeDasharray: '2.6 2.2' } : {})} />
      {state === 'running' ? <circle className="rk-step__dot" cx="8" cy="8" r="3" /> : null}
    </svg>
  );
}
