import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { Button } from '../../../ui/button.tsx';
import { ProblemView } from '../../../ui/problem-view.tsx';
import { AnswerState } from './answer-state.tsx';
import { ForgetOwnKey } from './forget-own-key.tsx';
import { namesText } from './group.ts';
import type { Refusal } from './group.ts';
import { HostKeyComparison } from './host-key-comparison.tsx';
import { useAnswer } from './use-answer.ts';

/** Something that was refused: loudly, with what to do, and never with a way to go on regardless. */
export function RefusalView({
  regionId,
  refusal,
}: {
  readonly regionId: RegionId;
  readonly refusal: Refusal;
}): ReactElement {
  const { problem, names } = refusal;
  const { evidence } = problem;
  const answer = useAnswer(regionId, [refusal.id]);
  const again = (): void => void answer.answer(() => Promise.resolve(), [refusal.id]);
  return (
    <section className="rk-q rk-q--refused" aria-label={`Refused: ${namesText(names)}`}>
      <ProblemView problem={problem} />
      {evidence?.kind === 'host-key' ? (
        <>
          <HostKeyComparison evidence={evidence} />
          {problem.code === 'host-key-changed' ? (
            <ForgetOwnKey regionId={regionId} evidence={evidence} answer={answer} id={refusal.id} />
          ) : null}
        </>
      ) : null}
      <div className="rk-q__do">
        <Button icon="retry" onClick={again}>
          Try again
        </Button>
        <AnswerState answer={answer} />
      </div>
    </section>
  );
}
