import { useCallback, useRef, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import type { MenuEntry } from './menu.tsx';

export interface MenuButtonProps {
  /** Names the menu; the button too where it holds no words of its own. */
  readonly label: string;
  readonly hasWords?: boolean;
  readonly entries: () => readonly MenuEntry[];
  readonly className: string;
  readonly align?: 'start' | 'end';
  readonly hasCaret?: boolean;
  readonly tip?: string;
  /** Told when the menu opens and closes, so that nothing moves beneath it. */
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** A button that opens a menu beneath itself; `entries` is asked while it is open. */
export function MenuButton(props: MenuButtonProps): ReactElement {
  const { label, entries, className, align, hasWords = true, hasCaret = true, tip, onOpenChange, children } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = useCallback(() => {
    setAnchor(null);
    onOpenChange?.(false);
  }, [onOpenChange]);
  const open = (): void => {
    setAnchor(button.current);
    onOpenChange?.(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-label={hasWords ? undefined : label}
        data-tip={anchor ? undefined : tip}
        onClick={anchor ? close : open}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || anchor) return;
          event.preventDefault();
          open();
        }}
      >
        {children}
        {hasCaret ? <Icon name="down" size={12} /> : null}
      </button>
      {anchor ? (
        <Menu label={label} entries={entries()} anchor={anchor} align={align ?? 'start'} onClose={close} />
      ) : null}
    </>
  );
}
