import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';

const radius = 36;
const around = 2 * Math.PI * radius;
/** What is spoken of the countdown: each second would be noise. */
const spokenAt: ReadonlySet<number> = new Set([30, 10, 0]);

/** The safety timer: the number is the truth, the ring decoration. */
export function Ring(props: { readonly seconds: number; readonly ofSeconds: number }): ReactElement {
  const { seconds, ofSeconds } = props;
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (!spokenAt.has(seconds)) return;
    setSpoken(seconds === 0 ? 'The safety timer is done.' : `${String(seconds)} seconds left.`);
  }, [seconds]);
  const left = ofSeconds > 0 ? Math.min(1, seconds / ofSeconds) : 0;
  return (
    <div className="rk-ring">
      <div role="timer" aria-label={`Safety timer: ${String(seconds)} seconds left`}>
        <svg width="84" height="84" viewBox="0 0 84 84" aria-hidden="true">
          <circle className="rk-ring__rest" cx="42" cy="42" r={radius} />
          {left > 0 ? (
            <circle
              className="rk-ring__left"
              cx="42"
              cy="42"
              r={radius}
              strokeDasharray={`${(around * left).toFixed(1)} ${around.toFixed(1)}`}
              transform="rotate(-90 42 42)"
            />
          ) : null}
        </svg>
        <b>{seconds}</b>
        <small>{seconds === 1 ? 'second' : 'seconds'}</small>
      </div>
      <span className="rk-sr" role="status">
        {spoken}
      </span>
    </div>
  );
}
