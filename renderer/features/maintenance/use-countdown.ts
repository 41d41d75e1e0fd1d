import { useEffect, useState } from 'react';

/** Often enough that no second is missed. */
const tickMs = 200;

/** Whole seconds until `endsAt` (`performance.now()`), rounded up: 0 only when it is over. It counts in a hidden page, too. */
export function useCountdown(endsAt: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const tick = (): void => {
      setNow(performance.now());
    };
    tick();
    const timer = setInterval(tick, tickMs);
    return () => {
      clearInterval(timer);
    };
  }, [endsAt]);
  // Between a new end and the first tick the old time may stand there; it is never later than now.
  return Math.max(0, Math.ceil((endsAt - Math.max(now, 0)) / 1000));
}
