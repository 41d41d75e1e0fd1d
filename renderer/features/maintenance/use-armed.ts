import { useCallback, useEffect, useRef, useState } from 'react';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import type { Problem } from '#shared/problems.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { armForce, disarmForce } from '../../state/maintenance-actions.ts';
import { problemFrom } from '../../state/session.ts';

export interface Armed {
  readonly force: ArmedForce | null;
  /** By `performance.now()`, which no change of the clock moves. What counts is the core's own timer; this one is only shown. */
  readonly endsAt: number;
  readonly problem: Problem | null;
  /** UTC ms since which it is being armed; `null`: it is not. */
  readonly readingSince: number | null;
  /** Arms anew: another token, the whole time again. */
  readonly arm: () => void;
  /** The core says that its timer still runs: ours begins again. */
  readonly restart: () => void;
  /** The token was spent, so that nothing has to be disarmed. */
  readonly spent: () => void;
}

/** Arms the safety timer when the dialog opens and disarms it when it closes. */
export function useArmed(on: NodeOfRegion): Armed {
  const { regionId, nodeId } = on;
  const [force, setForce] = useState<ArmedForce | null>(null);
  const [endsAt, setEndsAt] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [readingSince, setReadingSince] = useState<number | null>(Date.now);
  const token = useRef<string | null>(null);
  const isGone = useRef(false);
  const count = useRef(0);
  const arm = useCallback(() => {
    count.current += 1;
    const mine = count.current;
    setReadingSince(Date.now());
    setProblem(null);
    setForce(null);
    armForce({ regionId, nodeId }).then(
      (answer) => {
        // What comes too late is disarmed at once.
        if (isGone.current || mine !== count.current) {
          disarmForce({ regionId, nodeId }, answer.token);
          return;
        }
        token.current = answer.token;
        setForce(answer);
        setEndsAt(performance.now() + answer.timerMs);
        setReadingSince(null);
      },
      (error: unknown) => {
        if (mine !== count.current) return;
        setProblem(problemFrom(error));
        setReadingSince(null);
      },
    );
  }, [regionId, nodeId]);
  useEffect(() => {
    isGone.current = false;
    arm();
    return () => {
      isGone.current = true;
      if (token.current !== null) disarmForce({ regionId, nodeId }, token.current);
      token.current = null;
    };
  }, [arm, regionId, nodeId]);
  return {
    force,
    endsAt,
    problem,
    readingSince,
    arm,
    restart: () => {
      if (force) setEndsAt(performance.now() + force.timerMs);
    },
    spent: () => {
      token.current = null;
    },
  };
}
