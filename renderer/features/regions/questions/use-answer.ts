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
  /** Gives the answer, then tries the region again. */
  readonly answer: (give: () => Promise<void>) => Promise<void>;
  /** The answer was given and its try is under way. */
  readonly isTrying: boolean;
  /** When the last try ended and the question was still there (UTC ms). */
  readonly askedAgainAt: number | null;
  readonly problem: Problem | null;
}

/** Answers a question of a region. The question itself goes away when the region says so, never because it was answered. */
export function useAnswer(regionId: RegionId): Answer {
  const [sentAt, setSentAt] = useState<number | null>(null);
  const [askedAgainAt, setAskedAgainAt] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const view = useRegions((state) => state.views[regionId]);
  const [viewThen, setViewThen] = useState(view);
  const now = useClock((state) => state.now);
  useEffect(() => {
    if (sentAt === null) return;
    const passed = now - sentAt;
    const isOver =
      (passed > settleMs && view !== viewThen && view?.connection.kind !== 'connecting') || passed > patienceMs;
    if (!isOver) return;
    setSentAt(null);
    setAskedAgainAt(now);
  }, [now, sentAt, view, viewThen]);
  return {
    isTrying: sentAt !== null,
    askedAgainAt,
    problem,
    answer: async (give) => {
      setProblem(null);
      setAskedAgainAt(null);
      setViewThen(view);
      setSentAt(Date.now());
      try {
        await give();
        await retryRegion(regionId);
      } catch (error) {
        setSentAt(null);
        setProblem(problemFrom(error));
      }
    },
  };
}
