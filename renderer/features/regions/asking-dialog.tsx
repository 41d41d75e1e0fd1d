import { useState } from 'react';
import type { ReactElement } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { DialogProps } from '../../ui/dialog.tsx';

/** Goes on to what takes the place of the dialog, once nothing typed is lost by it. */
export type Leave = (next: () => void) => void;

/** A dialog in which secrets are typed: it asks, inside itself, before it is left over one. */
export function AskingDialog(
  props: Omit<DialogProps, 'footer'> & { readonly footer: (leave: Leave) => ReactElement },
): ReactElement {
  const { footer, note, onClose, ...rest } = props;
  const [asksFor, setAsksFor] = useState<(() => void) | null>(null);
  const leave: Leave = (next) => {
    // Secrets are nowhere but in their fields, so the fields are asked.
    if (asksFor === null && document.querySelector('dialog[open] [data-typed]')) setAsksFor(() => next);
    else next();
  };
  return (
    <Dialog
      {...rest}
      onClose={() => {
        leave(onClose);
      }}
      note={
        asksFor ? (
          <span role="alert">
            <b>A secret you typed is not kept when this closes.</b> Everything else is.
          </span>
        ) : (
          note
        )
      }
      footer={
        asksFor ? (
          <>
            <Button
              ref={(button) => button?.focus()}
              onClick={() => {
                setAsksFor(null);
              }}
            >
              Keep typing
            </Button>
            <Button onClick={asksFor}>Close without it</Button>
          </>
        ) : (
          footer(leave)
        )
      }
    />
  );
}
