import { useEffect, useRef } from 'react';
import type { FocusEvent, PointerEvent } from 'react';

/** Tells whether the pointer is over the element or the focus inside it: while it is, no row may move. */
export function useHold(onHold: (isHeld: boolean) => void) {
  const state = useRef({ pointer: false, focus: false });
  const update = (change: Partial<{ pointer: boolean; focus: boolean }>): void => {
    const before = state.current.pointer || state.current.focus;
    state.current = { ...state.current, ...change };
    const now = state.current.pointer || state.current.focus;
    if (now !== before) onHold(now);
  };
  useEffect(
    () => () => {
      if (state.current.pointer || state.current.focus) onHold(false);
      state.current = { pointer: false, focus: false };
    },
    [onHold],
  );
  return {
    handlers: {
      onPointerEnter: () => {
        update({ pointer: true });
      },
      onPointerLeave: (event: PointerEvent<HTMLElement>) => {
        // A menu or tooltip over the table is no leaving of it.
        if (event.pointerType === 'touch') return;
        update({ pointer: false });
      },
      onFocus: () => {
        update({ focus: true });
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) update({ focus: false });
      },
    },
  };
}
