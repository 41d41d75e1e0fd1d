import { useEffect, useState } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { useClock } from '../../../state/clock.ts';
import { useRegions } from '../../../state/regions.ts';
import { problemFrom, retryRegion } from '../../../state/session.ts';
import { questionId } from './group.ts';

/** Without any news, the try is taken for over. */
const patienceMs = 30_000;

export interface Answer {
  /** Gives the answer to these questions, then tries the region again. */
  readonly answer: (give: () => Promise<void>, to: readonly string[]) => Promise<void>;
  /** The answer was given and its try is under way. */
  readonly isTrying: boolean;
  /** When the last try ended and one of its questions was still there (UTC ms). */
  readonly askedAgainAt: number | null;
  readonly problem: Problem | null;
}

interface Try {
  readonly at: number;
  readonly to: readonly string[];
  /** What was asked before it, and when. */
  readonly asked: Asked;
}

/** Who asks, and of which try that is: where one of these changes, a try has ended and the question is still there. */
type Asked = ReadonlyMap<string, string>;

/** Of the questions with these ids; where they are no questions but the region's own problem, of its tries. */
function askedOf(view: RegionView | undefined, ids: readonly string[]): Asked {
  const questions = view?.questions.filter((question) => ids.includes(questionId(question))) ?? [];
  if (questions.length > 0) return new Map(questions.map(({ about, askedAt }) => [about, String(askedAt)]));
  return new Map(view?.connection.kind === 'offline' ? [['region', String(view.connection.nextTryAt)]] : []);
}

/**
 * Answers questions of a region. A question goes away when the region says so, never because it was answered.
 * `asked`: the questions that stand there now, by their ids.
 */
export function useAnswer(regionId: RegionId, asked: readonly string[]): Answer {
  const [attempt, setAttempt] = useState<Try | null>(null);
  const [again, setAgain] = useState<{ readonly at: number; readonly to: readonly string[] } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const view = useRegions((state) => state.views[regionId]);
  const now = useClock((state) => state.now);
  const isStillAsked = attempt?.to.some((id) => asked.includes(id)) ?? false;
  useEffect(() => {
    if (attempt === null) return;
    const passed = now - attempt.at;
    const isAskedAgain = [...askedOf(view, attempt.to)].some(([who, which]) => attempt.asked.get(who) !== which);
    if (isStillAsked && !isAskedAgain && passed <= patienceMs) return;
    setAttempt(null);
    if (isStillAsked) setAgain({ at: now, to: attempt.to });
  }, [now, attempt, view, isStillAsked]);
  return {
    isTrying: isStillAsked,
    askedAgainAt: again?.to.some((id) => asked.includes(id)) === true ? again.at : null,
    problem,
    answer: async (give, to) => {
      setProblem(null);
      setAgain(null);
      setAttempt({ at: Date.now(), to, asked: askedOf(view, to) });
      try {
        await give();
        await retryRegion(regionId);
      } catch (error) {
        setAttempt(null);
        setProblem(problemFrom(error));
      }
    },
  };
}
