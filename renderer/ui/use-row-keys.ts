import { useState } from 'react';
import type { KeyboardEvent } from 'react';

/** How many rows PageUp and PageDown go. */
const page = 10;

/**
 * Arrows, Home, End, PgUp and PgDn among the rows of a small table (or the one link of each): one tab stop, the rest by keys.
 * What takes part carries `data-stop` and `tabIndex(index)`, and tells `onFocus(index)`.
 */
export function useRowKeys(count: number) {
  const [wanted, setWanted] = useState(0);
  const active = Math.min(wanted, Math.max(0, count - 1));
  return {
    tabIndex: (index: number): number => (index === active ? 0 : -1),
    onFocus: setWanted,
    onKeyDown: (event: KeyboardEvent<HTMLElement>): void => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-stop]')];
      const at = stops.findIndex((stop) => stop === document.activeElement);
      if (at === -1) return;
      const moves: Readonly<Record<string, number>> = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        PageDown: at + page,
        PageUp: at - page,
        Home: 0,
        End: stops.length - 1,
      };
      const move = moves[event.key];
      if (move === undefined) return;
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, move))]?.focus();
    },
  };
}
