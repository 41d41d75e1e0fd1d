import type { ReactElement, ReactNode } from 'react';
import type { Reading } from '#shared/model/reading.ts';
import { isOld } from '#shared/model/reading.ts';
import { formatAge, formatExactTime, notApplicable, sentence } from './format.ts';
import { Sparkline } from './sparkline.tsx';
import type { Series } from './sparkline.tsx';
import type { TipContent } from './tip.ts';

export interface ReadingCellProps<T> {
  readonly reading: Reading<T>;
  readonly now: number;
  readonly format: (value: T) => ReactNode;
  readonly isHot?: (value: T) => boolean;
  readonly trend?: { readonly series: Series | undefined; readonly top: number | undefined };
  /** Whose age stands in the sparkline's place, where it is not the number's own (Memory: installed, and used beside it). */
  readonly trendReading?: Reading<unknown>;
}

/**
 * A value with its freshness. Once it is old it steps back and its age takes the sparkline's place; where there is none, it is
 * underlined and its age is told to screen readers, so that being old is nowhere said by colour alone (R29). `—` means that the question
 * does not apply, `?` that the value is not known. A missing number is never 0.
 */
export function ReadingCell<T>(props: ReadingCellProps<T>): ReactElement {
  const { reading, now, format, isHot, trend, trendReading = reading } = props;
  if (reading.kind === 'none') return <span className="rk-na">{notApplicable}</span>;
  if (reading.kind === 'unknown') {
    return (
      <span className="rk-unknown">
        <span aria-hidden="true">?</span>
        <span className="rk-sr">not known</span>
      </span>
    );
  }
  const old = isOld(reading, now);
  const hot = !old && isHot?.(reading.value) === true;
  const className = old ? 'rk-v rk-v--old' : hot ? 'rk-v rk-v--hot' : 'rk-v';
  // Beside the number its own age stands only in its own sparkline's place.
  const isMarked = old && !(trend && trendReading === reading);
  const value = (
    <>
      <span className={isMarked ? `${className} rk-v--aged` : className}>{format(reading.value)}</span>
      {isMarked ? <span className="rk-sr">, {formatAge(now - reading.readAt)} old</span> : null}
    </>
  );
  if (!trend) return value;
  return (
    <>
      <TrendOrAge reading={trendReading} now={now} trend={trend} isHot={hot} />
      {value}
    </>
  );
}

function TrendOrAge(props: {
  readonly reading: Reading<unknown>;
  readonly now: number;
  readonly trend: { readonly series: Series | undefined; readonly top: number | undefined };
  readonly isHot: boolean;
}): ReactElement | null {
  const { reading, now, trend, isHot } = props;
  if (reading.kind === 'known' && isOld(reading, now)) return <Age reading={reading} now={now} />;
  const { series, top } = trend;
  if (!series || top === undefined || series.every((point) => point === null)) return null;
  return <Sparkline series={series} top={top} isHot={isHot} />;
}

/** `14 m old`, dotted underline: the exact time, zone and cause are on hover. */
export function Age({
  reading,
  now,
}: {
  readonly reading: Reading<unknown>;
  readonly now: number;
}): ReactElement | null {
  if (reading.kind !== 'known') return null;
  return <span className="rk-age">{formatAge(now - reading.readAt)} old</span>;
}

/** When a value was read and why not since, or why it is not known. `null`: the question does not apply. */
export function readingTip(label: string, reading: Reading<unknown>, now: number): TipContent | null {
  if (reading.kind === 'none') return null;
  if (reading.kind === 'unknown')
    return { title: `${label} is not known`, lines: [sentence(`Because ${reading.because}`)] };
  const exact = `Read ${formatExactTime(reading.readAt, now)}, ${formatAge(now - reading.readAt)} ago.`;
  if (!isOld(reading, now)) return { title: label, lines: [exact] };
  const cause =
    reading.because === undefined
      ? 'It was not read again since.'
      : sentence(`Not read again since: ${reading.because}`);
  return { title: `${label} is old`, lines: [exact, cause] };
}
