import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { Problem } from '#shared/problems.ts';
import { ProblemView } from '../../ui/problem-view.tsx';

/** Something that is said on top of the dialog's body. The body scrolls to it: it is the answer to the last click. */
export function SaidOnTop(props: {
  /** What is said; another one is scrolled to anew. */
  readonly about: unknown;
  readonly children: ReactNode;
}): ReactElement {
  const { about, children } = props;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
  }, [about]);
  return (
    <div ref={place} className="rk-nd__problem">
      {children}
    </div>
  );
}

/** What was refused, inside the dialog that caused it. */
export function SaidProblem(props: {
  readonly problem: Problem | null;
  readonly actions?: ReactNode;
}): ReactElement | null {
  const { problem, actions } = props;
  return problem ? (
    <SaidOnTop about={problem}>
      <ProblemView problem={problem} actions={actions} />
    </SaidOnTop>
  ) : null;
}
