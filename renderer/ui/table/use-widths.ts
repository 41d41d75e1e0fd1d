import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import { columnWidths } from './column-widths.ts';
import type { Widths } from './column-widths.ts';

/** What stands left of the main panel, px: the token `--rk-rail` and the panel's edge. */
const railAndEdge = 69;

/** The widths of the columns in the room there is; follows the element's size. */
export function useWidths(
  element: RefObject<HTMLElement | null>,
  columns: readonly { readonly width: number; readonly grow?: number }[],
  besides: number,
): Widths {
  // A guess that is right at once in the app's frame; asking the element would lay the page out twice before its first frame.
  const [available, setAvailable] = useState(() => window.innerWidth - railAndEdge);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => {
      setAvailable(current.clientWidth);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return useMemo(() => columnWidths(columns, available, besides), [columns, available, besides]);
}
