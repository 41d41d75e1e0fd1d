import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import { endedSentence, stateWord } from '../../state/operation-words.ts';
import { isDone, isStalled } from './figures.ts';

/** Progress is spoken at most this often, ms; what needs a person is spoken at once. */
const spokenEveryMs = 15_000;

/** What happens, for those who hear it. Numbers change each second; only steps and whole VMs are told, and seldom. */
export function OperationNews({ operation }: { readonly operation: Operation }): ReactElement {
  const progress = useSeldom(progressWords(operation), spokenEveryMs);
  return (
    <>
      <div className="rk-sr" aria-live="polite">
        {operation.state.kind === 'running' ? progress : ''}
      </div>
      <div className="rk-sr" role="status">
        {operation.state.kind === 'running' ? '' : stateNews(operation)}
      </div>
    </>
  );
}

function progressWords(operation: Operation): string {
  const { steps, vms } = operation;
  const step = steps.find(({ state }) => state === 'running');
  const acted = vms.filter(({ state }) => state !== 'stays');
  const moved = acted.length === 0 ? '' : `${String(acted.filter(isDone).length)} of ${String(acted.length)} VMs done`;
  const stalled = vms.filter((vm) => isStalled(operation, vm, operation.updatedAt));
  const stalls = stalled.map(({ domain }) => `${domain} is stalled`);
  return [step?.title ?? '', moved, ...stalls].filter(Boolean).join('. ');
}

function stateNews(operation: Operation): string {
  const { state } = operation;
  if (state.kind === 'ended') return endedSentence(operation, state.outcome);
  if (state.kind === 'failed') return `${stateWord(state)}. ${state.problem.message}`;
  return stateWord(state);
}

/** The value, changed at most once in `everyMs`; the last one is never lost. */
function useSeldom(value: string, everyMs: number): string {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(0);
  useEffect(() => {
    if (value === shown) return undefined;
    const timer = setTimeout(
      () => {
        changedAt.current = Date.now();
        setShown(value);
      },
      Math.max(0, changedAt.current + everyMs - Date.now()),
    );
    return () => {
      clearTimeout(timer);
    };
  }, [value, shown, everyMs]);
  return shown;
}
