import { useEffect, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useClock } from '../../state/clock.ts';
import { formatAge } from '../../ui/format.ts';

/** What is shorter than this is not announced: it would only flicker. */
const visibleAfterMs = 200;

/** What is being read, from 200 ms on, with how long it takes. Its place is kept, so that nothing moves when it comes. */
export function ReadingLine(props: {
  /** UTC ms since which it is read; `null`: it is not. */
  readonly since: number | null;
  readonly children: ReactNode;
  /** Stands there while nothing is read. */
  readonly otherwise?: ReactNode;
}): ReactElement {
  const { since, children, otherwise } = props;
  const now = useClock((state) => state.now);
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (since === null) return undefined;
    const timer = setTimeout(
      () => {
        setLate(true);
      },
      Math.max(0, since + visibleAfterMs - Date.now()),
    );
    return () => {
      clearTimeout(timer);
    };
  }, [since]);
  if (since === null || !isLate) return <>{otherwise}</>;
  const seconds = now - since;
  return (
    <>
      {children}
      {seconds >= 2000 ? <span aria-hidden="true">, {formatAge(seconds)}</span> : null}
    </>
  );
}
