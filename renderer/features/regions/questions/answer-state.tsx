import type { ReactElement } from 'react';
import { useClock } from '../../../state/clock.ts';
import { formatExactTime } from '../../../ui/format.ts';
import { ProblemView } from '../../../ui/problem-view.tsx';
import type { Answer } from './use-answer.ts';

/** What became of an answer: under way, asked again, or not given at all. */
export function AnswerState({ answer }: { readonly answer: Answer }): ReactElement | null {
  const now = useClock((state) => state.now);
  if (answer.problem) return <ProblemView problem={answer.problem} />;
  const words = answer.isTrying
    ? 'Given. Trying again …'
    : answer.askedAgainAt === null
      ? ''
      : `Tried at ${formatExactTime(answer.askedAgainAt, now)}, and it is still asked.`;
  return (
    <span className="rk-dim" role="status">
      {words}
    </span>
  );
}
