import type { ReactElement, ReactNode } from 'react';
import type { Operation } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { Button } from '../../ui/button.tsx';
import { beingStarted, type Confirmation } from './confirmation.ts';

/** What is said beside the buttons while it begins, or while something is missing; `undefined`: nothing holds it up. */
export const heldBy = ({ isSending }: Confirmation, missing: string): string | undefined =>
  isSending ? beingStarted : missing === '' ? undefined : missing;

/** The buttons of a dialog that acts after checks. */
export function CheckedFoot(props: {
  readonly verb: string;
  readonly variant: 'primary' | 'danger';
  readonly confirmation: Confirmation;
  /** Why it cannot be confirmed now; empty when it can. */
  readonly missing: string;
  readonly start: () => Promise<Operation>;
  /** Reads the checks again. */
  readonly again: () => void;
  /** What happens when it is refused; default: what it is refused for is among the checks, which are read again. */
  readonly onRefused?: (problem: Problem) => void;
  readonly onClose: () => void;
  /** Buttons behind it. */
  readonly children?: ReactNode;
}): ReactElement {
  const { verb, variant, confirmation, missing, start, again, onClose, children } = props;
  const readAgain = ({ code }: Problem): void => {
    if (code === 'plan-changed' || code === 'preflight-failed') again();
  };
  const { onRefused = readAgain } = props;
  return (
    <>
      <Button icon="retry" onClick={again}>
        Check again
      </Button>
      <Button data-cancel="" onClick={onClose}>
        Cancel
      </Button>
      <Button
        variant={variant}
        unavailableBecause={heldBy(confirmation, missing)}
        onClick={() => {
          confirmation.send(start, onRefused);
        }}
      >
        {verb}
      </Button>
      {children}
    </>
  );
}
