import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Problem } from '#shared/problems.ts';
import { dismissNotice } from '../../state/app-actions.ts';
import { useClock } from '../../state/clock.ts';
import { problemFrom } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { Notice } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { formatExactTime } from '../../ui/format.ts';
import { ProblemView } from '../../ui/problem-view.tsx';

/** What the app has to say of this laptop's own data, until it was read. */
export function Notices(): ReactElement {
  const notices = useSettings((state) => state.notices);
  const now = useClock((state) => state.now);
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <section className="rk-form" aria-label="Notices">
      <h2 className="rk-sect">Notices</h2>
      {problem ? <ProblemView problem={problem} /> : null}
      {notices.length === 0 ? <p className="rk-dim">None.</p> : null}
      {notices.map(({ id, level, message, advice, at }) => (
        <Notice key={id} level={level} title={message}>
          {advice} <span>{formatExactTime(at, now)}.</span>{' '}
          <Button
            variant="link"
            onClick={() => {
              dismissNotice(id).catch((error: unknown) => {
                setProblem(problemFrom(error));
              });
            }}
          >
            Dismiss
          </Button>
        </Notice>
      ))}
    </section>
  );
}
