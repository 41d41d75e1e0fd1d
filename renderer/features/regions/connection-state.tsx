import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionConnection } from '#shared/model/region.ts';
import { useClock } from '../../state/clock.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { connectionWords } from './connection-words.ts';
import { AnswerState } from './questions/answer-state.tsx';
import { useAnswer } from './questions/use-answer.ts';

/** Where the connection stands now; a failure in whole, unless it is a question that stands beneath. */
export function ConnectionState(props: {
  readonly regionId: RegionId;
  readonly connection: RegionConnection | undefined;
  readonly hasQuestions: boolean;
}): ReactElement | null {
  const { regionId, connection, hasQuestions } = props;
  const now = useClock((state) => state.now);
  const answer = useAnswer(regionId, connection?.kind === 'offline' ? [connection.problem.message] : []);
  if (connection?.kind === 'offline') {
    if (hasQuestions) return null;
    return (
      <div className="rk-q">
        <ProblemView problem={connection.problem} />
        <div className="rk-q__do">
          <Button
            icon="retry"
            onClick={() => void answer.answer(() => Promise.resolve(), [connection.problem.message])}
          >
            Try now
          </Button>
          <AnswerState answer={answer} />
        </div>
      </div>
    );
  }
  const { word, more } = connectionWords(connection, now);
  const isLive = connection?.kind === 'live';
  return (
    <p className="rk-q__state" role="status">
      <Icon name={isLive ? 'check' : 'clock'} size={16} /> <b>{isLive ? word : 'Connecting'}</b> {more}
    </p>
  );
}
