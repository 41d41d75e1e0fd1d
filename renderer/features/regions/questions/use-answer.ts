import { useEffect, useState } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { useClock } from '../../../state/clock.ts';
import { useRegions } from '../../../state/regions.ts';
import { problemFrom, retryRegion } from '../../../state/session.ts';

/** News of the region that comes this soon after an answer was under way before it. */
const settleMs = 1000;
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
  /** What the region said of itself then. */
  readonly view: unknown;
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
    const isNews = passed > settleMs && view !== attempt.view && view?.connection.kind !== 'connecting';
    if (isStillAsked && !isNews && passed <= patienceMs) return;
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
      setAttempt({ at: Date.now(), to, view });
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
