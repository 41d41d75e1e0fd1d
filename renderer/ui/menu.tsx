import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactElement, ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from './icon.tsx';
import { coverTips } from './tip.ts';
import type { IconName } from './icon.tsx';

export type MenuEntry =
  | {
      readonly kind: 'item';
      readonly id: string;
      readonly label: ReactNode;
      /** The text typed letters find it by, where the label is no text. */
      readonly text?: string;
      readonly detail?: string;
      readonly hint?: string;
      readonly icon?: IconName;
      /** `undefined`: an action; else a choice, of one (`radio`) or of several (`check`). */
      readonly choice?: { readonly kind: 'radio' | 'check'; readonly isChosen: boolean };
      /** Why it cannot be chosen now; shown beneath it. */
      readonly unavailableBecause?: string | undefined;
      /** A title above says so for the whole group: then it is told to screen readers only. */
      readonly isToldAbove?: boolean;
      readonly onChoose: () => void;
    }
  | { readonly kind: 'rule'; readonly id: string }
  | { readonly kind: 'title'; readonly id: string; readonly label: string };

export interface MenuProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly anchor: HTMLElement;
  readonly align?: 'start' | 'end';
  /** The point it is opened at, instead of beneath its anchor. */
  readonly at?: { readonly x: number; readonly y: number } | undefined;
  /** What has the focus afterwards; the anchor, where nothing else is said. */
  readonly returnFocus?: HTMLElement | undefined;
  readonly onClose: () => void;
}

const roles = { radio: 'menuitemradio', check: 'menuitemcheckbox' } as const;

/** A floating menu. Arrows, Home, End and letters move; a choice of several keeps it open; Escape closes it and nothing else. */
export function Menu(props: MenuProps): ReactElement {
  const { label, entries, anchor, align = 'start', at, returnFocus, onClose } = props;
  const menu = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0, maxHeight: 480 });
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    setPlace(placeOf(element, at ? new DOMRect(at.x, at.y - 4, 0, 0) : anchor.getBoundingClientRect(), align));
    items(element)[0]?.focus();
  }, [anchor, align, at]);
  useEffect(() => (menu.current ? coverTips(menu.current) : undefined), []);
  useEffect(() => {
    const onPointer = (event: PointerEvent): void => {
      if (!(event.target instanceof Node)) return;
      // A button closes its menu by itself; a cell it was opened in does not.
      const isToggle = anchor instanceof HTMLButtonElement && !at && anchor.contains(event.target);
      if (!menu.current?.contains(event.target) && !isToggle) onClose();
    };
    document.addEventListener('pointerdown', onPointer, true);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      window.removeEventListener('resize', onClose);
    };
  }, [anchor, at, onClose]);

  const close = (): void => {
    onClose();
    (returnFocus ?? anchor).focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
      return;
    }
    if (moveFocus(items(menu.current), event.key)) event.preventDefault();
  };

  return createPortal(
    // Its items take the focus, one at a time.
    <div ref={menu} className="pf-v6-c-menu rk-menu" role="menu" aria-label={label} style={place} onKeyDown={onKeyDown}>
      {entries.map((entry) => {
        if (entry.kind === 'rule') return <hr key={entry.id} />;
        if (entry.kind === 'title') {
          return (
            <div key={entry.id} className="rk-menu__title" role="presentation">
              {entry.label}
            </div>
          );
        }
        const { choice, unavailableBecause, isToldAbove = false } = entry;
        const more = unavailableBecause ?? entry.detail;
        return (
          <button
            key={entry.id}
            type="button"
            className="rk-menu__item"
            role={choice ? roles[choice.kind] : 'menuitem'}
            aria-checked={choice?.isChosen}
            aria-disabled={unavailableBecause !== undefined || undefined}
            tabIndex={-1}
            onPointerMove={(event) => {
              event.currentTarget.focus();
            }}
            onClick={() => {
              if (unavailableBecause !== undefined) return;
              entry.onChoose();
              if (choice?.kind !== 'check') close();
            }}
          >
            <span className="rk-menu__mark">
              {choice?.isChosen === true ? <Icon name="check" /> : entry.icon ? <Icon name={entry.icon} /> : null}
            </span>
            <span className="rk-menu__label">{entry.label}</span>
            {entry.hint === undefined ? null : <span className="rk-menu__hint">{entry.hint}</span>}
            {more === undefined ? null : <small className={isToldAbove ? 'rk-sr' : undefined}>{more}</small>}
          </button>
        );
      })}
    </div>,
    // In the landmark of its button; fixed, so that nothing around it cuts it.
    anchor.closest('header, main, footer') ?? document.body,
  );
}

const edge = 4;

/** Beneath what it belongs to; above it, where that has more room. */
function placeOf(menu: HTMLElement, box: DOMRect, align: 'start' | 'end') {
  const { width } = menu.getBoundingClientRect();
  const height = menu.scrollHeight + 2;
  const wanted = align === 'end' ? box.right - width : box.left;
  const left = Math.max(edge, Math.min(wanted, window.innerWidth - width - edge));
  const below = window.innerHeight - box.bottom - 3 * edge;
  const above = box.top - 3 * edge;
  if (height <= below || below >= above) return { left, top: box.bottom + edge, maxHeight: below };
  return { left, top: Math.max(2 * edge, box.top - edge - height), maxHeight: above };
}

function items(menu: HTMLElement | null): readonly HTMLElement[] {
  return menu ? [...menu.querySelectorAll<HTMLElement>('.rk-menu__item')] : [];
}

/** Moves the focus among the items; true where the key meant one. */
export function moveFocus(all: readonly HTMLElement[], key: string): boolean {
  const at = all.findIndex((item) => item === document.activeElement);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % all.length,
    ArrowUp: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  const move = moves[key];
  if (move !== undefined) {
    all[move]?.focus();
    return true;
  }
  if (key.length !== 1 || key === ' ') return false;
  const from = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  const found = from.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
  found?.focus();
  return found !== undefined;
}
