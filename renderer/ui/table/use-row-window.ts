import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { rowWindow, seenWindow } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

/** Height of every row and of the head, px: the tokens `--rk-row` and `--rk-row-head`. */
export const rowHeight = 28;
export const headHeight = 38;

/** What stands above and below the table in the app's frame, px; a guess for the first frame, before the page is laid out. */
const bars = 187;

/** When rows beyond the view are made at the latest, where the page is never idle, ms. */
const spareMs = 500;

/** How long after the last scroll event the pointer counts again, ms. */
const restMs = 120;

/** What ends a press on a row. */
const releases = ['pointerup', 'pointercancel'] as const;

/**
 * Which rows are in the page. Rows are all of one height, so that needs no measuring; and the window moves by several rows at
 * once, so that between two moves a scroll neither renders nor lays out anything.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  initialScrollTop: number,
): RowWindow {
  const [view, setView] = useState(() => seenWindow(initialScrollTop, window.innerHeight - bars - headHeight, count));
  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const next = rowWindow(element.scrollTop, element.clientHeight, count);
    setView((before) => (isSame(before, next) ? before : next));
  }, [scroller, count]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isPressed = false;
    const onPress = ({ target }: PointerEvent): void => {
      isPressed = target instanceof Element && target.closest('[data-row]') !== null;
    };
    const onRelease = (): void => {
      isPressed = false;
    };
    const onScroll = (): void => {
      look();
      // Its release would be nobody's, and the click lost.
      if (isPressed) return;
      // While rows run past beneath it, the pointer means none of them.
      if (!timer) element.classList.add('rk-tw--scrolling');
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        element.classList.remove('rk-tw--scrolling');
      }, restMs);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('pointerdown', onPress);
    for (const end of releases) window.addEventListener(end, onRelease);
    let spare: number | undefined;
    const observer = new ResizeObserver(() => {
      if (spare !== undefined) {
        look();
        return;
      }
      // The page is laid out for the first time: rows to spare wait until it has been shown.
      const seen = seenWindow(element.scrollTop, element.clientHeight, count);
      setView((before) => (covers(before, seen) ? before : seen));
      spare = requestIdleCallback(look, { timeout: spareMs });
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      element.classList.remove('rk-tw--scrolling');
      if (spare !== undefined) cancelIdleCallback(spare);
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('pointerdown', onPress);
      for (const end of releases) window.removeEventListener(end, onRelease);
      observer.disconnect();
    };
  }, [scroller, look, count]);

  // The observer looks first once the page is laid out; what changes afterwards is the number of rows.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) look();
    isFirst.current = false;
  }, [look]);
  return view;
}

const isSame = (a: RowWindow, b: RowWindow): boolean => a.first === b.first && a.last === b.last && a.end === b.end;

const covers = (view: RowWindow, wanted: RowWindow): boolean => view.first <= wanted.first && view.end >= wanted.end;

/** Scrolls just so far that a row is whole between the head and the lower edge. */
export function revealRow(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return;
  const top = index * rowHeight;
  const room = scroller.clientHeight - headHeight - rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTo({ top });
  else if (top > scroller.scrollTop + room) scroller.scrollTo({ top: top - room });
}
