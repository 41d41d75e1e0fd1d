import { useEffect } from 'react';
import type { RefObject } from 'react';

/** Gives the focus to `place` when what had it is gone (an answered question), so that the keyboard goes on from there. */
export function useFocusStays(place: RefObject<HTMLElement | null>, change: unknown): void {
  useEffect(() => {
    const has = document.activeElement;
    if (has === null || has === document.body || has instanceof HTMLDialogElement) place.current?.focus();
  }, [place, change]);
}
