import { create } from 'zustand';
import { activeClient } from './session.ts';

const seenKey = 'demo-tour';

/** Where the tour of the demo region stands, counted from 0; `null`: it is not shown. */
export const useTour = create<{ readonly step: number | null }>(() => ({ step: null }));

/** Begins the tour where it was never ended before. A page that cannot ask shows none: nobody waits for it. */
export async function offerTour(): Promise<void> {
  const seen = await activeClient()
    .call('views.get', { key: seenKey })
    .catch(() => 'not known');
  if (seen === null) showTourStep(0);
}

export function showTourStep(step: number): void {
  useTour.setState({ step });
}

/** Done or skipped: it does not come again by itself, in either shell. */
export function endTour(): void {
  useTour.setState({ step: null });
  // What could not be kept is offered once more, which harms nobody.
  void activeClient()
    .call('views.set', { key: seenKey, value: 'seen' })
    .catch(() => undefined);
}
