import type { ReactElement, ReactNode } from 'react';
import type { Reading } from '#shared/model/reading.ts';
import { isOld } from '#shared/model/reading.ts';
import { notApplicable, sentence } from '../../ui/format.ts';
import { Age, readingTip } from '../../ui/reading-cell.tsx';

export interface FactProps<T> {
  readonly label: string;
  readonly reading: Reading<T>;
  readonly now: number;
  readonly children: (value: T) => ReactNode;
}

/** A line of a description list. What is not known says why, in the value's place; what is old says since when. */
export function Fact<T>({ label, reading, now, children }: FactProps<T>): ReactElement {
  const tip = readingTip(label, reading, now);
  return (
    <div>
      <dt>{label}</dt>
      <dd data-tip={tip ? [tip.title, ...tip.lines].join('\n') : undefined}>
        {reading.kind === 'known' ? (
          <>
            <span className={isOld(reading, now) ? 'rk-v--old' : undefined}>{children(reading.value)}</span>
            {isOld(reading, now) ? <Age reading={reading} now={now} /> : null}
          </>
        ) : (
          <span className="rk-why">
            {reading.kind === 'none' ? notApplicable : sentence(`Not known, because ${reading.because}`)}
          </span>
        )}
      </dd>
    </div>
  );
}

/** A line whose value is no reading: it is recorded, not measured. */
export function Plain({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
