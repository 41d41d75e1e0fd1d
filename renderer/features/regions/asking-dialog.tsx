import { useState } from 'react';
import type { ReactElement } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { DialogProps } from '../../ui/dialog.tsx';

/** A dialog in which secrets are typed: it asks, inside itself, before it closes over one. */
export function AskingDialog(
  props: Omit<DialogProps, 'footer'> & { readonly footer: (close: () => void) => ReactElement },
): ReactElement {
  const { footer, note, onClose, ...rest } = props;
  const [isAsking, setAsking] = useState(false);
  const close = (): void => {
    // Secrets are nowhere but in their fields, so the fields are asked.
    if (!isAsking && document.querySelector('dialog[open] [data-typed]')) setAsking(true);
    else onClose();
  };
  return (
    <Dialog
      {...rest}
      onClose={close}
      note={
        isAsking ? (
          <span role="alert">
            <b>A secret you typed is not kept when this closes.</b> Everything else is.
          </span>
        ) : (
          note
        )
      }
      footer={
        isAsking ? (
          <>
            <Button
              ref={(button) => button?.focus()}
              onClick={() => {
                setAsking(false);
              }}
            >
              Keep typing
            </Button>
            <Button onClick={onClose}>Close without it</Button>
          </>
        ) : (
          footer(close)
        )
      }
    />
  );
}
