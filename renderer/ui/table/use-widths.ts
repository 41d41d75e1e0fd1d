import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import { columnWidths } from './column-widths.ts';
import type { Widths } from './column-widths.ts';

/** The widths of the columns in the room there is; follows the element's size. */
export function useWidths(
  element: RefObject<HTMLElement | null>,
  columns: readonly { readonly width: number; readonly grow?: number }[],
): Widths {
  const [available, setAvailable] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    setAvailable(current.clientWidth);
    const observer = new ResizeObserver(() => {
      setAvailable(current.clientWidth);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return useMemo(() => columnWidths(columns, available), [columns, available]);
}
