import { memo } from 'react';
import type { ReactElement } from 'react';
import type { TranscriptEntry } from '#shared/model/operation.ts';
import { entryOutput, entryTime, exitWords } from './transcript-text.ts';

function Line(props: { readonly entry: TranscriptEntry; readonly isUnderWay: boolean }): ReactElement {
  const { entry, isUnderWay } = props;
  const output = entryOutput(entry);
  const isBad = entry.exitStatus !== null && entry.exitStatus !== 0;
  return (
    <div className="rk-log__entry" data-sequence={entry.sequence}>
      <div className="rk-log__line">
        <span className="rk-log__time">{entryTime(entry)}</span>
        <span className="rk-log__host">{entry.host}</span>
        <b>$ {entry.command}</b>
        <span className={isBad ? 'rk-log__bad' : 'rk-log__exit'}>{exitWords(entry, isUnderWay)}</span>
        {entry.isIntact ? null : <span className="rk-log__bad">not as it was written</span>}
      </div>
      {output === '' ? null : <pre>{output}</pre>}
    </div>
  );
}

/** One command. A long transcript is painted once, and a new line adds only itself. */
export const TranscriptLine = memo(Line);
