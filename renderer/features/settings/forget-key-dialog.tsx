import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Problem } from '#shared/problems.ts';
import { problemFrom } from '../../state/session.ts';
import { forgetKeys } from '../../state/trust.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';

/** Forgets the keys of one host: the next connection shows its key and asks again. */
export function ForgetKeyDialog({
  host,
  onClose,
}: {
  readonly host: string;
  readonly onClose: () => void;
}): ReactElement {
  const [problem, setProblem] = useState<Problem | null>(null);
  const forget = async (): Promise<void> => {
    try {
      await forgetKeys(host);
      onClose();
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog
      title="Forget host keys"
      width="small"
      about={<code>{host}</code>}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" onClick={() => void forget()}>
            Forget
          </Button>
        </>
      }
    >
      {problem ? <ProblemView problem={problem} /> : null}
      <p>
        The next connection to {host} shows its key and asks whether it is the right one. Until then a key that was
        exchanged there is not noticed.
      </p>
    </Dialog>
  );
}
