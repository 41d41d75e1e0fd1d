import { useEffect, useRef, useState } from 'react';
import type { OperationId } from '#shared/model/ids.ts';
import { operationId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { showOperation } from '../../state/maintenance-actions.ts';
import { problemFrom } from '../../state/session.ts';

export interface Confirmation {
  /**
   * The operation's id for what is confirmed: the same confirmation has the same id however often it is sent, so that a repeated
   * click, or a click after a lost answer, is one operation (R3). `about` is everything the person decided on.
   */
  readonly idOf: (about: unknown) => OperationId;
  /**
   * Sends; a second call while the first is under way does nothing. What is refused stands in `problem`. What was started is shown on
   * its own page, unless the dialog was closed meanwhile: then the person has gone on to something else, and is told when it ends.
   */
  readonly send: (start: () => Promise<Operation>, onRefused?: (problem: Problem) => void) => void;
  readonly isSending: boolean;
  readonly problem: Problem | null;
  readonly setProblem: (problem: Problem | null) => void;
}

/** What is said from the click until the answer: the core reads the region once more, which takes a second or two. */
export const beingStarted = 'It is judged once more by a fresh read, then it begins…';

/** The last step of a dialog. */
export function useConfirmation(onClose: () => void): Confirmation {
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const ids = useRef(new Map<string, OperationId>());
  const isUnderWay = useRef(false);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (start: () => Promise<Operation>, onRefused?: (problem: Problem) => void): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setSending(true);
    setProblem(null);
    try {
      const operation = await start();
      if (isGone.current) return;
      onClose();
      showOperation(operation);
    } catch (error) {
      const refusal = problemFrom(error);
      setProblem(refusal);
      onRefused?.(refusal);
    } finally {
      isUnderWay.current = false;
      setSending(false);
    }
  };
  return {
    idOf: (about) => {
      const key = JSON.stringify(about);
      const known = ids.current.get(key);
      if (known !== undefined) return known;
      const made = operationId(crypto.randomUUID());
      ids.current.set(key, made);
      return made;
    },
    send: (start, onRefused) => void run(start, onRefused),
    isSending,
    problem,
    setProblem,
  };
}
