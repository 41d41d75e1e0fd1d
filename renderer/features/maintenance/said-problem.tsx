import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Problem } from '#shared/problems.ts';
import { ProblemView } from '../../ui/problem-view.tsx';

/** What was refused, inside the dialog that caused it. The body scrolls to it: it is the answer to the last click. */
export function SaidProblem(props: {
  readonly problem: Problem | null;
  readonly actions?: ReactNode;
}): ReactElement | null {
  const { problem, actions } = props;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) place.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  return problem ? (
    <div ref={place} className="rk-nd__problem">
      <ProblemView problem={problem} actions={actions} />
    </div>
  ) : null;
}
