import { create } from 'zustand';

/** The one ticking `now` (UTC ms): ages are questions of now, so they are asked again once a second and nowhere else. */
export const useClock = create<{ readonly now: number }>(() => ({ now: Date.now() }));

/** Starts the clock; the returned function stops it. A page that was hidden catches up when it is seen again. */
export function startClock(): () => void {
  const tick = (): void => {
    useClock.setState({ now: Date.now() });
  };
  tick();
  const timer = setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', tick);
  };
}
