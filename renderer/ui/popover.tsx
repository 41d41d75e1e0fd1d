import { useEffect, useRef, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';

export interface PopoverProps {
  readonly className: string;
  /** Names what opens. */
  readonly label: string;
  /** What the button shows. */
  readonly button: ReactNode;
  readonly tip?: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that shows more beneath itself, without taking the page away. Escape and a click elsewhere close it. */
export function Popover({ className, label, button, tip, children }: PopoverProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [isOpen]);
  return (
    <div
      ref={root}
      className="rk-pop__root"
      onBlur={(event) => {
        // The focus has gone on: what was opened for it closes.
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={opener}
        type="button"
        className={className}
        aria-expanded={isOpen}
        data-tip={isOpen ? undefined : tip}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {button}
      </button>
      {isOpen ? (
        // What may scroll must be reachable by keyboard.
        <div className="rk-pop" role="region" aria-label={label} tabIndex={0}>
          {children(() => {
            setOpen(false);
            opener.current?.focus();
          })}
        </div>
      ) : null}
    </div>
  );
}
