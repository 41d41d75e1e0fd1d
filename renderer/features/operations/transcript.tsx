import { useEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { Operation, TranscriptEntry } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { openDialog } from '../../state/dialogs.ts';
import { exportOperation } from '../../state/operation-actions.ts';
import { isUnderWay, useOperations } from '../../state/operations.ts';
import { useRegions } from '../../state/regions.ts';
import { problemFrom } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatPlural } from '../../ui/format.ts';
import { saveText } from '../../ui/save-text.ts';
import { TranscriptLine } from './transcript-line.tsx';
import { transcriptText } from './transcript-text.ts';

/** So many commands are in the page at once; older ones are asked for. */
const atOnce = 400;

const none: readonly TranscriptEntry[] = [];

/** Every command as it was sent, secrets removed, with what it answered. It follows the last one until a person scrolls away. */
export function Transcript({ operation }: { readonly operation: Operation }): ReactElement {
  const entries = useOperations((state) => state.transcripts.get(operation.id) ?? none);
  const region = useRegions((state) => state.profiles?.find(({ id }) => id === operation.regionId));
  const [isFollowed, setFollowed] = useState(true);
  const [shown, setShown] = useState(atOnce);
  const [isSaving, setSaving] = useState(false);
  const log = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const last = entries.at(-1);
  useEffect(() => {
    if (isFollowed && log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [isFollowed, last]);

  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      const { fileName, text } = await exportOperation(operation);
      saveText(fileName, text);
    } catch (error) {
      const problem: Problem = problemFrom(error);
      openDialog({ kind: 'problem', title: 'The operation was not saved', problem });
    } finally {
      setSaving(false);
    }
  };
  const hidden = Math.max(0, entries.length - shown);
  return (
    <section className="rk-op__log" aria-label="Transcript">
      <div className="rk-log__head">
        <h2>Transcript</h2>
        <span className="rk-log__count">{formatPlural(entries.length, 'command')}, secrets removed</span>
        <span className="rk-flex" />
        <label className="rk-ck">
          <input
            type="checkbox"
            checked={isFollowed}
            onChange={(event) => {
              setFollowed(event.target.checked);
            }}
          />
          <span>Follow</span>
        </label>
        <CopyButton text={() => transcriptText(entries, region)} label="Copy" isInBar />
        <Button
          variant="plain"
          icon="download"
          unavailableBecause={isSaving ? 'It is being written.' : undefined}
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      <div
        ref={log}
        className="rk-log"
        role="region"
        aria-label="Commands"
        tabIndex={0}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          const isAtEnd = scrollHeight - scrollTop - clientHeight < 8;
          // Only a person scrolls upwards; a line that came meanwhile is no wish.
          if (scrollTop < lastTop.current && !isAtEnd) setFollowed(false);
          lastTop.current = scrollTop;
        }}
      >
        {hidden > 0 ? (
          <Button
            variant="link"
            onClick={() => {
              setFollowed(false);
              setShown(shown + atOnce);
            }}
          >
            Show {formatPlural(Math.min(hidden, atOnce), 'earlier command')}
          </Button>
        ) : null}
        {entries.length === 0 ? <p className="rk-log__none">This laptop has sent no command of it.</p> : null}
        {entries.slice(-shown).map((entry) => (
          <TranscriptLine key={entry.sequence} entry={entry} isUnderWay={isUnderWay(operation)} />
        ))}
      </div>
    </section>
  );
}
