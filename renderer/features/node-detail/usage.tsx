import type { ReactElement } from 'react';
import type { Reading } from '#shared/model/reading.ts';
import { isOld } from '#shared/model/reading.ts';
import { notApplicable, sentence } from '../../ui/format.ts';
import { Age, readingTip } from '../../ui/reading-cell.tsx';

export interface UsageValue {
  /** 0 to 100; `null`: the whole is not known, so there is no share to draw. */
  readonly percent: number | null;
  readonly text: string;
  readonly isHot: boolean;
}

/** A bar and its number: how much of something is used now. */
export function Usage(props: {
  readonly label: string;
  readonly reading: Reading<UsageValue>;
  readonly now: number;
}): ReactElement {
  const { label, reading, now } = props;
  const tip = readingTip(label, reading, now);
  const tipText = tip ? [tip.title, ...tip.lines].join('\n') : undefined;
  if (reading.kind !== 'known') {
    const words = reading.kind === 'none' ? notApplicable : sentence(`Not known, because ${reading.because}`);
    return (
      <div className="rk-us">
        <span>{label}</span>
        <span className="rk-why">{words}</span>
      </div>
    );
  }
  const { percent, text, isHot } = reading.value;
  const old = isOld(reading, now);
  const hot = isHot && !old;
  return (
    <div className="rk-us" data-tip={tipText}>
      <span data-tip={`${label}\n${tipText ?? ''}`}>{label}</span>
      {percent === null ? (
        <span />
      ) : (
        <span className={`rk-bar${hot ? ' rk-bar--hot' : ''}${old ? ' rk-bar--old' : ''}`} aria-hidden="true">
          <i style={{ width: `${String(Math.min(100, Math.max(0, percent)))}%` }} />
        </span>
      )}
      <span className={`rk-us__value${old ? ' rk-v--old' : hot ? ' rk-v--hot' : ''}`}>
        {old ? <Age reading={reading} now={now} /> : null} {text}
      </span>
    </div>
  );
}
