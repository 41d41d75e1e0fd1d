import { useState } from 'react';
import type { Problem } from '#shared/problems.ts';
import { problemFrom } from '../../state/session.ts';

/** Sends what a dialog asks for: closes it when that was done, and shows the problem inside it when not. */
export function useAsked(onDone: () => void) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (call: () => Promise<void>): Promise<void> => {
    setAsking(true);
    setProblem(null);
    try {
      await call();
      onDone();
    } catch (error) {
      setProblem(problemFrom(error));
      setAsking(false);
    }
  };
  return { isAsking, problem, ask };
}
