import type { ReactElement, ReactNode } from 'react';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { useClock } from '../../state/clock.ts';
import { formatExactTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { CheckList } from './check-list.tsx';
import { ReadingLine } from './reading-line.tsx';
import { passesByItself, type Preparation } from '../../state/preparations.ts';

interface Checked {
  readonly checks: readonly PreflightCheck[];
  readonly preparedAt: number;
}

/** The checks of one node: read at, what they say, and the word *Ready* where they allow it. */
export function PreflightPanel(props: {
  readonly name: string;
  readonly of: Pick<Preparation<unknown, Checked>, 'answer' | 'problem' | 'readingSince'>;
  /** What is read, in words. */
  readonly reads: string;
  /** After the time: when the checks are made again. */
  readonly andAgain: string;
  readonly changed?: ReadonlySet<string>;
  readonly actions?: (check: PreflightCheck) => ReactNode;
  /** What stands beneath the checks, where they allow it. */
  readonly ready: { readonly title: string; readonly text: string } | null;
}): ReactElement {
  const { name, of, reads, andAgain, changed, actions, ready } = props;
  const { answer, problem, readingSince } = of;
  const now = useClock((state) => state.now);
  return (
    <section className="rk-nd__checks" aria-busy={readingSince !== null}>
      <h3 className="rk-sect">
        Preflight
        <small role="status">
          <ReadingLine
            since={readingSince}
            otherwise={
              answer
                ? `at ${formatExactTime(answer.preparedAt, now)}${passesByItself(answer) ? ', and again by itself' : andAgain}`
                : ''
            }
          >
            reading {answer ? `${name} again` : name}
          </ReadingLine>
        </small>
      </h3>
      {problem ? <ProblemView problem={problem} title={`The preflight of ${name} could not be read`} /> : null}
      {answer ? (
        <CheckList checks={answer.checks} {...(changed ? { changed } : {})} {...(actions ? { actions } : {})} />
      ) : null}
      {!answer && readingSince !== null ? (
        <p className="rk-dim">
          <ReadingLine since={readingSince}>{reads}</ReadingLine>
        </p>
      ) : null}
      {ready ? (
        <div className="rk-ready" role="status">
          <Icon name="ok" size={16} />
          <b>{ready.title}</b>
          <p>{ready.text}</p>
        </div>
      ) : null}
    </section>
  );
}
