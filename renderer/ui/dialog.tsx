import { useId, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.tsx';
import { useModal } from './use-modal.ts';

export interface DialogProps {
  readonly title: string;
  /** Beneath the title: what it is about (name, id, status, region). */
  readonly about?: ReactNode;
  /** The sentence left of the buttons: what is missing, or what happens next. */
  readonly note?: ReactNode;
  /** Cancel first, the verb last. The element with `data-cancel` gets the focus where no field has `data-first`. */
  readonly footer: ReactNode;
  /** `wide` has no padding of its own: its body is made of columns. */
  readonly width?: 'small' | 'medium' | 'large' | 'wide';
  /** A red edge: what it does cannot be undone. */
  readonly isDangerous?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const firstFocus = ['[data-first]', '[data-cancel]'];

/**
 * A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, makes the page behind it inert and gives the focus
 * back. Escape asks to close; what was typed is kept by whoever opened it. The footer stays while the body scrolls.
 */
export function Dialog(props: DialogProps): ReactElement {
  const { title, about, note, footer, width = 'medium', isDangerous = false, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useModal(dialog, firstFocus);
  return (
    <dialog
      ref={dialog}
      className={`pf-v6-c-modal-box rk-dlg rk-dlg--${width}${isDangerous ? ' rk-dlg--danger' : ''}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // The state closes it, so that it and the state never disagree.
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <header className="rk-dlg__head">
        <h2 id={titleId}>{title}</h2>
        {about === undefined ? null : <div className="rk-dlg__about">{about}</div>}
        <Button
          className="rk-dlg__close"
          variant="plain"
          icon="close"
          aria-label="Close"
          title="Close (Esc)"
          onClick={onClose}
        />
      </header>
      {/* A body that scrolls must be reachable by keyboard. */}
      <div className="rk-dlg__body" tabIndex={0} role="region" aria-label={title}>
        {children}
      </div>
      <footer className="rk-dlg__foot">
        <span className="rk-dlg__note">{note}</span>
        {footer}
      </footer>
    </dialog>
  );
}
